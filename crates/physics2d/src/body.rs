//! Bodies and what they are made of (`Dynamics/b2Body.cpp`, `b2Fixture.cpp`).
use crate::aabb::Aabb;
use crate::math::{Sweep, Transform, Vec2};
use crate::shape::Shape;

/// A body of a world, in the order of creation; by default the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyId(pub(crate) usize);

/// Whether a body moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// It never does.
    Static,
    /// By forces and contacts.
    Dynamic,
}

/// A rigid body.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    pub(crate) kind: BodyKind,
    pub(crate) transform: Transform,
    pub(crate) sweep: Sweep,
    pub(crate) velocity: Vec2,
    pub(crate) angular_velocity: f32,
    pub(crate) force: Vec2,
    pub(crate) torque: f32,
    pub(crate) mass: f32,
    pub(crate) inverse_mass: f32,
    pub(crate) inverse_inertia: f32,
    pub(crate) awake: bool,
    /// How long it has been still.
    pub(crate) sleep_time: f32,
    pub(crate) in_island: bool,
    pub(crate) island_index: usize,
}

impl Body {
    pub(crate) fn new(kind: BodyKind, position: Vec2, angle: f32) -> Self {
        let transform = Transform { position, rotation: crate::math::Rot::new(angle) };
        let sweep = Sweep { centre0: position, centre: position, angle0: angle, angle, ..Sweep::default() };
        let mass = if kind == BodyKind::Dynamic { 1.0 } else { 0.0 };
        Self {
            kind,
            transform,
            sweep,
            velocity: Vec2::default(),
            angular_velocity: 0.0,
            force: Vec2::default(),
            torque: 0.0,
            mass,
            inverse_mass: mass,
            inverse_inertia: 0.0,
            awake: true,
            sleep_time: 0.0,
            in_island: false,
            island_index: 0,
        }
    }

    /// Where its origin is and how it is turned.
    pub fn transform(&self) -> Transform {
        self.transform
    }

    /// The angle, in radians; it counts whole turns.
    pub fn angle(&self) -> f32 {
        self.sweep.angle
    }

    /// Of its mass centre, in metres a second.
    pub fn velocity(&self) -> Vec2 {
        self.velocity
    }

    /// In radians a second.
    pub fn angular_velocity(&self) -> f32 {
        self.angular_velocity
    }

    /// Whether it is simulated. A body that was still for half a second with all it touches falls asleep.
    pub fn awake(&self) -> bool {
        self.awake
    }

    pub(crate) fn is_dynamic(&self) -> bool {
        self.kind == BodyKind::Dynamic
    }

    /// Whether contacts of this body are worth a look.
    pub(crate) fn active(&self) -> bool {
        self.awake && self.is_dynamic()
    }

    pub(crate) fn wake(&mut self) {
        if !self.awake {
            self.awake = true;
            self.sleep_time = 0.0;
        }
    }

    pub(crate) fn fall_asleep(&mut self) {
        self.awake = false;
        self.sleep_time = 0.0;
        self.velocity = Vec2::default();
        self.angular_velocity = 0.0;
        self.clear_forces();
    }

    pub(crate) fn clear_forces(&mut self) {
        self.force = Vec2::default();
        self.torque = 0.0;
    }

    /// Pushes at the mass centre during the next step, in newtons, and wakes the body.
    pub fn apply_force_to_centre(&mut self, force: Vec2) {
        if self.is_dynamic() {
            self.wake();
            self.force += force;
        }
    }

    /// Turns during the next step, in newton metres, and wakes the body.
    pub fn apply_torque(&mut self, torque: f32) {
        if self.is_dynamic() {
            self.wake();
            self.torque += torque;
        }
    }

    /// A stroke at a point of the world, in newton seconds: it changes the velocities at once, and wakes the body.
    pub fn apply_linear_impulse(&mut self, impulse: Vec2, point: Vec2) {
        if self.is_dynamic() {
            self.wake();
            self.velocity += self.inverse_mass * impulse;
            self.angular_velocity += self.inverse_inertia * (point - self.sweep.centre).cross(impulse);
        }
    }

    /// Weighs the body anew.
    pub(crate) fn set_mass<'a>(&mut self, fixtures: impl Iterator<Item = &'a Fixture>) {
        if !self.is_dynamic() {
            return;
        }
        let (mut mass, mut inertia, mut centre) = (0.0, 0.0, Vec2::default());
        for fixture in fixtures.filter(|fixture| fixture.density != 0.0) {
            let data = fixture.shape.mass_data(fixture.density);
            mass += data.mass;
            centre += data.mass * data.centre;
            inertia += data.inertia;
        }
        (self.mass, self.inverse_mass) = (1.0, 1.0);
        if mass > 0.0 {
            (self.mass, self.inverse_mass) = (mass, 1.0 / mass);
            centre = self.inverse_mass * centre;
        }
        self.inverse_inertia = 0.0;
        if inertia > 0.0 {
            self.inverse_inertia = 1.0 / (inertia - self.mass * centre.dot(centre));
        }
        let before = self.sweep.centre;
        self.sweep.local_centre = centre;
        self.sweep.centre = self.transform.apply(centre);
        self.sweep.centre0 = self.sweep.centre;
        self.velocity += (self.sweep.centre - before).turning(self.angular_velocity);
    }

    /// Where it was when the step began, or at its last impact.
    pub(crate) fn start(&self) -> Transform {
        Transform::about(self.sweep.centre0, self.sweep.angle0, self.sweep.local_centre)
    }

    pub(crate) fn synchronize_transform(&mut self) {
        self.transform = Transform::about(self.sweep.centre, self.sweep.angle, self.sweep.local_centre);
    }

    /// Goes to the part `alpha` of this step's way and stays there.
    pub(crate) fn advance(&mut self, alpha: f32) {
        self.sweep.advance(alpha);
        self.sweep.centre = self.sweep.centre0;
        self.sweep.angle = self.sweep.angle0;
        self.synchronize_transform();
    }
}

/// A shape to be fixed to a body.
#[derive(Clone, Copy, Debug)]
pub struct FixtureDef {
    /// Its form, in the body's own places.
    pub shape: Shape,
    /// Kilograms a square metre.
    pub density: f32,
    /// From 0 upwards; two fixtures' frictions are mixed by the root of their product.
    pub friction: f32,
    /// From 0, which does not bounce, to 1; of two fixtures the greater one counts.
    pub restitution: f32,
    /// What it is: bits.
    pub category: u16,
    /// What it collides with: both must want it.
    pub mask: u16,
}

impl FixtureDef {
    /// With Box2D's defaults: no density, friction 0.2, no restitution, colliding with everything.
    pub const fn new(shape: Shape) -> Self {
        Self { shape, density: 0.0, friction: 0.2, restitution: 0.0, category: 1, mask: u16::MAX }
    }
}

/// A shape on a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixture {
    pub(crate) body: usize,
    pub(crate) shape: Shape,
    pub(crate) density: f32,
    pub(crate) friction: f32,
    pub(crate) restitution: f32,
    category: u16,
    mask: u16,
    /// The box the broad phase knows it by.
    pub(crate) fat: Aabb,
    /// Whether that box is new, so that new contacts have to be looked for.
    pub(crate) moved: bool,
}

impl Fixture {
    pub(crate) fn new(def: &FixtureDef, body: usize, transform: Transform) -> Self {
        let FixtureDef { shape, density, friction, restitution, category, mask } = *def;
        let fat = shape.aabb(transform).grown(crate::settings::AABB_EXTENSION);
        Self { body, shape, density, friction, restitution, category, mask, fat, moved: true }
    }

    pub(crate) fn may_collide(&self, other: &Self) -> bool {
        self.mask & other.category != 0 && self.category & other.mask != 0
    }

    /// Tells the broad phase of a motion, should the fat box be left.
    pub(crate) fn synchronize(&mut self, from: Transform, to: Transform) {
        let swept = self.shape.aabb(from).around(self.shape.aabb(to));
        if !self.fat.contains(&swept) {
            self.fat = swept.fattened(to.position - from.position);
            self.moved = true;
        }
    }
}
