//! The world of all scenarios: disks that are pushed, that push each other apart where they meet, and that slow down. Operation
//! for operation as in mpe2 1.1.1, `_mpe_utils/core.py`.
use palaestra_math::numpy::logaddexp;
use palaestra_math::sqrt;

/// x and y, y upwards.
pub(crate) type Pair = [f64; 2];

/// Seconds in a step.
const STEP: f64 = 0.1;
/// What is left of a speed after a step, before forces.
const KEPT: f64 = 1.0 - 0.25;
const CONTACT_FORCE: f64 = 1e2;
const CONTACT_MARGIN: f64 = 1e-3;
/// e to less than this is 0: whoever is that far away pushes nobody.
const NO_CONTACT: f64 = -746.0;
/// How far and how fast a body may be. No game leads there: it is for states that somebody made up.
pub(crate) const FARTHEST: f64 = 1e12;
pub(crate) const FASTEST: f64 = 1e6;
/// The most that one who speaks may say at once.
pub(crate) const MOST_WORDS: usize = 4;

/// What a body is, for the rules and for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// An agent that has nobody to fear and nobody to chase.
    Plain,
    /// An agent that chases, or that does not know the goal.
    Adversary,
    /// An agent that is chased, or that knows the goal.
    Good,
    /// An agent that cannot move.
    Speaker,
    /// A place to go to.
    Landmark,
    /// In the way.
    Obstacle,
    /// Good to be at.
    Food,
    /// Hides who is in it.
    Forest,
}

/// What does not change about a body while it is moving.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub(crate) role: Role,
    pub(crate) size: f64,
    pub(crate) movable: bool,
    pub(crate) collides: bool,
    /// What an action is multiplied with.
    pub(crate) push: f64,
    pub(crate) max_speed: Option<f64>,
}

impl Body {
    /// An agent.
    pub(crate) fn agent(role: Role, size: f64) -> Self {
        Self { role, size, movable: true, collides: false, push: 5.0, max_speed: None }
    }

    /// A landmark.
    pub(crate) fn landmark(role: Role, size: f64) -> Self {
        Self { movable: false, ..Self::agent(role, size) }
    }

    /// The same, but that it cannot be passed through.
    pub(crate) fn solid(self) -> Self {
        Self { collides: true, ..self }
    }

    /// The same with another drive.
    pub(crate) fn driven(self, push: f64, max_speed: f64) -> Self {
        Self { push, max_speed: Some(max_speed), ..self }
    }
}

/// Bodies, agents first, and what the one that can speak says.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) bodies: Vec<Body>,
    pub(crate) places: Vec<Pair>,
    pub(crate) speeds: Vec<Pair>,
    /// On each agent.
    forces: Vec<Pair>,
    /// How many of the bodies are agents.
    pub(crate) agents: usize,
    /// How much agent 0 says, if it can speak.
    pub(crate) words: usize,
    /// What it said last.
    pub(crate) said: [f32; MOST_WORDS],
    /// The landmark that it is about, counted from the first one, in the scenarios that have one.
    pub(crate) goal: usize,
}

impl World {
    /// Everything at the middle and at rest.
    pub(crate) fn new(agents: Vec<Body>, landmarks: Vec<Body>, words: usize) -> Self {
        let count = agents.len();
        let bodies: Vec<Body> = agents.into_iter().chain(landmarks).collect();
        Self {
            places: vec![[0.0; 2]; bodies.len()],
            speeds: vec![[0.0; 2]; bodies.len()],
            forces: vec![[0.0; 2]; count],
            agents: count,
            bodies,
            words,
            said: [0.0; MOST_WORDS],
            goal: 0,
        }
    }

    /// The numbers of all landmarks among the bodies.
    pub(crate) fn landmarks(&self) -> std::ops::Range<usize> {
        self.agents..self.bodies.len()
    }

    /// The numbers of all bodies with this role.
    pub(crate) fn of(&self, role: Role) -> impl Iterator<Item = usize> + Clone + '_ {
        let bodies = self.bodies.iter().enumerate();
        bodies.filter(move |(_, body)| body.role == role).map(|(number, _)| number)
    }

    /// The way from one body to another.
    pub(crate) fn way(&self, from: usize, to: usize) -> Pair {
        let ([x, y], [from_x, from_y]) = (self.places[to], self.places[from]);
        [x - from_x, y - from_y]
    }

    /// The square of the distance of two bodies.
    pub(crate) fn square_distance(&self, one: usize, other: usize) -> f64 {
        let [x, y] = self.way(one, other);
        x * x + y * y
    }

    /// The distance of two bodies.
    pub(crate) fn distance(&self, one: usize, other: usize) -> f64 {
        sqrt(self.square_distance(one, other))
    }

    /// Whether two bodies overlap, whether or not they push each other.
    pub(crate) fn touch(&self, one: usize, other: usize) -> bool {
        self.distance(one, other) < self.bodies[one].size + self.bodies[other].size
    }

    /// Sets what an agent does with its own strength. To be called before each [`step`](Self::step).
    pub(crate) fn push(&mut self, agent: usize, direction: Pair) {
        let strength = self.bodies[agent].push;
        self.forces[agent] = direction.map(|part| part * strength + 0.0);
    }

    /// A step of time.
    pub(crate) fn step(&mut self) {
        self.push_apart();
        for (agent, body) in self.bodies.iter().take(self.agents).enumerate().filter(|(_, body)| body.movable) {
            let ([x, y], [vx, vy], [fx, fy]) = (self.places[agent], self.speeds[agent], self.forces[agent]);
            let place = [x + vx * STEP, y + vy * STEP];
            let mut speed = [vx * KEPT + fx * STEP, vy * KEPT + fy * STEP];
            if let Some(most) = body.max_speed {
                let [vx, vy] = speed;
                let now = sqrt(vx * vx + vy * vy);
                if now > most {
                    speed = [vx / now * most, vy / now * most];
                }
            }
            self.places[agent] = place.map(|part| part.clamp(-FARTHEST, FARTHEST));
            self.speeds[agent] = speed.map(|part| part.clamp(-FASTEST, FASTEST));
        }
    }

    /// Adds the forces between bodies, pair by pair in the order of the bodies. Between two landmarks there is nothing to add.
    fn push_apart(&mut self) {
        for one in 0..self.agents {
            if !self.bodies[one].collides {
                continue;
            }
            for other in one + 1..self.bodies.len() {
                if !self.bodies[other].collides {
                    continue;
                }
                let Some([x, y]) = self.contact(one, other) else { continue };
                let [own_x, own_y] = self.forces[one];
                self.forces[one] = [x + own_x, y + own_y];
                if let Some(force) = self.forces.get_mut(other) {
                    let [other_x, other_y] = *force;
                    *force = [-x + other_x, -y + other_y];
                }
            }
        }
    }

    /// The force on the first of two bodies. Where both are at the very same place the reference has none to give but NaN, and
    /// goes on with that; here there is no force.
    fn contact(&self, one: usize, other: usize) -> Option<Pair> {
        let [x, y] = self.way(other, one);
        let distance = sqrt(x * x + y * y);
        let inside = -(distance - (self.bodies[one].size + self.bodies[other].size)) / CONTACT_MARGIN;
        if distance == 0.0 || inside < NO_CONTACT {
            return None;
        }
        let depth = logaddexp(0.0, inside) * CONTACT_MARGIN;
        Some([x, y].map(|part| CONTACT_FORCE * part / distance * depth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(places: [Pair; 2]) -> World {
        let mut world = World::new(vec![Body::agent(Role::Plain, 0.15).solid(); 2], vec![], 0);
        world.places.copy_from_slice(&places);
        world
    }

    #[test]
    fn bodies_that_overlap_push_each_other_apart() {
        let mut world = two([[0.0, 0.0], [0.2, 0.0]]);
        (0..2).for_each(|agent| world.push(agent, [0.0; 2]));
        world.step();
        let [[left, _], [right, _]] = [world.speeds[0], world.speeds[1]];
        assert!(left < -0.9 && right == -left, "{left} {right}");
    }

    #[test]
    fn bodies_at_the_very_same_place_are_left_alone() {
        let mut world = two([[0.3, -0.2]; 2]);
        (0..2).for_each(|agent| world.push(agent, [1.0, 0.0]));
        world.step();
        assert_eq!(world.speeds, [[0.5, 0.0]; 2]);
    }
}
