//! What solvers work on: where bodies of an island are and how they move.
use crate::math::{Transform, Vec2};

/// The step that is being made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeStep {
    pub(crate) dt: f32,
    /// By how much longer than the last step this one is: impulses kept from it are scaled.
    pub(crate) ratio: f32,
    pub(crate) velocity_iterations: u32,
    pub(crate) position_iterations: u32,
    /// Whether to begin with the last step's impulses.
    pub(crate) warm_starting: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Motion {
    pub(crate) centre: Vec2,
    pub(crate) angle: f32,
    pub(crate) velocity: Vec2,
    pub(crate) angular_velocity: f32,
}

impl Motion {
    pub(crate) fn transform(&self, local_centre: Vec2) -> Transform {
        Transform::about(self.centre, self.angle, local_centre)
    }
}

/// What two bodies put against a push, each by its inverse: mass and rotational inertia.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Masses {
    pub(crate) a: f32,
    pub(crate) b: f32,
    pub(crate) turn_a: f32,
    pub(crate) turn_b: f32,
}

/// A body's index in its island, its mass centre in its own places, and its inverse mass and inertia.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Member {
    pub(crate) index: usize,
    pub(crate) local_centre: Vec2,
    pub(crate) inverse_mass: f32,
    pub(crate) inverse_inertia: f32,
}

/// Two bodies that act on each other.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Couple {
    pub(crate) a: Member,
    pub(crate) b: Member,
}

impl Couple {
    pub(crate) fn masses(&self) -> Masses {
        Masses {
            a: self.a.inverse_mass,
            b: self.b.inverse_mass,
            turn_a: self.a.inverse_inertia,
            turn_b: self.b.inverse_inertia,
        }
    }

    /// Copies out of an island.
    pub(crate) fn get(&self, motions: &[Motion]) -> (Motion, Motion) {
        (motions[self.a.index], motions[self.b.index])
    }

    /// Copies back.
    pub(crate) fn put(&self, motions: &mut [Motion], a: Motion, b: Motion) {
        motions[self.a.index] = a;
        motions[self.b.index] = b;
    }
}

impl Masses {
    /// An impulse changes the velocities: against it of A, with it of B, and turning each by a moment.
    pub(crate) fn push(&self, a: &mut Motion, b: &mut Motion, impulse: Vec2, moment_a: f32, moment_b: f32) {
        a.velocity -= self.a * impulse;
        a.angular_velocity -= self.turn_a * moment_a;
        b.velocity += self.b * impulse;
        b.angular_velocity += self.turn_b * moment_b;
    }

    /// The same for the places.
    pub(crate) fn shift(&self, a: &mut Motion, b: &mut Motion, impulse: Vec2, arm_a: Vec2, arm_b: Vec2) {
        a.centre -= self.a * impulse;
        a.angle -= self.turn_a * arm_a.cross(impulse);
        b.centre += self.b * impulse;
        b.angle += self.turn_b * arm_b.cross(impulse);
    }
}

/// How fast a point of B goes away from one of A.
pub(crate) fn relative_velocity(a: &Motion, b: &Motion, arm_a: Vec2, arm_b: Vec2) -> Vec2 {
    b.velocity + arm_b.turning(b.angular_velocity) - a.velocity - arm_a.turning(a.angular_velocity)
}
