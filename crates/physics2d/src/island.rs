//! Bodies that touch or are joined, and are solved together (`Dynamics/b2Island.cpp`).
use crate::body::Body;
use crate::contact::Contact;
use crate::contact_solver::Constraint;
use crate::joint::Joint;
use crate::math::{Vec2, min};
use crate::motion::{Couple, Member, Motion, TimeStep};
use crate::settings::{
    ANGULAR_SLEEP_TOLERANCE, LINEAR_SLEEP_TOLERANCE, LINEAR_SLOP, MAX_ROTATION, MAX_TRANSLATION, TIME_TO_SLEEP,
};

/// Indices into the world's lists, in the order in which they were found, which the results depend on. The memory is used
/// again for every island.
#[derive(Clone, Debug, Default)]
pub(crate) struct Island {
    pub(crate) bodies: Vec<usize>,
    pub(crate) contacts: Vec<usize>,
    pub(crate) joints: Vec<usize>,
    /// Bodies whose neighbours have not been looked at.
    pub(crate) stack: Vec<usize>,
    motions: Vec<Motion>,
    constraints: Vec<Constraint>,
}

impl Island {
    pub(crate) fn clear(&mut self) {
        self.bodies.clear();
        self.contacts.clear();
        self.joints.clear();
        self.stack.clear();
    }

    pub(crate) fn reserve(&mut self, bodies: usize, contacts: usize, joints: usize) {
        self.clear();
        self.motions.clear();
        self.constraints.clear();
        self.bodies.reserve(bodies);
        self.stack.reserve(bodies);
        self.motions.reserve(bodies);
        self.contacts.reserve(contacts);
        self.constraints.reserve(contacts);
        self.joints.reserve(joints);
    }

    pub(crate) fn add(&mut self, bodies: &mut [Body], index: usize) {
        bodies[index].island_index = self.bodies.len();
        self.bodies.push(index);
    }

    /// Moves the bodies through a step.
    pub(crate) fn solve(
        &mut self,
        bodies: &mut [Body],
        joints: &mut [Joint],
        contacts: &mut [Contact],
        step: &TimeStep,
        gravity: Vec2,
    ) {
        self.motions.clear();
        for index in &self.bodies {
            let body = &mut bodies[*index];
            body.sweep.centre0 = body.sweep.centre;
            body.sweep.angle0 = body.sweep.angle;
            let mut motion = motion(body);
            if body.is_dynamic() {
                motion.velocity += step.dt * (gravity + body.inverse_mass * body.force);
                motion.angular_velocity += step.dt * body.inverse_inertia * body.torque;
            }
            self.motions.push(motion);
        }
        self.constrain(bodies, contacts, step);
        self.constraints.iter_mut().for_each(|constraint| constraint.initialize(&self.motions));
        self.constraints.iter().for_each(|constraint| constraint.warm_start(&mut self.motions));
        for index in &self.joints {
            let joint = &mut joints[*index];
            let couple = couple(bodies, joint.def.a.0, joint.def.b.0);
            joint.initialize(couple, &mut self.motions, step);
        }
        for _ in 0..step.velocity_iterations {
            self.joints.iter().for_each(|index| joints[*index].solve_velocity(&mut self.motions, step));
            self.constraints.iter_mut().for_each(|constraint| constraint.solve_velocity(&mut self.motions));
        }
        for (index, constraint) in self.contacts.iter().zip(&self.constraints) {
            constraint.store(&mut contacts[*index].manifold);
        }
        self.motions.iter_mut().for_each(|motion| integrate(motion, step.dt));
        let in_place = self.solve_positions(joints, step.position_iterations);
        for (index, motion) in self.bodies.iter().zip(&self.motions) {
            put_back(&mut bodies[*index], motion);
        }
        self.rest(bodies, step.dt, in_place);
    }

    /// Whether all is nearly in place in the end.
    fn solve_positions(&mut self, joints: &[Joint], iterations: u32) -> bool {
        for _ in 0..iterations {
            let mut deepest = 0.0;
            for constraint in &self.constraints {
                deepest = min(deepest, constraint.solve_position(&mut self.motions));
            }
            let mut joined = true;
            for index in &self.joints {
                joined &= joints[*index].solve_position(&mut self.motions);
            }
            if joined && deepest >= -3.0 * LINEAR_SLOP {
                return true;
            }
        }
        false
    }

    /// Lets the bodies sleep if all of them have been still for long enough.
    fn rest(&self, bodies: &mut [Body], dt: f32, in_place: bool) {
        const ANGULAR: f32 = ANGULAR_SLEEP_TOLERANCE * ANGULAR_SLEEP_TOLERANCE;
        const LINEAR: f32 = LINEAR_SLEEP_TOLERANCE * LINEAR_SLEEP_TOLERANCE;
        let mut least = f32::MAX;
        for index in &self.bodies {
            let body = &mut bodies[*index];
            if !body.is_dynamic() {
                continue;
            }
            let turning = body.angular_velocity * body.angular_velocity > ANGULAR;
            if turning || body.velocity.length_squared() > LINEAR {
                body.sleep_time = 0.0;
                least = 0.0;
            } else {
                body.sleep_time += dt;
                least = min(least, body.sleep_time);
            }
        }
        if least >= TIME_TO_SLEEP && in_place {
            self.bodies.iter().for_each(|index| bodies[*index].fall_asleep());
        }
    }

    /// Moves the bodies on from an impact between the island's first two.
    pub(crate) fn solve_toi(&mut self, bodies: &mut [Body], contacts: &[Contact], step: &TimeStep) {
        const HIT: [usize; 2] = [0, 1];
        self.motions.clear();
        self.motions.extend(self.bodies.iter().map(|index| motion(&bodies[*index])));
        self.constrain(bodies, contacts, step);
        for _ in 0..step.position_iterations {
            let mut deepest = 0.0;
            for constraint in &self.constraints {
                deepest = min(deepest, constraint.solve_toi_position(&mut self.motions, HIT));
            }
            if deepest >= -1.5 * LINEAR_SLOP {
                break;
            }
        }
        for (index, motion) in self.bodies.iter().zip(&self.motions).take(HIT.len()) {
            let sweep = &mut bodies[*index].sweep;
            (sweep.centre0, sweep.angle0) = (motion.centre, motion.angle);
        }
        self.constraints.iter_mut().for_each(|constraint| constraint.initialize(&self.motions));
        for _ in 0..step.velocity_iterations {
            self.constraints.iter_mut().for_each(|constraint| constraint.solve_velocity(&mut self.motions));
        }
        // The impulses of an impact are no start for the next step, so they are not stored.
        for (index, motion) in self.bodies.iter().zip(&mut self.motions) {
            integrate(motion, step.dt);
            put_back(&mut bodies[*index], motion);
        }
    }

    fn constrain(&mut self, bodies: &[Body], contacts: &[Contact], step: &TimeStep) {
        self.constraints.clear();
        self.constraints.extend(self.contacts.iter().map(|index| {
            let contact = &contacts[*index];
            Constraint::new(contact, couple(bodies, contact.body_a, contact.body_b), step)
        }));
    }
}

fn motion(body: &Body) -> Motion {
    Motion {
        centre: body.sweep.centre,
        angle: body.sweep.angle,
        velocity: body.velocity,
        angular_velocity: body.angular_velocity,
    }
}

fn member(body: &Body) -> Member {
    Member {
        index: body.island_index,
        local_centre: body.sweep.local_centre,
        inverse_mass: body.inverse_mass,
        inverse_inertia: body.inverse_inertia,
    }
}

fn couple(bodies: &[Body], a: usize, b: usize) -> Couple {
    Couple { a: member(&bodies[a]), b: member(&bodies[b]) }
}

/// Moves on by the velocities, which are cut where they are too great.
fn integrate(motion: &mut Motion, dt: f32) {
    let translation = dt * motion.velocity;
    if translation.length_squared() > MAX_TRANSLATION * MAX_TRANSLATION {
        motion.velocity = MAX_TRANSLATION / translation.length() * motion.velocity;
    }
    let rotation = dt * motion.angular_velocity;
    if rotation * rotation > MAX_ROTATION * MAX_ROTATION {
        motion.angular_velocity *= MAX_ROTATION / rotation.abs();
    }
    motion.centre += dt * motion.velocity;
    motion.angle += dt * motion.angular_velocity;
}

fn put_back(body: &mut Body, motion: &Motion) {
    body.sweep.centre = motion.centre;
    body.sweep.angle = motion.angle;
    body.velocity = motion.velocity;
    body.angular_velocity = motion.angular_velocity;
    body.synchronize_transform();
}
