//! What bodies are made of: edges and convex polygons (`Collision/Shapes/b2EdgeShape.cpp`, `b2PolygonShape.cpp`).
use crate::aabb::Aabb;
use crate::math::{Transform, Vec2, vec2};
use crate::settings::{MAX_POLYGON_VERTICES, POLYGON_RADIUS};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Edge,
    Polygon,
}

/// An edge without neighbours, or a convex polygon of up to 16 corners, in its body's own places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    pub(crate) kind: Kind,
    vertices: [Vec2; MAX_POLYGON_VERTICES],
    normals: [Vec2; MAX_POLYGON_VERTICES],
    count: usize,
    /// The middle of a polygon's area.
    pub(crate) centroid: Vec2,
}

/// What a shape of some density weighs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MassData {
    pub(crate) mass: f32,
    pub(crate) centre: Vec2,
    /// The rotational inertia about the body's origin.
    pub(crate) inertia: f32,
}

impl Shape {
    /// A line between two points. It weighs nothing.
    pub fn edge(from: Vec2, to: Vec2) -> Self {
        let mut edge = Self::empty(Kind::Edge);
        edge.vertices[0] = from;
        edge.vertices[1] = to;
        edge.count = 2;
        edge
    }

    /// A rectangle about the origin, given by half its width and half its height.
    pub fn rectangle(half_width: f32, half_height: f32) -> Self {
        let mut shape = Self::empty(Kind::Polygon);
        let sides = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        let normals = [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)];
        for (index, ((x, y), (nx, ny))) in sides.into_iter().zip(normals).enumerate() {
            shape.vertices[index] = vec2(x * half_width, y * half_height);
            shape.normals[index] = vec2(nx, ny);
        }
        shape.count = 4;
        shape
    }

    /// The convex hull of up to 16 points; `None` for fewer than 3, more than 16, or points that enclose no area.
    pub fn hull(points: &[Vec2]) -> Option<Self> {
        if points.len() < 3 || points.len() > MAX_POLYGON_VERTICES {
            return None;
        }
        let mut shape = Self::empty(Kind::Polygon);
        let rightmost = rightmost(points);
        let mut corner = rightmost;
        loop {
            *shape.vertices.get_mut(shape.count)? = points[corner];
            shape.count += 1;
            corner = next_on_hull(points, corner);
            if corner == rightmost {
                break;
            }
        }
        for index in 0..shape.count {
            let (from, to) = shape.side(index);
            (shape.normals[index], _) = (to - from).right().normalized();
        }
        shape.centroid = centroid(shape.vertices())?;
        Some(shape)
    }

    fn empty(kind: Kind) -> Self {
        let none = [Vec2::default(); MAX_POLYGON_VERTICES];
        Self { kind, vertices: none, normals: none, count: 0, centroid: Vec2::default() }
    }

    /// The corners, counter-clockwise; an edge's two ends.
    pub fn vertices(&self) -> &[Vec2] {
        self.vertices.get(..self.count).unwrap_or_default()
    }

    /// Outwards from the side that begins at the vertex of the same index.
    pub(crate) fn normals(&self) -> &[Vec2] {
        self.normals.get(..self.count).unwrap_or_default()
    }

    fn side(&self, index: usize) -> (Vec2, Vec2) {
        let next = if index + 1 < self.count { index + 1 } else { 0 };
        (self.vertices[index], self.vertices[next])
    }

    pub(crate) fn aabb(&self, transform: Transform) -> Aabb {
        let first = transform.apply(self.vertices[0]);
        let mut aabb = Aabb { lower: first, upper: first };
        for vertex in self.vertices().iter().skip(1) {
            let place = transform.apply(*vertex);
            aabb = Aabb { lower: aabb.lower.min(place), upper: aabb.upper.max(place) };
        }
        aabb.grown(POLYGON_RADIUS)
    }

    /// A polygon's; an edge weighs nothing, whatever its density.
    pub(crate) fn mass_data(&self, density: f32) -> MassData {
        const THIRD: f32 = 1.0 / 3.0;
        let mut within = Vec2::default();
        self.vertices().iter().for_each(|vertex| within += *vertex);
        within = 1.0 / self.count as f32 * within;

        let (mut area, mut centre, mut inertia) = (0.0, Vec2::default(), 0.0);
        for index in 0..self.count {
            let (from, to) = self.side(index);
            let (e1, e2) = (from - within, to - within);
            let d = e1.cross(e2);
            let triangle = 0.5 * d;
            area += triangle;
            centre += (triangle * THIRD) * (e1 + e2);
            let x2 = e1.x * e1.x + e2.x * e1.x + e2.x * e2.x;
            let y2 = e1.y * e1.y + e2.y * e1.y + e2.y * e2.y;
            inertia += (0.25 * THIRD * d) * (x2 + y2);
        }
        centre = 1.0 / area * centre;
        let (mass, middle) = (density * area, centre + within);
        let shifted = mass * (middle.dot(middle) - centre.dot(centre));
        MassData { mass, centre: middle, inertia: density * inertia + shifted }
    }

    /// The vertex farthest in a direction.
    pub(crate) fn support(&self, direction: Vec2) -> usize {
        let mut best = (0, self.vertices[0].dot(direction));
        for (index, vertex) in self.vertices().iter().enumerate().skip(1) {
            let value = vertex.dot(direction);
            if value > best.1 {
                best = (index, value);
            }
        }
        best.0
    }

    pub(crate) fn vertex(&self, index: usize) -> Vec2 {
        self.vertices[index % MAX_POLYGON_VERTICES]
    }
}

fn rightmost(points: &[Vec2]) -> usize {
    let mut best = 0;
    for (index, point) in points.iter().enumerate().skip(1) {
        let right = points[best];
        if point.x > right.x || (point.x == right.x && point.y < right.y) {
            best = index;
        }
    }
    best
}

/// The point that has all others to its left as seen from `corner`; the farthest of those in a line.
fn next_on_hull(points: &[Vec2], corner: usize) -> usize {
    let mut next = 0;
    for index in 1..points.len() {
        if next == corner {
            next = index;
            continue;
        }
        let (r, v) = (points[next] - points[corner], points[index] - points[corner]);
        let c = r.cross(v);
        if c < 0.0 || (c == 0.0 && v.length_squared() > r.length_squared()) {
            next = index;
        }
    }
    next
}

/// `None` where there is no area.
fn centroid(vertices: &[Vec2]) -> Option<Vec2> {
    const THIRD: f32 = 1.0 / 3.0;
    let (mut centre, mut area) = (Vec2::default(), 0.0);
    for (index, from) in vertices.iter().enumerate() {
        let to = vertices.get(index + 1).unwrap_or(&vertices[0]);
        let triangle = 0.5 * from.cross(*to);
        area += triangle;
        centre += (triangle * THIRD) * (*from + *to);
    }
    (area > f32::EPSILON).then(|| 1.0 / area * centre)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_begins_at_the_lower_right_and_leaves_inner_points_out() {
        let points = [vec2(0.0, 0.0), vec2(2.0, 2.0), vec2(1.0, 1.5), vec2(2.0, 0.0), vec2(0.0, 2.0), vec2(1.0, 0.0)];
        let hull = Shape::hull(&points).unwrap();
        assert_eq!(hull.vertices(), [vec2(2.0, 0.0), vec2(2.0, 2.0), vec2(0.0, 2.0), vec2(0.0, 0.0)]);
        assert_eq!(hull.normals(), [vec2(1.0, 0.0), vec2(0.0, 1.0), vec2(-1.0, 0.0), vec2(0.0, -1.0)]);
        assert_eq!(hull.centroid, vec2(1.0, 1.0));
    }

    #[test]
    fn points_without_an_area_have_no_hull() {
        assert_eq!(Shape::hull(&[vec2(0.0, 0.0), vec2(1.0, 1.0)]), None);
        assert_eq!(Shape::hull(&[vec2(0.0, 0.0), vec2(1.0, 1.0), vec2(2.0, 2.0)]), None);
        assert_eq!(Shape::hull(&[vec2(f32::NAN, 0.0); 4]), None);
        assert_eq!(Shape::hull(&[vec2(0.0, 0.0); 17]), None);
    }

    #[test]
    fn a_rectangle_weighs_its_area_and_resists_turning_as_it_should() {
        let data = Shape::rectangle(1.0, 2.0).mass_data(3.0);
        assert_eq!((data.mass, data.centre), (24.0, vec2(0.0, 0.0)));
        // m · (w² + h²) / 12
        assert!((data.inertia - 24.0 * (4.0 + 16.0) / 12.0).abs() < 1e-4);
    }
}
