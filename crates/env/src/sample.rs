//! Random members of spaces, and the random player that draws its actions so.
//!
//! Draws follow `gymnasium.Space.sample` (1.4) for Discrete, MultiDiscrete and bounded Boxes of floats: the same generator
//! gives the same members. The others are spread alike over the space's members, but drawn more simply; see
//! [`Value::sample`].
use crate::rng::SeededRng;
use crate::space::{BoxSpace, Space};
use crate::value::{Tensor, Value};

impl Value {
    /// A member of the space drawn from `rng`: integers and bounded numbers uniformly, an element of a Box that is unbounded
    /// on a side uniformly from the unit interval beside its bound, and from -1 to 1 where it has none. Texts and sequences
    /// are empty.
    pub fn sample(space: &Space, rng: &mut SeededRng) -> Self {
        match space {
            Space::Discrete { n, start } => Value::Discrete(rng.integers(*start, start.saturating_add(*n))),
            Space::Box(space) => sample_box(space, rng),
            Space::MultiDiscrete { nvec } => {
                Value::MultiDiscrete(nvec.iter().map(|n| (rng.random() * *n as f64) as i64).collect())
            }
            Space::MultiBinary { n } => {
                Value::MultiBinary((0..*n).map(|_| u8::from(rng.integers(0, 2) == 1)).collect())
            }
            Space::Tuple { spaces } => Value::Tuple(spaces.iter().map(|space| Value::sample(space, rng)).collect()),
            Space::Dict { spaces } => Value::Dict(spaces.iter().map(|(_, space)| Value::sample(space, rng)).collect()),
            Space::Text { .. } | Space::Sequence { .. } | Space::None => Value::blank(space),
            Space::Bool => Value::Bool(rng.integers(0, 2) == 1),
            Space::OneOf { spaces } => {
                let index = rng.integers(0, spaces.len() as i64) as usize;
                let value = spaces.get(index).map_or(Value::None, |space| Value::sample(space, rng));
                Value::OneOf(index, Box::new(value))
            }
        }
    }
}

fn sample_box(space: &BoxSpace, rng: &mut SeededRng) -> Value {
    let whole = !space.dtype.is_float();
    let values = (0..space.len()).map(|index| {
        let (low, high) = space.bounds(index);
        let (low, high) = match (low.is_finite(), high.is_finite()) {
            (true, true) => (low, high),
            (true, false) => (low, low + 1.0),
            (false, true) => (high - 1.0, high),
            (false, false) => (-1.0, 1.0),
        };
        if whole { rng.integers(low as i64, (high as i64).saturating_add(1)) as f64 } else { rng.uniform(low, high) }
    });
    Value::Tensor(Tensor::from_f64s(space.dtype, values))
}

/// Plays an agent at random: what a `random` seat of a game in the browser and `palaestra play` do, the same actions for the
/// same session seed.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomPlayer {
    space: Space,
    rng: SeededRng,
}

impl RandomPlayer {
    /// For agent number `agent` of a session, with a generator of its own: `default_rng([seed's low half, its high half,
    /// agent])`. So a second random player does not change what the first one does.
    pub fn new(space: Space, seed: u64, agent: usize) -> Self {
        let words = [seed as u32, (seed >> 32) as u32, agent as u32];
        Self { space, rng: SeededRng::from_entropy_words(&words) }
    }

    /// The next action.
    pub fn choose(&mut self) -> Value {
        Value::sample(&self.space, &mut self.rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::DType;

    #[test]
    fn draws_are_those_of_gymnasium() {
        // gymnasium 1.4.0: each space with its `_np_random` replaced by numpy.random.default_rng(42), four samples.
        let draws = |space: Space| -> Vec<Value> {
            let mut rng = SeededRng::new(42);
            (0..4).map(|_| Value::sample(&space, &mut rng)).collect()
        };
        assert_eq!(draws(Space::Discrete { n: 6, start: -2 }), [-2, 2, 1, 0].map(Value::Discrete));
        assert_eq!(
            draws(Space::MultiDiscrete { nvec: vec![2, 1, 7] }),
            [[1, 0, 6], [1, 0, 6], [1, 0, 0], [0, 0, 6]].map(|member| Value::MultiDiscrete(member.to_vec()))
        );
        let expected =
            [[1.0958242, 0.43887845], [1.4343917, 0.697368], [-1.6232907, 0.97562236], [1.0445588, 0.7860643]];
        assert_eq!(
            draws(Space::Box(BoxSpace::vector(&[-2.0, 0.0], &[2.0, 1.0], DType::Float32))),
            expected.map(|member| Value::Tensor(Tensor::F32(member.to_vec())))
        );
    }

    #[test]
    fn every_draw_is_a_member() {
        let boxed = |low, high, dtype| Space::Box(BoxSpace::uniform(low, high, &[2, 2], dtype));
        let spaces = [
            Space::Discrete { n: 3, start: 5 },
            Space::MultiDiscrete { nvec: vec![2, 1, 7] },
            Space::MultiBinary { n: 9 },
            boxed(-1.0, 1.0, DType::Float32),
            boxed(0.0, 255.0, DType::Uint8),
            boxed(f64::NEG_INFINITY, f64::INFINITY, DType::Float64),
            boxed(-3.0, f64::INFINITY, DType::Float64),
            boxed(f64::NEG_INFINITY, 4.0, DType::Float32),
            Space::optional(Space::Bool),
            Space::dict([("one", Space::tuple([Space::None, Space::text(3)])), ("many", Space::sequence(Space::Bool))]),
        ];
        let mut rng = SeededRng::new(7);
        for space in spaces {
            for _ in 0..200 {
                let value = Value::sample(&space, &mut rng);
                assert!(space.contains(&value), "{space}: {value:?}");
            }
        }
    }

    #[test]
    fn an_element_without_bounds_lies_in_the_unit_interval_beside_what_bound_it_has() {
        let drawn = |low: f64, high: f64| {
            let space = Space::Box(BoxSpace::uniform(low, high, &[400], DType::Float64));
            let Value::Tensor(tensor) = Value::sample(&space, &mut SeededRng::new(3)) else { panic!("no tensor") };
            let numbers: Vec<f64> = (0..tensor.len()).filter_map(|index| tensor.get(index)).collect();
            numbers.iter().fold([f64::MAX, f64::MIN], |[low, high], number| [low.min(*number), high.max(*number)])
        };
        for (low, high, least, most) in [
            (5.0, f64::INFINITY, 5.0, 6.0),
            (f64::NEG_INFINITY, 4.0, 3.0, 4.0),
            (f64::NEG_INFINITY, f64::INFINITY, -1.0, 1.0),
            (-3.0, 8.0, -3.0, 8.0),
        ] {
            let [found_least, found_most] = drawn(low, high);
            assert!(found_least >= least && found_least < least + 0.1, "{low} {high}: from {found_least}");
            assert!(found_most <= most && found_most > most - 0.1, "{low} {high}: to {found_most}");
        }
    }

    #[test]
    fn bits_and_flags_are_those_of_the_integers_drawn() {
        let mut rng = SeededRng::new(4);
        let bits: Vec<bool> = (0..64).map(|_| rng.integers(0, 2) == 1).collect();
        let drawn = Value::sample(&Space::MultiBinary { n: 64 }, &mut SeededRng::new(4));
        assert_eq!(drawn, Value::MultiBinary(bits.iter().map(|bit| u8::from(*bit)).collect()));
        assert!(bits.contains(&true) && bits.contains(&false));
        let mut rng = SeededRng::new(4);
        let flags: Vec<Value> = (0..64).map(|_| Value::sample(&Space::Bool, &mut rng)).collect();
        assert_eq!(flags, bits.iter().map(|bit| Value::Bool(*bit)).collect::<Vec<_>>());
    }

    #[test]
    fn players_of_one_session_draw_from_generators_of_their_own() {
        let played = |agent| -> Vec<Value> {
            let mut player = RandomPlayer::new(Space::discrete(1_000), u64::MAX, agent);
            (0..5).map(|_| player.choose()).collect()
        };
        assert_eq!(played(0), played(0));
        assert_ne!(played(0), played(1));
    }

    #[test]
    fn a_random_player_s_seed_counts_in_both_its_halves() {
        let space = || Space::discrete(1_000_000);
        let played = |seed| RandomPlayer::new(space(), seed, 2).choose();
        for (seed, words) in [
            (7, [7, 0, 2]),
            (7 << 32, [0, 7, 2]),
            (0x1234_5678_9abc_def0, [0x9abc_def0, 0x1234_5678, 2]),
            (u64::MAX, [u32::MAX, u32::MAX, 2]),
        ] {
            let expected = Value::sample(&space(), &mut SeededRng::from_entropy_words(&words));
            assert_eq!(played(seed), expected, "{seed:x}");
        }
        assert_ne!(played(7), played(7 << 32));
        assert_ne!(played(7), played(7 | 1 << 63));
    }
}
