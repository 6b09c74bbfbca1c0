//! What a step can lead to, and which of it happens: after `toy_text/utils.py`.
use palaestra_env::SeededRng;

/// What an action may lead to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Transition<S> {
    pub(super) probability: f64,
    pub(super) state: S,
    pub(super) reward: f64,
    pub(super) terminated: bool,
}

/// The index of one of some probabilities: the first whose sum with those before it is above a random number, or 0 if none is.
/// Always one draw, even where there is no choice.
pub(super) fn drawn(probabilities: impl IntoIterator<Item = f64>, rng: &mut SeededRng) -> usize {
    let number = rng.random();
    let mut sum = 0.0;
    let above = |probability: f64| {
        sum += probability;
        sum > number
    };
    probabilities.into_iter().position(above).unwrap_or(0)
}

/// [`drawn`] of a few probabilities, without a branch on what cannot be foreseen.
pub(super) fn drawn_of<const N: usize>(probabilities: [f64; N], rng: &mut SeededRng) -> usize {
    let number = rng.random();
    let (mut sum, mut index) = (0.0, 0);
    for probability in probabilities {
        sum += probability;
        index += usize::from(sum <= number);
    }
    if index < N { index } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_drawn_like_many() {
        let mut rng = SeededRng::new(4);
        for few in [[0.25, 0.5, 0.25], [0.0, 1.0, 0.0], [1.0 / 3.0; 3], [0.0; 3], [0.1, 0.2, 0.1]] {
            for _ in 0..500 {
                let mut twin = rng.clone();
                assert_eq!(drawn_of(few, &mut rng), drawn(few, &mut twin), "{few:?}");
                assert_eq!(rng, twin);
            }
        }
    }

    #[test]
    fn certainty_draws_too() {
        let mut rng = SeededRng::new(1);
        let mut twin = rng.clone();
        assert_eq!(drawn([1.0], &mut rng), 0);
        twin.random();
        assert_eq!(rng, twin);
    }

    #[test]
    fn what_the_sum_leaves_over_falls_to_the_first() {
        let mut rng = SeededRng::new(3);
        assert!((0..100).all(|_| drawn([0.0, 0.0], &mut rng) == 0));
        let counts = (0..9000).map(|_| drawn([0.0, 0.5, 0.25], &mut rng)).fold([0_u32; 3], |mut counts, index| {
            counts[index] += 1;
            counts
        });
        assert!(counts[0].abs_diff(2250) < 200 && counts[1].abs_diff(4500) < 200, "{counts:?}");
    }
}
