//! The continuous part of a step: bodies that would go through what never moves are stopped where they meet it, and go on
//! from there (`b2World::SolveTOI`).
use crate::island::Island;
use crate::math::min;
use crate::motion::TimeStep;
use crate::settings::{MAX_SUB_STEPS, MAX_TOI_CONTACTS};
use crate::time_of_impact::{Moving, time_of_impact};
use crate::world::World;

impl World {
    pub(crate) fn solve_impacts(&mut self, step: &TimeStep, island: &mut Island) {
        for body in &mut self.bodies {
            body.in_island = false;
            body.sweep.alpha0 = 0.0;
        }
        for contact in &mut self.contacts {
            (contact.in_island, contact.toi, contact.toi_count) = (false, None, 0);
        }
        while let Some((contact, alpha)) = self.first_impact() {
            self.solve_impact(contact, alpha, step, island);
        }
    }

    /// The contact whose bodies meet first, and when; `None` if that is at the step's end or never.
    fn first_impact(&mut self) -> Option<(usize, f32)> {
        let (mut first, mut least) = (None, 1.0);
        for index in (0..self.contacts.len()).rev() {
            let Some(alpha) = self.impact(index) else { continue };
            if alpha < least {
                (first, least) = (Some(index), alpha);
            }
        }
        // As Box2D has it, which differs from its negation in case of NaN.
        let over = 1.0 - 10.0 * f32::EPSILON < least;
        first.filter(|_| !over).map(|index| (index, least))
    }

    /// When the bodies of a contact meet, 1 if they do not; `None` if that is of no interest.
    fn impact(&mut self, index: usize) -> Option<f32> {
        let contact = &mut self.contacts[index];
        if !contact.enabled || contact.toi_count > MAX_SUB_STEPS {
            return None;
        }
        if contact.toi.is_some() {
            return contact.toi;
        }
        let [a, b] = self.bodies.get_disjoint_mut([contact.body_a, contact.body_b]).ok()?;
        let against_static = !a.is_dynamic() || !b.is_dynamic();
        if !(a.active() || b.active()) || !against_static {
            return None;
        }
        let mut alpha0 = a.sweep.alpha0;
        if a.sweep.alpha0 < b.sweep.alpha0 {
            alpha0 = b.sweep.alpha0;
            a.sweep.advance(alpha0);
        } else if b.sweep.alpha0 < a.sweep.alpha0 {
            b.sweep.advance(alpha0);
        }
        let moving = Moving {
            a: &self.fixtures[contact.fixture_a].shape,
            b: &self.fixtures[contact.fixture_b].shape,
            sweep_a: a.sweep,
            sweep_b: b.sweep,
        };
        let alpha = time_of_impact(&moving).map_or(1.0, |beta| min(alpha0 + (1.0 - alpha0) * beta, 1.0));
        contact.toi = Some(alpha);
        Some(alpha)
    }

    /// Advances the bodies of a contact to their impact, and lets it have its effect.
    fn solve_impact(&mut self, index: usize, alpha: f32, step: &TimeStep, island: &mut Island) {
        let (a, b) = (self.contacts[index].body_a, self.contacts[index].body_b);
        let before = [self.bodies[a].sweep, self.bodies[b].sweep];
        self.bodies[a].advance(alpha);
        self.bodies[b].advance(alpha);
        self.update_contact(index);
        let contact = &mut self.contacts[index];
        contact.toi = None;
        contact.toi_count += 1;
        if !contact.touching {
            contact.enabled = false;
            for (body, sweep) in [a, b].into_iter().zip(before) {
                self.bodies[body].sweep = sweep;
                self.bodies[body].synchronize_transform();
            }
            return;
        }
        contact.in_island = true;
        island.clear();
        island.contacts.push(index);
        for body in [a, b] {
            self.bodies[body].wake();
            self.bodies[body].in_island = true;
            island.add(&mut self.bodies, body);
        }
        for body in [a, b] {
            if self.bodies[body].is_dynamic() {
                self.gather_statics(body, alpha, island);
            }
        }
        let rest = TimeStep {
            dt: (1.0 - alpha) * step.dt,
            ratio: 1.0,
            velocity_iterations: step.velocity_iterations,
            position_iterations: 20,
            warm_starting: false,
        };
        island.solve_toi(&mut self.bodies, &self.contacts, &rest);
        self.settle(island);
    }

    /// Adds what never moves and touches the body at this moment.
    fn gather_statics(&mut self, body: usize, alpha: f32, island: &mut Island) {
        for index in (0..self.contacts.len()).rev() {
            if island.contacts.len() == MAX_TOI_CONTACTS {
                break;
            }
            let contact = &self.contacts[index];
            let Some(other) = contact.other(body) else { continue };
            if contact.in_island || self.bodies[other].is_dynamic() {
                continue;
            }
            let before = self.bodies[other].sweep;
            if !self.bodies[other].in_island {
                self.bodies[other].advance(alpha);
            }
            self.update_contact(index);
            if !self.contacts[index].touching {
                self.bodies[other].sweep = before;
                self.bodies[other].synchronize_transform();
                continue;
            }
            self.contacts[index].in_island = true;
            island.contacts.push(index);
            if !std::mem::replace(&mut self.bodies[other].in_island, true) {
                island.add(&mut self.bodies, other);
            }
        }
    }

    /// After an impact: nothing that was worked out for the moved bodies holds any more.
    fn settle(&mut self, island: &Island) {
        for index in &island.bodies {
            self.bodies[*index].in_island = false;
            if !self.bodies[*index].is_dynamic() {
                continue;
            }
            self.synchronize_fixtures(*index);
            for contact in self.contacts.iter_mut().filter(|contact| contact.other(*index).is_some()) {
                contact.in_island = false;
                contact.toi = None;
            }
        }
        self.find_new_contacts();
    }
}
