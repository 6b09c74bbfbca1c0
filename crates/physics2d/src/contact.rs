//! Two fixtures whose boxes overlap (`Dynamics/Contacts/b2Contact.cpp`).
use crate::body::{BodyId, Fixture};
use crate::manifold::Manifold;
use crate::math::max;

/// Shapes of two bodies began or ceased to touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactEvent {
    /// Began; else ceased.
    pub began: bool,
    /// The body whose fixture is an edge.
    pub a: BodyId,
    /// The other.
    pub b: BodyId,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Contact {
    /// Of an edge.
    pub(crate) fixture_a: usize,
    /// Of a polygon.
    pub(crate) fixture_b: usize,
    pub(crate) body_a: usize,
    pub(crate) body_b: usize,
    pub(crate) friction: f32,
    pub(crate) restitution: f32,
    pub(crate) manifold: Manifold,
    pub(crate) touching: bool,
    /// Lowered for the rest of a step when the bodies do not touch at the time of impact after all.
    pub(crate) enabled: bool,
    pub(crate) in_island: bool,
    /// The part of the step until the impact, if it was worked out and still holds.
    pub(crate) toi: Option<f32>,
    pub(crate) toi_count: u32,
}

impl Contact {
    pub(crate) fn new(fixtures: &[Fixture], fixture_a: usize, fixture_b: usize) -> Self {
        let (a, b) = (&fixtures[fixture_a], &fixtures[fixture_b]);
        Self {
            fixture_a,
            fixture_b,
            body_a: a.body,
            body_b: b.body,
            friction: (a.friction * b.friction).sqrt(),
            restitution: max(a.restitution, b.restitution),
            manifold: Manifold::default(),
            touching: false,
            enabled: true,
            in_island: false,
            toi: None,
            toi_count: 0,
        }
    }

    /// The body at the other end, if `body` is at one.
    pub(crate) fn other(&self, body: usize) -> Option<usize> {
        if self.body_a == body {
            Some(self.body_b)
        } else if self.body_b == body {
            Some(self.body_a)
        } else {
            None
        }
    }

    pub(crate) fn is_of(&self, fixtures: [usize; 2]) -> bool {
        [self.fixture_a, self.fixture_b] == fixtures || [self.fixture_b, self.fixture_a] == fixtures
    }
}
