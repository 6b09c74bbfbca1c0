//! A world of bodies, and what can be done with it from outside (`Dynamics/b2World.cpp`).
use crate::body::{Body, BodyId, BodyKind, Fixture, FixtureDef};
use crate::contact::{Contact, ContactEvent};
use crate::island::Island;
use crate::joint::{Joint, RevoluteJointDef};
use crate::math::Vec2;
use crate::shape::Kind;

/// A contact is looked at once in a step, and again at impacts; more than a begin and an end hardly ever come of it.
const EVENTS_A_CONTACT: usize = 2;

/// Bodies, what joins them and what they touch. Nothing is ever taken out but by [`World::clear`].
///
/// Box2D goes through its lists from the newest to the oldest; here the oldest comes first, and loops run backwards.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub(crate) gravity: Vec2,
    pub(crate) bodies: Vec<Body>,
    pub(crate) fixtures: Vec<Fixture>,
    pub(crate) joints: Vec<Joint>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) events: Vec<ContactEvent>,
    /// Steps a second in the last step; 0 before the first.
    pub(crate) last_rate: f32,
    pub(crate) new_fixture: bool,
    /// Two fixtures each, while new contacts are looked for.
    pub(crate) pairs: Vec<[usize; 2]>,
    pub(crate) island: Island,
}

impl World {
    /// An empty world, in metres a second squared.
    pub fn new(gravity: Vec2) -> Self {
        Self { gravity, ..Self::default() }
    }

    /// Empties it and keeps the memory.
    pub fn clear(&mut self) {
        self.bodies.clear();
        self.fixtures.clear();
        self.joints.clear();
        self.contacts.clear();
        self.events.clear();
        self.last_rate = 0.0;
        self.new_fixture = false;
    }

    /// Adds a body that is awake and at rest, with its origin at `position` and turned by `angle`.
    pub fn create_body(&mut self, kind: BodyKind, position: Vec2, angle: f32) -> BodyId {
        self.bodies.push(Body::new(kind, position, angle));
        BodyId(self.bodies.len() - 1)
    }

    /// Adds a shape to a body, and its weight.
    pub fn create_fixture(&mut self, BodyId(index): BodyId, def: &FixtureDef) {
        let Some(body) = self.bodies.get_mut(index) else { return };
        self.fixtures.push(Fixture::new(def, index, body.transform));
        self.new_fixture = true;
        if def.density > 0.0 {
            body.set_mass(self.fixtures.iter().rev().filter(|fixture| fixture.body == index));
        }
    }

    /// Joins two bodies.
    pub fn create_revolute_joint(&mut self, def: &RevoluteJointDef) {
        if def.a != def.b && [def.a, def.b].iter().all(|body| body.0 < self.bodies.len()) {
            self.joints.push(Joint::new(def));
        }
    }

    /// Makes room for all that a step may need, so that none asks for memory.
    pub(crate) fn reserve(&mut self) {
        let edges = self.fixtures.iter().filter(|fixture| fixture.shape.kind == Kind::Edge).count();
        let contacts = edges * (self.fixtures.len() - edges);
        self.contacts.reserve(contacts.saturating_sub(self.contacts.len()));
        self.events.reserve(EVENTS_A_CONTACT * contacts);
        self.pairs.reserve(self.fixtures.len() * self.fixtures.len() / 2);
        self.island.reserve(self.bodies.len(), contacts, self.joints.len());
    }

    /// A body.
    pub fn body(&self, BodyId(index): BodyId) -> Option<&Body> {
        self.bodies.get(index)
    }

    /// A body, to push it.
    pub fn body_mut(&mut self, BodyId(index): BodyId) -> Option<&mut Body> {
        self.bodies.get_mut(index)
    }

    /// What began and ceased to touch during the last step, in order.
    pub fn events(&self) -> &[ContactEvent] {
        &self.events
    }

    /// Whether two bodies may touch at all.
    pub(crate) fn should_collide(&self, a: usize, b: usize) -> bool {
        let dynamic = self.bodies[a].is_dynamic() || self.bodies[b].is_dynamic();
        dynamic && !self.joints.iter().any(|joint| joint.other(a) == Some(b))
    }

    /// Ends a contact, and wakes what may have rested on it.
    pub(crate) fn destroy_contact(&mut self, index: usize) {
        let contact = self.contacts.remove(index);
        if contact.touching {
            self.report(false, contact.body_a, contact.body_b);
        }
        if !contact.manifold.points().is_empty() {
            self.bodies[contact.body_a].wake();
            self.bodies[contact.body_b].wake();
        }
    }

    pub(crate) fn report(&mut self, began: bool, a: usize, b: usize) {
        self.events.push(ContactEvent { began, a: BodyId(a), b: BodyId(b) });
    }
}
