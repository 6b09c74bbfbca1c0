//! An edge against a polygon (`Collision/b2CollideEdge.cpp`, for an edge without neighbours).
use crate::manifold::{ContactId, Face, Feature, Manifold, ManifoldPoint};
use crate::math::{Transform, Vec2, min};
use crate::settings::{MAX_POLYGON_VERTICES, POLYGON_RADIUS};
use crate::shape::Shape;

/// Closer than this, skins touch.
const RADIUS: f32 = 2.0 * POLYGON_RADIUS;

#[derive(Clone, Copy)]
struct ClipVertex {
    place: Vec2,
    id: ContactId,
}

/// The face that the other shape's side is clipped to.
struct Reference {
    from: (usize, Vec2),
    to: (usize, Vec2),
    normal: Vec2,
}

/// The polygon in the edge's places.
struct Seen {
    vertices: [Vec2; MAX_POLYGON_VERTICES],
    normals: [Vec2; MAX_POLYGON_VERTICES],
    count: usize,
}

impl Seen {
    fn new(polygon: &Shape, from: Transform) -> Self {
        let mut seen = Self {
            vertices: [Vec2::default(); MAX_POLYGON_VERTICES],
            normals: [Vec2::default(); MAX_POLYGON_VERTICES],
            count: polygon.vertices().len(),
        };
        for (place, vertex) in seen.vertices.iter_mut().zip(polygon.vertices()) {
            *place = from.apply(*vertex);
        }
        for (turned, normal) in seen.normals.iter_mut().zip(polygon.normals()) {
            *turned = from.rotation.apply(*normal);
        }
        seen
    }

    fn vertices(&self) -> impl Iterator<Item = Vec2> {
        self.vertices.iter().copied().take(self.count)
    }

    fn next(&self, index: usize) -> usize {
        if index + 1 < self.count { index + 1 } else { 0 }
    }

    /// How far the polygon is from the edge's line, on the side that `normal` points to.
    fn distance_from_edge(&self, normal: Vec2, v1: Vec2) -> f32 {
        self.vertices()
            .map(|vertex| normal.dot(vertex - v1))
            .fold(f32::MAX, |least, s| if s < least { s } else { least })
    }

    /// The polygon's side that the edge is farthest from, and how far; the first that keeps them apart will do.
    fn best_side(&self, v1: Vec2, v2: Vec2) -> Option<(usize, f32)> {
        let (mut best, mut farthest) = (None, -f32::MAX);
        for (index, (vertex, normal)) in self.vertices().zip(self.normals).enumerate() {
            let inwards = -normal;
            let s = min(inwards.dot(vertex - v1), inwards.dot(vertex - v2));
            if s > RADIUS {
                return Some((index, s));
            }
            if s > farthest {
                (best, farthest) = (Some((index, s)), s);
            }
        }
        best
    }

    /// The side that faces against `normal` most.
    fn opposite_side(&self, normal: Vec2) -> usize {
        let (mut best, mut least) = (0, normal.dot(self.normals[0]));
        for (index, side) in self.normals.iter().enumerate().take(self.count).skip(1) {
            let value = normal.dot(*side);
            if value < least {
                (best, least) = (index, value);
            }
        }
        best
    }
}

/// Where an edge and a polygon touch: no points if they do not.
pub(crate) fn edge_and_polygon(edge: &Shape, a: Transform, polygon: &Shape, b: Transform) -> Manifold {
    touching(edge, a, polygon, b).unwrap_or_default()
}

fn touching(edge: &Shape, a: Transform, polygon: &Shape, b: Transform) -> Option<Manifold> {
    let from = a.undo_transform(b);
    let (v1, v2) = (edge.vertex(0), edge.vertex(1));
    let (direction, _) = (v2 - v1).normalized();
    let right = direction.right();
    let front = right.dot(from.apply(polygon.centroid) - v1) >= 0.0;
    let normal = if front { right } else { -right };

    let seen = Seen::new(polygon, from);
    let edge_separation = seen.distance_from_edge(normal, v1);
    if edge_separation > RADIUS {
        return None;
    }
    let side = seen.best_side(v1, v2);
    if side.is_some_and(|(_, separation)| separation > RADIUS) {
        return None;
    }
    // A little in favour of the edge, so that the choice does not change from step to step.
    let side = side.filter(|(_, separation)| *separation > 0.98 * edge_separation + 0.001);
    match side {
        None => on_edge(&seen, from, v1, v2, front, normal),
        Some((index, _)) => on_polygon(&seen, polygon, v1, v2, index),
    }
}

fn on_edge(seen: &Seen, from: Transform, v1: Vec2, v2: Vec2, front: bool, normal: Vec2) -> Option<Manifold> {
    let first = seen.opposite_side(normal);
    let incident = [first, seen.next(first)].map(|index| ClipVertex {
        place: seen.vertices[index],
        id: ContactId { a: Feature::face(0), b: Feature::vertex(index) },
    });
    let ends = if front { [(0, v1), (1, v2)] } else { [(1, v2), (0, v1)] };
    let reference = Reference { from: ends[0], to: ends[1], normal };
    let mut manifold = Manifold::new(Face::A, normal, ends[0].1);
    for clipped in reference.clip(incident)? {
        if reference.holds(clipped.place) {
            let local_point = from.undo(clipped.place);
            manifold.push(ManifoldPoint { local_point, id: clipped.id, ..ManifoldPoint::default() });
        }
    }
    Some(manifold)
}

fn on_polygon(seen: &Seen, polygon: &Shape, v1: Vec2, v2: Vec2, side: usize) -> Option<Manifold> {
    let id = ContactId { a: Feature::vertex(0), b: Feature::face(side) };
    let incident = [v1, v2].map(|place| ClipVertex { place, id });
    let next = seen.next(side);
    let reference =
        Reference { from: (side, seen.vertices[side]), to: (next, seen.vertices[next]), normal: seen.normals[side] };
    let local_normal = polygon.normals().get(side).copied().unwrap_or_default();
    let mut manifold = Manifold::new(Face::B, local_normal, polygon.vertex(side));
    for clipped in reference.clip(incident)? {
        if reference.holds(clipped.place) {
            let id = ContactId { a: clipped.id.b, b: clipped.id.a };
            manifold.push(ManifoldPoint { local_point: clipped.place, id, ..ManifoldPoint::default() });
        }
    }
    Some(manifold)
}

impl Reference {
    /// What of the other shape's side lies between the face's ends: two points, or it does not count.
    fn clip(&self, side: [ClipVertex; 2]) -> Option<[ClipVertex; 2]> {
        let along = self.normal.right();
        let side = clip_to_line(side, along, along.dot(self.from.1), self.from.0)?;
        let back = -along;
        clip_to_line(side, back, back.dot(self.to.1), self.to.0)
    }

    fn holds(&self, place: Vec2) -> bool {
        self.normal.dot(place - self.from.1) <= RADIUS
    }
}

/// Sutherland and Hodgman's clipping. A point that is cut comes from the reference face's end `vertex`.
fn clip_to_line(side: [ClipVertex; 2], normal: Vec2, offset: f32, vertex: usize) -> Option<[ClipVertex; 2]> {
    let [first, second] = side;
    let (distance0, distance1) = (normal.dot(first.place) - offset, normal.dot(second.place) - offset);
    let cut = || {
        let part = distance0 / (distance0 - distance1);
        let place = first.place + part * (second.place - first.place);
        let b = Feature { face: true, index: first.id.b.index };
        ClipVertex { place, id: ContactId { a: Feature::vertex(vertex), b } }
    };
    match (distance0 <= 0.0, distance1 <= 0.0) {
        (true, true) => Some(side),
        (true, false) if distance0 * distance1 < 0.0 => Some([first, cut()]),
        (false, true) if distance0 * distance1 < 0.0 => Some([second, cut()]),
        _ => None,
    }
}
