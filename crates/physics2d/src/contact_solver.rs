//! Contacts as constraints: no way through, and friction (`Dynamics/Contacts/b2ContactSolver.cpp`).
use crate::contact::Contact;
use crate::manifold::Manifold;
use crate::math::{Mat22, Vec2, clamp, max, min, vec2};
use crate::motion::{Couple, Masses, Motion, TimeStep, relative_velocity};
use crate::settings::{
    BAUMGARTE, LINEAR_SLOP, MAX_LINEAR_CORRECTION, MAX_MANIFOLD_POINTS, TOI_BAUMGARTE, VELOCITY_THRESHOLD,
};

/// Two points that depend on each other more than this are solved as one.
const MAX_CONDITION_NUMBER: f32 = 1000.0;

#[derive(Clone, Copy, Debug, Default)]
struct Point {
    arm_a: Vec2,
    arm_b: Vec2,
    normal_impulse: f32,
    tangent_impulse: f32,
    normal_mass: f32,
    tangent_mass: f32,
    velocity_bias: f32,
}

/// A contact while its island is solved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint {
    couple: Couple,
    manifold: Manifold,
    friction: f32,
    restitution: f32,
    normal: Vec2,
    points: [Point; MAX_MANIFOLD_POINTS],
    /// As many points as are solved for velocities; all of the manifold's are for positions.
    count: usize,
    k: Mat22,
    normal_mass: Mat22,
}

impl Constraint {
    pub(crate) fn new(contact: &Contact, couple: Couple, step: &TimeStep) -> Self {
        let mut points = [Point::default(); MAX_MANIFOLD_POINTS];
        if step.warm_starting {
            for (point, kept) in points.iter_mut().zip(contact.manifold.points()) {
                point.normal_impulse = step.ratio * kept.normal_impulse;
                point.tangent_impulse = step.ratio * kept.tangent_impulse;
            }
        }
        Self {
            couple,
            manifold: contact.manifold,
            friction: contact.friction,
            restitution: contact.restitution,
            normal: Vec2::default(),
            points,
            count: contact.manifold.points().len(),
            k: Mat22::default(),
            normal_mass: Mat22::default(),
        }
    }

    fn points(&self) -> &[Point] {
        self.points.get(..self.count).unwrap_or_default()
    }

    /// Works out what depends on where the bodies are.
    pub(crate) fn initialize(&mut self, motions: &[Motion]) {
        let (a, b) = self.couple.get(motions);
        let masses = self.couple.masses();
        let at_a = a.transform(self.couple.a.local_centre);
        let at_b = b.transform(self.couple.b.local_centre);
        let (normal, places) = self.manifold.in_world(at_a, at_b);
        self.normal = normal;
        let tangent = normal.right();
        for (point, place) in self.points.iter_mut().zip(places).take(self.count) {
            point.arm_a = place - a.centre;
            point.arm_b = place - b.centre;
            point.normal_mass = effective_mass(&masses, point, normal);
            point.tangent_mass = effective_mass(&masses, point, tangent);
            let speed = normal.dot(relative_velocity(&a, &b, point.arm_a, point.arm_b));
            point.velocity_bias = if speed < -VELOCITY_THRESHOLD { -self.restitution * speed } else { 0.0 };
        }
        if self.count == 2 {
            self.prepare_block(&masses);
        }
    }

    fn prepare_block(&mut self, masses: &Masses) {
        let [first, second] = &self.points;
        let [a1, b1] = [first.arm_a, first.arm_b].map(|arm| arm.cross(self.normal));
        let [a2, b2] = [second.arm_a, second.arm_b].map(|arm| arm.cross(self.normal));
        let k =
            |p: [f32; 2], q: [f32; 2]| masses.a + masses.b + masses.turn_a * p[0] * q[0] + masses.turn_b * p[1] * q[1];
        let (k11, k22, k12) = (k([a1, b1], [a1, b1]), k([a2, b2], [a2, b2]), k([a1, b1], [a2, b2]));
        if k11 * k11 < MAX_CONDITION_NUMBER * (k11 * k22 - k12 * k12) {
            self.k = Mat22 { ex: vec2(k11, k12), ey: vec2(k12, k22) };
            self.normal_mass = self.k.inverse();
        } else {
            self.count = 1;
        }
    }

    /// Begins with the last step's impulses.
    pub(crate) fn warm_start(&self, motions: &mut [Motion]) {
        let (mut a, mut b) = self.couple.get(motions);
        let masses = self.couple.masses();
        let tangent = self.normal.right();
        for point in self.points() {
            let impulse = point.normal_impulse * self.normal + point.tangent_impulse * tangent;
            push_at(&masses, &mut a, &mut b, point, impulse);
        }
        self.couple.put(motions, a, b);
    }

    /// One iteration: friction first, for not going through is more important.
    pub(crate) fn solve_velocity(&mut self, motions: &mut [Motion]) {
        let (mut a, mut b) = self.couple.get(motions);
        let masses = self.couple.masses();
        let tangent = self.normal.right();
        for point in self.points.iter_mut().take(self.count) {
            let speed = relative_velocity(&a, &b, point.arm_a, point.arm_b).dot(tangent);
            let wanted = point.tangent_impulse + point.tangent_mass * -speed;
            let most = self.friction * point.normal_impulse;
            let impulse = clamp(wanted, -most, most);
            let change = impulse - point.tangent_impulse;
            point.tangent_impulse = impulse;
            push_at(&masses, &mut a, &mut b, point, change * tangent);
        }
        if self.count == 1 {
            let normal = self.normal;
            let point = &mut self.points[0];
            let speed = relative_velocity(&a, &b, point.arm_a, point.arm_b).dot(normal);
            let wanted = point.normal_impulse + -point.normal_mass * (speed - point.velocity_bias);
            let impulse = max(wanted, 0.0);
            let change = impulse - point.normal_impulse;
            point.normal_impulse = impulse;
            push_at(&masses, &mut a, &mut b, point, change * normal);
        } else {
            self.solve_block(&masses, &mut a, &mut b);
        }
        self.couple.put(motions, a, b);
    }

    /// Both points at once: of the four ways in which each either pushes or comes loose, the first that is consistent.
    fn solve_block(&mut self, masses: &Masses, a: &mut Motion, b: &mut Motion) {
        let [first, second] = &mut self.points;
        let before = vec2(first.normal_impulse, second.normal_impulse);
        let speed1 = relative_velocity(a, b, first.arm_a, first.arm_b).dot(self.normal);
        let speed2 = relative_velocity(a, b, second.arm_a, second.arm_b).dot(self.normal);
        let rest = vec2(speed1 - first.velocity_bias, speed2 - second.velocity_bias) - self.k.times(before);

        let both = -self.normal_mass.times(rest);
        let only_first = vec2(-first.normal_mass * rest.x, 0.0);
        let only_second = vec2(0.0, -second.normal_mass * rest.y);
        let after = if both.x >= 0.0 && both.y >= 0.0 {
            both
        } else if only_first.x >= 0.0 && self.k.ex.y * only_first.x + rest.y >= 0.0 {
            only_first
        } else if only_second.y >= 0.0 && self.k.ey.x * only_second.y + rest.x >= 0.0 {
            only_second
        } else if rest.x >= 0.0 && rest.y >= 0.0 {
            Vec2::default()
        } else {
            // No solution: the next iteration will have one.
            return;
        };
        let change = after - before;
        let (p1, p2) = (change.x * self.normal, change.y * self.normal);
        let moment_a = first.arm_a.cross(p1) + second.arm_a.cross(p2);
        let moment_b = first.arm_b.cross(p1) + second.arm_b.cross(p2);
        masses.push(a, b, p1 + p2, moment_a, moment_b);
        first.normal_impulse = after.x;
        second.normal_impulse = after.y;
    }

    /// Keeps the impulses for the next step.
    pub(crate) fn store(&self, manifold: &mut Manifold) {
        for (kept, point) in manifold.points_mut().iter_mut().zip(self.points()) {
            kept.normal_impulse = point.normal_impulse;
            kept.tangent_impulse = point.tangent_impulse;
        }
    }

    /// One iteration of moving the bodies apart; gives the deepest overlap as a negative separation.
    pub(crate) fn solve_position(&self, motions: &mut [Motion]) -> f32 {
        self.separate(motions, &self.couple.masses(), BAUMGARTE)
    }

    /// The same at an impact, where only its two bodies give way.
    pub(crate) fn solve_toi_position(&self, motions: &mut [Motion], hit: [usize; 2]) -> f32 {
        let mut masses = self.couple.masses();
        if !hit.contains(&self.couple.a.index) {
            (masses.a, masses.turn_a) = (0.0, 0.0);
        }
        if !hit.contains(&self.couple.b.index) {
            (masses.b, masses.turn_b) = (0.0, 0.0);
        }
        self.separate(motions, &masses, TOI_BAUMGARTE)
    }

    fn separate(&self, motions: &mut [Motion], masses: &Masses, factor: f32) -> f32 {
        let (mut a, mut b) = self.couple.get(motions);
        let mut deepest = 0.0;
        for index in 0..self.manifold.points().len() {
            let at_a = a.transform(self.couple.a.local_centre);
            let at_b = b.transform(self.couple.b.local_centre);
            let (normal, place, separation) = self.manifold.separation(at_a, at_b, index);
            let point = Point { arm_a: place - a.centre, arm_b: place - b.centre, ..Point::default() };
            deepest = min(deepest, separation);
            let wrong = clamp(factor * (separation + LINEAR_SLOP), -MAX_LINEAR_CORRECTION, 0.0);
            let k = effective_inverse_mass(masses, &point, normal);
            let impulse = if k > 0.0 { -wrong / k } else { 0.0 };
            masses.shift(&mut a, &mut b, impulse * normal, point.arm_a, point.arm_b);
        }
        self.couple.put(motions, a, b);
        deepest
    }
}

fn push_at(masses: &Masses, a: &mut Motion, b: &mut Motion, point: &Point, impulse: Vec2) {
    masses.push(a, b, impulse, point.arm_a.cross(impulse), point.arm_b.cross(impulse));
}

fn effective_inverse_mass(masses: &Masses, point: &Point, direction: Vec2) -> f32 {
    let (a, b) = (point.arm_a.cross(direction), point.arm_b.cross(direction));
    masses.a + masses.b + masses.turn_a * a * a + masses.turn_b * b * b
}

fn effective_mass(masses: &Masses, point: &Point, direction: Vec2) -> f32 {
    let k = effective_inverse_mass(masses, point, direction);
    if k > 0.0 { 1.0 / k } else { 0.0 }
}
