//! Who is near, without allocating.
use super::arguments::MOST;
use super::world::World;

/// Some bodies, the nearest first.
pub(crate) struct Nearest {
    bodies: [usize; MOST],
    squares: [f64; MOST],
    count: usize,
}

impl Nearest {
    /// At most `most` of `bodies`. Of two that are equally far the first comes first.
    pub(crate) fn of(world: &World, agent: usize, bodies: impl Iterator<Item = usize>, most: usize) -> Self {
        let mut nearest = Self { bodies: [0; MOST], squares: [0.0; MOST], count: 0 };
        for body in bodies {
            nearest.insert(body, world.square_distance(agent, body), most.min(MOST));
        }
        nearest
    }

    fn insert(&mut self, body: usize, square: f64, most: usize) {
        let place = self.squares[..self.count].partition_point(|other| *other <= square);
        if place >= most {
            return;
        }
        let end = self.count.min(most - 1);
        self.bodies.copy_within(place..end, place + 1);
        self.squares.copy_within(place..end, place + 1);
        (self.bodies[place], self.squares[place]) = (body, square);
        self.count = end + 1;
    }

    /// Their numbers.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.bodies[..self.count].iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::{Body, Role};
    use super::*;

    #[test]
    fn the_nearest_come_first_and_no_more_of_them_than_are_asked_for() {
        let mut world = World::new(vec![Body::agent(Role::Plain, 0.1); 6], vec![], 0);
        for (agent, x) in [0.0, 3.0, -1.0, 2.0, 1.0, -0.5].into_iter().enumerate() {
            world.places[agent] = [x, 0.0];
        }
        let nearest = |most| Nearest::of(&world, 0, 1..6, most).iter().collect::<Vec<_>>();
        assert_eq!(nearest(9), [5, 2, 4, 3, 1]);
        assert_eq!(nearest(3), [5, 2, 4]);
        assert_eq!(nearest(1), [5]);
    }
}
