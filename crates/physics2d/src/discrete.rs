//! The discrete part of a step: islands of awake bodies are found and solved one by one (`b2World::Solve`).
use crate::island::Island;
use crate::motion::TimeStep;
use crate::world::World;

impl World {
    pub(crate) fn solve(&mut self, step: &TimeStep, island: &mut Island) {
        self.bodies.iter_mut().for_each(|body| body.in_island = false);
        self.contacts.iter_mut().for_each(|contact| contact.in_island = false);
        self.joints.iter_mut().for_each(|joint| joint.in_island = false);
        for seed in (0..self.bodies.len()).rev() {
            let body = &self.bodies[seed];
            if body.in_island || !body.active() {
                continue;
            }
            self.gather(seed, island);
            island.solve(&mut self.bodies, &mut self.joints, &mut self.contacts, step, self.gravity);
            // What never moves may be part of several islands.
            for index in &island.bodies {
                let body = &mut self.bodies[*index];
                body.in_island &= body.is_dynamic();
            }
        }
        for index in 0..self.bodies.len() {
            if self.bodies[index].in_island {
                self.synchronize_fixtures(index);
            }
        }
        self.find_new_contacts();
    }

    /// All that touches or is joined to a body, and what touches or is joined to that; static bodies are where it ends.
    fn gather(&mut self, seed: usize, island: &mut Island) {
        island.clear();
        island.stack.push(seed);
        self.bodies[seed].in_island = true;
        while let Some(body) = island.stack.pop() {
            island.add(&mut self.bodies, body);
            self.bodies[body].wake();
            if !self.bodies[body].is_dynamic() {
                continue;
            }
            for (index, contact) in self.contacts.iter_mut().enumerate().rev() {
                let Some(other) = contact.other(body) else { continue };
                if contact.in_island || !contact.enabled || !contact.touching {
                    continue;
                }
                contact.in_island = true;
                island.contacts.push(index);
                if !std::mem::replace(&mut self.bodies[other].in_island, true) {
                    island.stack.push(other);
                }
            }
            for (index, joint) in self.joints.iter_mut().enumerate().rev() {
                let Some(other) = joint.other(body) else { continue };
                if std::mem::replace(&mut joint.in_island, true) {
                    continue;
                }
                island.joints.push(index);
                if !std::mem::replace(&mut self.bodies[other].in_island, true) {
                    island.stack.push(other);
                }
            }
        }
    }

    /// Tells the broad phase where a body's fixtures went in this step.
    pub(crate) fn synchronize_fixtures(&mut self, index: usize) {
        let body = &self.bodies[index];
        let (from, to) = (body.start(), body.transform);
        for fixture in self.fixtures.iter_mut().filter(|fixture| fixture.body == index) {
            fixture.synchronize(from, to);
        }
    }
}
