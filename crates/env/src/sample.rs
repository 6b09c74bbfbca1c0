//! Random members of spaces, and the random player that draws its actions so.
//!
//! Draws follow `gymnasium.Space.sample` (1.4) for Discrete, MultiDiscrete and bounded Boxes of floats: the same generator
//! gives the same members. The others are spread alike over the space's members, but drawn more simply; see
//! [`Value::sample`].
use crate::rng::SeededRng;
use crate::space::{BoxSpace, Space};
use crate::value::Value;

impl Value {
    /// A member of the space drawn from `rng`: integers and bounded numbers uniformly, an element of a Box that is unbounded
    /// on a side uniformly from the unit interval beside its bound, and from -1 to 1 where it has none. Texts are as short as
    /// they may be, and sequences are empty.
    pub fn sample(space: &Space, rng: &mut SeededRng) -> Self {
        let mut value = Value::blank(space);
        value.sample_again(space, rng);
        value
    }

    /// Becomes such a member, in the memory there is where it was a member of the same space before.
    pub fn sample_again(&mut self, space: &Space, rng: &mut SeededRng) {
        match (space, &mut *self) {
            (Space::Discrete { n, start }, Value::Discrete(value)) => {
                *value = rng.integers(*start, start.saturating_add(*n));
            }
            (Space::Box(space), Value::Tensor(tensor)) if tensor.dtype() == space.dtype => {
                tensor.set_f64s((0..space.len()).map(|index| element(space, index, rng)));
            }
            (Space::MultiDiscrete { nvec }, Value::MultiDiscrete(values)) => {
                values.clear();
                values.extend(nvec.iter().map(|n| (rng.random() * *n as f64) as i64));
            }
            (Space::MultiBinary { n }, Value::MultiBinary(bits)) => {
                bits.clear();
                bits.extend((0..*n).map(|_| u8::from(rng.integers(0, 2) == 1)));
            }
            (Space::Tuple { spaces }, Value::Tuple(values)) if values.len() == spaces.len() => {
                spaces.iter().zip(values).for_each(|(space, value)| value.sample_again(space, rng));
            }
            (Space::Dict { spaces }, Value::Dict(values)) if values.len() == spaces.len() => {
                spaces.iter().zip(values).for_each(|((_, space), value)| value.sample_again(space, rng));
            }
            (Space::Text { min_length, charset, .. }, Value::Text(text)) => {
                let letters: Vec<char> = charset.as_deref().unwrap_or("a").chars().collect();
                text.clear();
                text.extend((0..*min_length).filter_map(|_| letters.get(rng.choice(letters.len()))));
            }
            (Space::Sequence { .. } | Space::None, _) => *self = Value::blank(space),
            (Space::Bool, _) => *self = Value::Bool(rng.integers(0, 2) == 1),
            (Space::OneOf { spaces }, Value::OneOf(index, value)) => {
                *index = rng.integers(0, spaces.len() as i64) as usize;
                match spaces.get(*index) {
                    Some(space) => value.sample_again(space, rng),
                    None => **value = Value::None,
                }
            }
            // It was no such member: a blank one is.
            _ => *self = Value::sample(space, rng),
        }
    }
}

fn element(space: &BoxSpace, index: usize, rng: &mut SeededRng) -> f64 {
    let (low, high) = space.bounds(index);
    let (low, high) = match (low.is_finite(), high.is_finite()) {
        (true, true) => (low, high),
        (true, false) => (low, low + 1.0),
        (false, true) => (high - 1.0, high),
        (false, false) => (-1.0, 1.0),
    };
    if space.dtype.is_float() {
        rng.uniform(low, high)
    } else {
        rng.integers(low as i64, (high as i64).saturating_add(1)) as f64
    }
}

/// Plays an agent at random: what a `random` seat of a game in the browser and `palaestra play` do, the same actions for the
/// same session seed.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomPlayer {
    space: Space,
    rng: SeededRng,
}

impl RandomPlayer {
    /// For agent number `agent` of a session, with a [generator of its own](SeededRng::for_seat).
    pub fn new(space: Space, seed: u64, agent: usize) -> Self {
        Self { space, rng: SeededRng::for_seat(seed, agent) }
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
    use crate::value::Tensor;

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
    fn players_of_any_two_sessions_or_seats_choose_otherwise() {
        let choices = |seed: u64, agent: usize| -> Vec<Value> {
            let mut player = RandomPlayer::new(Space::discrete(1000), seed, agent);
            (0..8).map(|_| player.choose()).collect()
        };
        let seeds = [7, 7 | 1 << 32, 7 | 1 << 63, 8];
        let all: Vec<Vec<Value>> = seeds.iter().flat_map(|seed| [choices(*seed, 0), choices(*seed, 1)]).collect();
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{index}: {one:?}");
        }
        assert_eq!(choices(7, 1), choices(7, 1));
    }

    fn text(min_length: usize, charset: Option<&str>) -> Space {
        Space::Text { min_length, max_length: 4, charset: charset.map(str::to_owned) }
    }

    #[test]
    fn a_text_is_as_short_as_it_may_be_and_has_all_of_its_letters() {
        let mut rng = SeededRng::new(7);
        let drawn: Vec<Value> = (0..99).map(|_| Value::sample(&text(1, Some("aßz")), &mut rng)).collect();
        for letter in ["a", "ß", "z"] {
            assert!(drawn.contains(&Value::Text(letter.into())), "{letter}");
        }
        // One that may be empty is, and draws nothing.
        let before = rng.state();
        assert_eq!(Value::sample(&text(0, Some("aßz")), &mut rng), Value::Text(String::new()));
        assert_eq!(rng.state(), before);
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
            text(1, Some("xyz")),
            text(3, None),
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
    fn a_value_that_is_drawn_again_is_the_one_that_would_have_been_drawn_whatever_it_was_before() {
        let spaces = [
            Space::Discrete { n: 9, start: 5 },
            Space::MultiDiscrete { nvec: vec![20, 10, 7] },
            Space::MultiBinary { n: 9 },
            Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2], DType::Float32)),
            Space::Box(BoxSpace::uniform(0.0, 255.0, &[3], DType::Uint8)),
            Space::optional(Space::Bool),
            Space::tuple([Space::discrete(50)]),
            Space::tuple([Space::discrete(50), Space::discrete(7)]),
            Space::dict([("one", Space::discrete(50))]),
            Space::dict([("one", Space::discrete(50)), ("two", Space::discrete(7))]),
            Space::tuple([Space::discrete(50), Space::dict([("one", Space::text(3)), ("two", Space::discrete(9))])]),
            text(2, Some("xyz")),
        ];
        let mut value = Value::None;
        for (space, seed) in spaces.iter().flat_map(|space| [(space, 1), (space, 2)]) {
            value.sample_again(space, &mut SeededRng::new(seed));
            assert_eq!(value, Value::sample(space, &mut SeededRng::new(seed)), "{space}");
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
            (7, [7, 0, 2, 1]),
            (7 << 32, [0, 7, 2, 1]),
            (0x1234_5678_9abc_def0, [0x9abc_def0, 0x1234_5678, 2, 1]),
            (u64::MAX, [u32::MAX, u32::MAX, 2, 1]),
        ] {
            let expected = Value::sample(&space(), &mut SeededRng::from_entropy_words(&words));
            assert_eq!(played(seed), expected, "{seed:x}");
        }
        assert_ne!(played(7), played(7 << 32));
        assert_ne!(played(7), played(7 | 1 << 63));
    }
}
