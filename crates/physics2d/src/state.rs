//! Saving what changes in a world, and reading it back into one that was built alike.
use crate::aabb::Aabb;
use crate::body::{Body, Fixture};
use crate::contact::Contact;
use crate::joint::{Joint, Limit};
use crate::manifold::{ContactId, Face, Feature, Manifold, ManifoldPoint};
use crate::math::{Rot, Vec2, Vec3, vec2};
use crate::settings::{MAX_MANIFOLD_POINTS, MAX_POLYGON_VERTICES};
use crate::shape::Kind;
use crate::world::World;

/// Takes a state's parts, one after another.
pub trait StateSink {
    /// A number.
    fn number(&mut self, value: f32);
    /// A count, an index or a flag.
    fn count(&mut self, value: usize);
}

/// Gives a state's parts in the order in which they were taken.
pub trait StateSource {
    /// What may be wrong.
    type Error;
    /// A number.
    ///
    /// # Errors
    /// If there is none.
    fn number(&mut self) -> Result<f32, Self::Error>;
    /// A count below `limit`.
    ///
    /// # Errors
    /// If there is none, or none below the limit.
    fn count(&mut self, limit: usize) -> Result<usize, Self::Error>;
    /// For a part that no world can have.
    fn impossible(&self) -> Self::Error;
}

impl World {
    /// Writes all that the future depends on and that changes in a step: equal states give equal parts.
    pub fn save(&self, out: &mut impl StateSink) {
        out.number(self.last_rate);
        out.count(self.new_fixture.into());
        self.bodies.iter().for_each(|body| save_body(body, out));
        for Fixture { fat, moved, .. } in &self.fixtures {
            save_vectors(&[fat.lower, fat.upper], out);
            out.count((*moved).into());
        }
        for joint in &self.joints {
            save_vectors(&[joint.impulse.xy(), vec2(joint.impulse.z, joint.motor_impulse)], out);
            out.count(joint.limit as usize);
        }
        out.count(self.contacts.len());
        self.contacts.iter().for_each(|contact| save_contact(contact, out));
    }

    /// Reads what [`save`](Self::save) wrote of a world with the same bodies, fixtures and joints.
    ///
    /// # Errors
    /// The source's; the world is then neither as it was nor as it was saved.
    pub fn restore<S: StateSource>(&mut self, state: &mut S) -> Result<(), S::Error> {
        self.events.clear();
        self.last_rate = state.number()?;
        self.new_fixture = flag(state)?;
        self.bodies.iter_mut().try_for_each(|body| read_body(body, state))?;
        for fixture in &mut self.fixtures {
            fixture.fat = Aabb { lower: vector(state)?, upper: vector(state)? };
            fixture.moved = flag(state)?;
        }
        self.joints.iter_mut().try_for_each(|joint| read_joint(joint, state))?;
        self.contacts.clear();
        let most = self.fixtures.len() * self.fixtures.len();
        for _ in 0..state.count(most + 1)? {
            let contact = self.read_contact(state)?;
            self.contacts.push(contact);
        }
        Ok(())
    }

    fn read_contact<S: StateSource>(&self, state: &mut S) -> Result<Contact, S::Error> {
        let fixtures = [state.count(self.fixtures.len())?, state.count(self.fixtures.len())?];
        let kinds = fixtures.map(|index| self.fixtures[index].shape.kind);
        let [a, b] = fixtures.map(|index| self.fixtures[index].body);
        let known = self.contacts.iter().any(|contact| contact.is_of(fixtures));
        if kinds != [Kind::Edge, Kind::Polygon] || a == b || known {
            return Err(state.impossible());
        }
        let mut contact = Contact::new(&self.fixtures, fixtures[0], fixtures[1]);
        contact.enabled = flag(state)?;
        contact.manifold = manifold(state)?;
        contact.touching = !contact.manifold.points().is_empty();
        Ok(contact)
    }
}

fn save_vectors(vectors: &[Vec2], out: &mut impl StateSink) {
    for vector in vectors {
        out.number(vector.x);
        out.number(vector.y);
    }
}

fn vector<S: StateSource>(state: &mut S) -> Result<Vec2, S::Error> {
    Ok(vec2(state.number()?, state.number()?))
}

fn flag<S: StateSource>(state: &mut S) -> Result<bool, S::Error> {
    Ok(state.count(2)? == 1)
}

fn save_body(body: &Body, out: &mut impl StateSink) {
    let Body { transform, sweep, .. } = body;
    let turned = vec2(transform.rotation.cos, transform.rotation.sin);
    save_vectors(&[transform.position, turned, sweep.centre0, sweep.centre, body.velocity, body.force], out);
    let numbers = [sweep.angle0, sweep.angle, body.angular_velocity, body.torque, body.sleep_time];
    numbers.into_iter().for_each(|number| out.number(number));
    out.count(body.awake.into());
}

fn read_body<S: StateSource>(body: &mut Body, state: &mut S) -> Result<(), S::Error> {
    body.transform.position = vector(state)?;
    let turned = vector(state)?;
    body.transform.rotation = Rot { cos: turned.x, sin: turned.y };
    body.sweep.centre0 = vector(state)?;
    body.sweep.centre = vector(state)?;
    body.velocity = vector(state)?;
    body.force = vector(state)?;
    body.sweep.angle0 = state.number()?;
    body.sweep.angle = state.number()?;
    body.angular_velocity = state.number()?;
    body.torque = state.number()?;
    body.sleep_time = state.number()?;
    body.awake = flag(state)?;
    Ok(())
}

fn read_joint<S: StateSource>(joint: &mut Joint, state: &mut S) -> Result<(), S::Error> {
    joint.impulse = Vec3::new(vector(state)?, state.number()?);
    joint.motor_impulse = state.number()?;
    joint.limit = [Limit::Inactive, Limit::Lower, Limit::Upper][state.count(3)?];
    Ok(())
}

fn save_contact(contact: &Contact, out: &mut impl StateSink) {
    out.count(contact.fixture_a);
    out.count(contact.fixture_b);
    out.count(contact.enabled.into());
    let manifold = &contact.manifold;
    out.count(manifold.points().len());
    // Without a point the rest means nothing, and may differ between equal states.
    if manifold.points().is_empty() {
        return;
    }
    out.count((manifold.face == Face::B).into());
    save_vectors(&[manifold.local_normal, manifold.local_point], out);
    for point in manifold.points() {
        save_vectors(&[point.local_point, vec2(point.normal_impulse, point.tangent_impulse)], out);
        for Feature { face, index } in [point.id.a, point.id.b] {
            out.count(2 * usize::from(index) + usize::from(face));
        }
    }
}

fn manifold<S: StateSource>(state: &mut S) -> Result<Manifold, S::Error> {
    let count = state.count(MAX_MANIFOLD_POINTS + 1)?;
    if count == 0 {
        return Ok(Manifold::default());
    }
    let face = if flag(state)? { Face::B } else { Face::A };
    let mut manifold = Manifold::new(face, vector(state)?, vector(state)?);
    for _ in 0..count {
        let (local_point, impulses) = (vector(state)?, vector(state)?);
        let id = ContactId { a: feature(state)?, b: feature(state)? };
        manifold.push(ManifoldPoint { local_point, normal_impulse: impulses.x, tangent_impulse: impulses.y, id });
    }
    Ok(manifold)
}

fn feature<S: StateSource>(state: &mut S) -> Result<Feature, S::Error> {
    let feature = state.count(2 * MAX_POLYGON_VERTICES)?;
    Ok(Feature { face: feature % 2 == 1, index: (feature / 2) as u8 })
}
