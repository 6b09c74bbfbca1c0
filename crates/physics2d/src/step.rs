//! A step: contacts, then the discrete solution, then impacts.
use crate::body::Body;
use crate::collide::edge_and_polygon;
use crate::contact::Contact;
use crate::motion::TimeStep;
use crate::shape::Kind;
use crate::world::World;

impl World {
    /// Advances by `dt` seconds, more than 0. More iterations make joints and contacts stiffer.
    pub fn step(&mut self, dt: f32, velocity_iterations: u32, position_iterations: u32) {
        self.events.clear();
        if std::mem::take(&mut self.new_fixture) {
            self.reserve();
            self.find_new_contacts();
        }
        let ratio = self.last_rate * dt;
        let step = TimeStep { dt, ratio, velocity_iterations, position_iterations, warm_starting: true };
        self.collide();
        let mut island = std::mem::take(&mut self.island);
        self.solve(&step, &mut island);
        self.solve_impacts(&step, &mut island);
        self.island = island;
        self.last_rate = 1.0 / dt;
        self.bodies.iter_mut().for_each(Body::clear_forces);
    }

    /// Looks at every contact of an awake body, and ends those whose boxes have parted.
    fn collide(&mut self) {
        for index in (0..self.contacts.len()).rev() {
            let contact = &self.contacts[index];
            if !self.bodies[contact.body_a].active() && !self.bodies[contact.body_b].active() {
                continue;
            }
            if self.fixtures[contact.fixture_a].fat.overlaps(&self.fixtures[contact.fixture_b].fat) {
                self.update_contact(index);
            } else {
                self.destroy_contact(index);
            }
        }
    }

    /// Works out where the shapes of a contact touch now.
    pub(crate) fn update_contact(&mut self, index: usize) {
        let contact = &mut self.contacts[index];
        let (a, b) = (contact.body_a, contact.body_b);
        let edge = &self.fixtures[contact.fixture_a].shape;
        let polygon = &self.fixtures[contact.fixture_b].shape;
        let mut manifold = edge_and_polygon(edge, self.bodies[a].transform, polygon, self.bodies[b].transform);
        manifold.inherit(&contact.manifold);
        contact.manifold = manifold;
        contact.enabled = true;
        let touching = !manifold.points().is_empty();
        if std::mem::replace(&mut contact.touching, touching) != touching {
            self.bodies[a].wake();
            self.bodies[b].wake();
            self.report(touching, a, b);
        }
    }

    /// Adds a contact for every two boxes that overlap since one of them moved.
    ///
    /// Box2D asks a tree for the pairs and sorts them by the numbers of the tree's leaves, which grow in the order of
    /// creation: the pairs, and their order, are these.
    pub(crate) fn find_new_contacts(&mut self) {
        if !self.fixtures.iter().any(|fixture| fixture.moved) {
            return;
        }
        for second in 0..self.fixtures.len() {
            for first in 0..second {
                let (a, b) = (&self.fixtures[first], &self.fixtures[second]);
                if (a.moved || b.moved) && a.fat.overlaps(&b.fat) {
                    self.pairs.push([first, second]);
                }
            }
        }
        self.fixtures.iter_mut().for_each(|fixture| fixture.moved = false);
        self.pairs.sort_unstable();
        for index in 0..self.pairs.len() {
            self.add_contact(self.pairs[index]);
        }
        self.pairs.clear();
    }

    fn add_contact(&mut self, [first, second]: [usize; 2]) {
        let (a, b) = (&self.fixtures[first], &self.fixtures[second]);
        let fixtures = match (a.shape.kind, b.shape.kind) {
            (Kind::Edge, Kind::Polygon) => [first, second],
            (Kind::Polygon, Kind::Edge) => [second, first],
            // Edges never touch each other. Of polygons nothing here needs it so far.
            _ => return,
        };
        let wanted = a.body != b.body && a.may_collide(b) && self.should_collide(a.body, b.body);
        if !wanted || self.contacts.iter().any(|contact| contact.is_of(fixtures)) {
            return;
        }
        let contact = Contact::new(&self.fixtures, fixtures[0], fixtures[1]);
        self.bodies[contact.body_a].wake();
        self.bodies[contact.body_b].wake();
        self.contacts.push(contact);
    }
}
