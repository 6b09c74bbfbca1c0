//! Where two shapes touch (`Collision/b2Collision.cpp`).
use crate::math::{Transform, Vec2};
use crate::settings::{MAX_MANIFOLD_POINTS, POLYGON_RADIUS};

/// What a contact point comes from. A point that comes from the same in the next step has the same impulses to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContactId {
    pub(crate) a: Feature,
    pub(crate) b: Feature,
}

/// A vertex or a face of a shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Feature {
    pub(crate) face: bool,
    pub(crate) index: u8,
}

impl Feature {
    pub(crate) fn vertex(index: usize) -> Self {
        Self { face: false, index: index as u8 }
    }

    pub(crate) fn face(index: usize) -> Self {
        Self { face: true, index: index as u8 }
    }
}

/// The shape whose face is touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Face {
    #[default]
    A,
    B,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ManifoldPoint {
    /// In the places of the body that has not the face.
    pub(crate) local_point: Vec2,
    pub(crate) normal_impulse: f32,
    pub(crate) tangent_impulse: f32,
    pub(crate) id: ContactId,
}

/// Up to two points on a face, in the places of its body.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Manifold {
    pub(crate) face: Face,
    pub(crate) local_normal: Vec2,
    pub(crate) local_point: Vec2,
    points: [ManifoldPoint; MAX_MANIFOLD_POINTS],
    count: usize,
}

impl Manifold {
    pub(crate) fn new(face: Face, local_normal: Vec2, local_point: Vec2) -> Self {
        Self { face, local_normal, local_point, ..Self::default() }
    }

    /// Adds a point; a third is one too many and is left out.
    pub(crate) fn push(&mut self, point: ManifoldPoint) {
        if let Some(slot) = self.points.get_mut(self.count) {
            *slot = point;
            self.count += 1;
        }
    }

    pub(crate) fn points(&self) -> &[ManifoldPoint] {
        self.points.get(..self.count).unwrap_or_default()
    }

    pub(crate) fn points_mut(&mut self) -> &mut [ManifoldPoint] {
        self.points.get_mut(..self.count).unwrap_or_default()
    }

    /// Gives points that were there before the impulses they had.
    pub(crate) fn inherit(&mut self, before: &Self) {
        for point in self.points_mut() {
            if let Some(same) = before.points().iter().find(|old| old.id == point.id) {
                point.normal_impulse = same.normal_impulse;
                point.tangent_impulse = same.tangent_impulse;
            }
        }
    }

    /// The direction from A to B, and where in the world the points are: halfway between the two skins.
    pub(crate) fn in_world(&self, a: Transform, b: Transform) -> (Vec2, [Vec2; MAX_MANIFOLD_POINTS]) {
        let (own, other) = match self.face {
            Face::A => (a, b),
            Face::B => (b, a),
        };
        let normal = own.rotation.apply(self.local_normal);
        let plane = own.apply(self.local_point);
        let mut places = [Vec2::default(); MAX_MANIFOLD_POINTS];
        for (place, point) in places.iter_mut().zip(self.points()) {
            let clip = other.apply(point.local_point);
            let on_face = clip + (POLYGON_RADIUS - (clip - plane).dot(normal)) * normal;
            let on_point = clip - POLYGON_RADIUS * normal;
            // In this order whichever is A: a sum does not depend on it.
            *place = 0.5 * (on_face + on_point);
        }
        (self.outwards(normal), places)
    }

    /// The direction from A to B, where a point is and how far the skins are apart there.
    pub(crate) fn separation(&self, a: Transform, b: Transform, index: usize) -> (Vec2, Vec2, f32) {
        let (own, other) = match self.face {
            Face::A => (a, b),
            Face::B => (b, a),
        };
        let normal = own.rotation.apply(self.local_normal);
        let plane = own.apply(self.local_point);
        let clip = other.apply(self.points[index % MAX_MANIFOLD_POINTS].local_point);
        let separation = (clip - plane).dot(normal) - POLYGON_RADIUS - POLYGON_RADIUS;
        (self.outwards(normal), clip, separation)
    }

    fn outwards(&self, normal: Vec2) -> Vec2 {
        if self.face == Face::A { normal } else { -normal }
    }
}
