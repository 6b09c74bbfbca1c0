//! Hinges with limits and a motor (`Dynamics/Joints/b2RevoluteJoint.cpp`).
use crate::body::BodyId;
use crate::math::{Mat22, Mat33, Rot, Vec2, Vec3, clamp, vec2};
use crate::motion::{Couple, Motion, TimeStep, relative_velocity};
use crate::settings::{ANGULAR_SLOP, LINEAR_SLOP, MAX_ANGULAR_CORRECTION};

/// A hinge between two bodies, which do not collide with each other then.
#[derive(Clone, Copy, Debug)]
pub struct RevoluteJointDef {
    /// One body.
    pub a: BodyId,
    /// The other.
    pub b: BodyId,
    /// B's angle less A's at which the joint's is 0.
    pub reference_angle: f32,
    /// The hinge in A's own places.
    pub anchor_a: Vec2,
    /// The hinge in B's own places.
    pub anchor_b: Vec2,
    /// The least angle, in radians.
    pub lower_angle: f32,
    /// The greatest, by more than 0.07 above the least.
    pub upper_angle: f32,
    /// What the motor can do, in newton metres.
    pub max_motor_torque: f32,
    /// How fast the motor wants the angle to grow, in radians a second.
    pub motor_speed: f32,
}

/// Whether the angle is at a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    #[default]
    Inactive,
    Lower,
    Upper,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Joint {
    pub(crate) def: RevoluteJointDef,
    /// Of the hinge, and of the limit.
    pub(crate) impulse: Vec3,
    pub(crate) motor_impulse: f32,
    pub(crate) limit: Limit,
    pub(crate) in_island: bool,
    couple: Couple,
    arm_a: Vec2,
    arm_b: Vec2,
    mass: Mat33,
    motor_mass: f32,
}

impl Joint {
    pub(crate) fn new(def: &RevoluteJointDef) -> Self {
        Self {
            def: *def,
            impulse: Vec3::default(),
            motor_impulse: 0.0,
            limit: Limit::Inactive,
            in_island: false,
            couple: Couple::default(),
            arm_a: Vec2::default(),
            arm_b: Vec2::default(),
            mass: Mat33::default(),
            motor_mass: 0.0,
        }
    }

    /// The body at the other end, if `body` is at one.
    pub(crate) fn other(&self, body: usize) -> Option<usize> {
        let (BodyId(a), BodyId(b)) = (self.def.a, self.def.b);
        if a == body {
            Some(b)
        } else if b == body {
            Some(a)
        } else {
            None
        }
    }

    fn arms(&self, a: &Motion, b: &Motion) -> (Vec2, Vec2) {
        (
            Rot::new(a.angle).apply(self.def.anchor_a - self.couple.a.local_centre),
            Rot::new(b.angle).apply(self.def.anchor_b - self.couple.b.local_centre),
        )
    }

    /// Works out what depends on where the bodies are, and begins with the last step's impulses.
    pub(crate) fn initialize(&mut self, couple: Couple, motions: &mut [Motion], step: &TimeStep) {
        self.couple = couple;
        let (mut a, mut b) = couple.get(motions);
        let masses = couple.masses();
        let (ra, rb) = self.arms(&a, &b);
        (self.arm_a, self.arm_b) = (ra, rb);
        let (sum, ia, ib) = (masses.a + masses.b, masses.turn_a, masses.turn_b);
        let xy = -ra.y * ra.x * ia - rb.y * rb.x * ib;
        let xz = -ra.y * ia - rb.y * ib;
        let yz = ra.x * ia + rb.x * ib;
        self.mass = Mat33::new(
            Vec3 { x: sum + ra.y * ra.y * ia + rb.y * rb.y * ib, y: xy, z: xz },
            Vec3 { x: xy, y: sum + ra.x * ra.x * ia + rb.x * rb.x * ib, z: yz },
            Vec3 { x: xz, y: yz, z: ia + ib },
        );
        self.motor_mass = ia + ib;
        if self.motor_mass > 0.0 {
            self.motor_mass = 1.0 / self.motor_mass;
        }
        self.look_at_limits(b.angle - a.angle - self.def.reference_angle);

        self.impulse.x *= step.ratio;
        self.impulse.y *= step.ratio;
        self.impulse.z *= step.ratio;
        self.motor_impulse *= step.ratio;
        let impulse = self.impulse.xy();
        let moment = |arm: Vec2| arm.cross(impulse) + self.motor_impulse + self.impulse.z;
        masses.push(&mut a, &mut b, impulse, moment(ra), moment(rb));
        couple.put(motions, a, b);
    }

    fn look_at_limits(&mut self, angle: f32) {
        let now = if angle <= self.def.lower_angle {
            Limit::Lower
        } else if angle >= self.def.upper_angle {
            Limit::Upper
        } else {
            Limit::Inactive
        };
        if now == Limit::Inactive || now != self.limit {
            self.impulse.z = 0.0;
        }
        self.limit = now;
    }

    /// One iteration: motor, then limit and hinge.
    pub(crate) fn solve_velocity(&mut self, motions: &mut [Motion], step: &TimeStep) {
        let (mut a, mut b) = self.couple.get(motions);
        let masses = self.couple.masses();

        let speed = b.angular_velocity - a.angular_velocity - self.def.motor_speed;
        let most = step.dt * self.def.max_motor_torque;
        let motor = clamp(self.motor_impulse + -self.motor_mass * speed, -most, most);
        let change = motor - self.motor_impulse;
        self.motor_impulse = motor;
        a.angular_velocity -= masses.turn_a * change;
        b.angular_velocity += masses.turn_b * change;

        let drift = relative_velocity(&a, &b, self.arm_a, self.arm_b);
        let change = self.hinge_impulse(drift, b.angular_velocity - a.angular_velocity);
        let impulse = change.xy();
        let moment = |arm: Vec2| arm.cross(impulse) + change.z;
        masses.push(&mut a, &mut b, impulse, moment(self.arm_a), moment(self.arm_b));
        self.couple.put(motions, a, b);
    }

    /// What stops the drift of the anchors, and at a limit the turning beyond it.
    fn hinge_impulse(&mut self, drift: Vec2, turning: f32) -> Vec3 {
        if self.limit == Limit::Inactive {
            let impulse = self.mass.solve22(-drift);
            self.impulse.x += impulse.x;
            self.impulse.y += impulse.y;
            // Adding this zero changes nothing at all, not even another zero's sign.
            return Vec3::new(impulse, -0.0);
        }
        let solved = self.mass.solve(Vec3::new(drift, turning));
        let impulse = Vec3 { x: -solved.x, y: -solved.y, z: -solved.z };
        let sum = self.impulse.z + impulse.z;
        let pulls = if self.limit == Limit::Lower { sum < 0.0 } else { sum > 0.0 };
        if pulls {
            // A limit only pushes: it lets go, and the hinge is solved alone.
            let ez = vec2(self.mass.ez.x, self.mass.ez.y);
            let reduced = self.mass.solve22(-drift + self.impulse.z * ez);
            let impulse = Vec3::new(reduced, -self.impulse.z);
            self.impulse = Vec3 { x: self.impulse.x + reduced.x, y: self.impulse.y + reduced.y, z: 0.0 };
            return impulse;
        }
        self.impulse.x += impulse.x;
        self.impulse.y += impulse.y;
        self.impulse.z += impulse.z;
        impulse
    }

    /// One iteration of moving the bodies into place; whether they were nearly there.
    pub(crate) fn solve_position(&self, motions: &mut [Motion]) -> bool {
        let (mut a, mut b) = self.couple.get(motions);
        let masses = self.couple.masses();
        let angle = b.angle - a.angle - self.def.reference_angle;
        let mut angular_error = 0.0;
        if self.limit != Limit::Inactive {
            let correction = if self.limit == Limit::Lower {
                let beyond = angle - self.def.lower_angle;
                angular_error = -beyond;
                clamp(beyond + ANGULAR_SLOP, -MAX_ANGULAR_CORRECTION, 0.0)
            } else {
                let beyond = angle - self.def.upper_angle;
                angular_error = beyond;
                clamp(beyond - ANGULAR_SLOP, 0.0, MAX_ANGULAR_CORRECTION)
            };
            let impulse = -self.motor_mass * correction;
            a.angle -= masses.turn_a * impulse;
            b.angle += masses.turn_b * impulse;
        }

        let (ra, rb) = self.arms(&a, &b);
        let gap = b.centre + rb - a.centre - ra;
        let (sum, ia, ib) = (masses.a + masses.b, masses.turn_a, masses.turn_b);
        let xy = -ia * ra.x * ra.y - ib * rb.x * rb.y;
        let k = Mat22 {
            ex: vec2(sum + ia * ra.y * ra.y + ib * rb.y * rb.y, xy),
            ey: vec2(xy, sum + ia * ra.x * ra.x + ib * rb.x * rb.x),
        };
        masses.shift(&mut a, &mut b, -k.solve(gap), ra, rb);
        self.couple.put(motions, a, b);
        gap.length() <= LINEAR_SLOP && angular_error <= ANGULAR_SLOP
    }
}
