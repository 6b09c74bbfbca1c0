//! Who is put together.
use std::collections::BTreeSet;
use std::fmt::Debug;

use crate::config::MatcherConfig;

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The participant's id.
    pub participant: String,
    /// The group that the participant named.
    pub group: Option<String>,
    /// The round trip to the server, in milliseconds, once it was measured.
    pub rtt_ms: Option<f64>,
    /// How long the participant has waited, in milliseconds.
    pub waited_ms: u64,
}

/// Everybody who waits in a lobby and may be put together now, those who came first first.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// The people.
    pub candidates: Vec<Candidate>,
    /// Pairs of places in `candidates`, the smaller one first, that have tried each other without success.
    pub apart: BTreeSet<(usize, usize)>,
}

/// The longest pool that is gone through from every start: beyond it the first so many are tried as the group's first member.
const MOST_STARTS: usize = 256;
/// So many places are looked at again at most, over all starts, where somebody was taken with whom no group came about.
const MOST_LOOKS: usize = 10_000;

impl Pool {
    /// Whether two may be in one group as far as the pool knows.
    pub fn together(&self, a: usize, b: usize) -> bool {
        !self.apart.contains(&(a.min(b), a.max(b)))
    }

    /// The first group in the order of arrival of which every pair is [`together`](Self::together) and satisfies `fits`, and whose
    /// first member satisfies `begins`. In a long pool it is not looked for in every way there is.
    pub fn first_group(
        &self,
        size: usize,
        begins: impl Fn(&Candidate) -> bool,
        fits: impl Fn(&Candidate, &Candidate) -> bool,
    ) -> Option<Vec<usize>> {
        let starts = self.candidates.iter().enumerate().filter(|(_, first)| begins(first)).take(MOST_STARTS);
        let mut looks = MOST_LOOKS;
        for (start, first) in starts {
            let mut group = vec![(start, first)];
            let (mut next, mut again) = (start + 1, false);
            while group.len() < size {
                let enough = self.candidates.len().saturating_sub(next) >= size - group.len();
                let Some(candidate) = self.candidates.get(next).filter(|_| enough) else {
                    // With the latest nothing came about: without that one it may.
                    let Some((latest, _)) = group.pop().filter(|_| !group.is_empty()) else { break };
                    (next, again) = (latest + 1, true);
                    continue;
                };
                if again {
                    let Some(left) = looks.checked_sub(1) else { break };
                    looks = left;
                }
                if group.iter().all(|(other, member)| self.together(*other, next) && fits(member, candidate)) {
                    group.push((next, candidate));
                }
                next += 1;
            }
            if group.len() == size {
                return Some(group.into_iter().map(|(index, _)| index).collect());
            }
        }
        None
    }
}

/// Puts people together. Whoever writes rules of their own implements this.
///
/// A matcher decides by what it is given and by nothing else: asked the same, it answers the same.
pub trait Matcher: Debug + Send {
    /// A group of `size` places in the pool, each once, in the order of the seats; `None` where there is none.
    fn propose(&self, pool: &Pool, size: usize) -> Option<Vec<usize>>;

    /// Whether a participant may come in at all.
    ///
    /// # Errors
    /// What the participant is told.
    fn admits(&self, candidate: &Candidate) -> Result<(), String> {
        let _ = candidate;
        Ok(())
    }

    /// Whether a group may play whose slowest pair has this round trip, as its browsers measured it.
    fn allows_rtt(&self, rtt_ms: f64) -> bool {
        let _ = rtt_ms;
        true
    }
}

/// First come, first served.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstCome;

impl Matcher for FirstCome {
    fn propose(&self, pool: &Pool, size: usize) -> Option<Vec<usize>> {
        pool.first_group(size, |_| true, |_, _| true)
    }
}

/// First come, first served, among those who are near enough.
#[derive(Clone, Copy, Debug)]
pub struct NearEnough {
    /// The longest round trip between two, in milliseconds. By the relay it is the sum of both's to the server.
    pub limit_ms: f64,
}

impl Matcher for NearEnough {
    fn propose(&self, pool: &Pool, size: usize) -> Option<Vec<usize>> {
        let sum = |a: &Candidate, b: &Candidate| Some(a.rtt_ms? + b.rtt_ms?);
        pool.first_group(
            size,
            |first| first.rtt_ms.is_some_and(|rtt| rtt <= self.limit_ms),
            |a, b| sum(a, b).is_some_and(|rtt| rtt <= self.limit_ms),
        )
    }

    fn allows_rtt(&self, rtt_ms: f64) -> bool {
        rtt_ms <= self.limit_ms
    }
}

/// Those who name the same group.
#[derive(Clone, Copy, Debug, Default)]
pub struct SameGroup;

impl Matcher for SameGroup {
    fn propose(&self, pool: &Pool, size: usize) -> Option<Vec<usize>> {
        pool.first_group(size, |first| first.group.is_some(), |a, b| a.group == b.group)
    }

    fn admits(&self, candidate: &Candidate) -> Result<(), String> {
        match candidate.group {
            Some(_) => Ok(()),
            None => Err("This study is for groups, and no group was named.".to_owned()),
        }
    }
}

impl MatcherConfig {
    /// The matcher that a lobby asks for.
    pub fn matcher(&self) -> Box<dyn Matcher> {
        match *self {
            Self::FirstCome => Box::new(FirstCome),
            Self::Latency { limit_ms } => Box::new(NearEnough { limit_ms }),
            Self::Group => Box::new(SameGroup),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(people: &[(Option<&str>, Option<f64>)]) -> Pool {
        let candidate = |(index, (group, rtt_ms)): (usize, &(Option<&str>, Option<f64>))| Candidate {
            participant: format!("p{index}"),
            group: group.map(str::to_owned),
            rtt_ms: *rtt_ms,
            waited_ms: 0,
        };
        Pool { candidates: people.iter().enumerate().map(candidate).collect(), apart: BTreeSet::new() }
    }

    #[test]
    fn who_came_first_is_served_first() {
        let mut pool = pool(&[(None, None), (None, None), (None, None)]);
        assert_eq!(FirstCome.propose(&pool, 2), Some(vec![0, 1]));
        assert_eq!(FirstCome.propose(&pool, 4), None);
        pool.apart.insert((0, 1));
        assert_eq!(FirstCome.propose(&pool, 2), Some(vec![0, 2]));
        assert_eq!(FirstCome.propose(&pool, 3), None);
    }

    #[test]
    fn nobody_is_put_together_with_somebody_too_far_or_not_measured() {
        let near = NearEnough { limit_ms: 100.0 };
        let pool = pool(&[(None, None), (None, Some(90.0)), (None, Some(70.0)), (None, Some(40.0)), (None, Some(5.0))]);
        assert_eq!(near.propose(&pool, 2), Some(vec![1, 4]));
        assert_eq!(near.propose(&pool, 3), None);
        assert!(near.allows_rtt(100.0) && !near.allows_rtt(100.5));
    }

    #[test]
    fn whoever_fits_the_first_and_nobody_else_does_not_keep_a_group_from_being_found() {
        let near = NearEnough { limit_ms: 100.0 };
        // The second is near the first and too far from the others.
        let pool = pool(&[(None, Some(10.0)), (None, Some(80.0)), (None, Some(40.0)), (None, Some(50.0))]);
        assert_eq!(near.propose(&pool, 3), Some(vec![0, 2, 3]));
        assert_eq!(near.propose(&pool, 2), Some(vec![0, 1]), "who came first is still served first");
        assert_eq!(near.propose(&pool, 4), None);
    }

    #[test]
    fn a_long_pool_in_which_there_is_no_group_is_not_gone_through_in_every_way() {
        let mut pool = pool(&[(None, None); 400]);
        // Everybody has tried somebody: there are many groups of seven, and none of eight.
        let pairs = |index: usize| (index + 1..400).filter(move |other| other % 7 == index % 7);
        pool.apart = (0..400).flat_map(|index| pairs(index).map(move |other| (index, other))).collect();
        let asked = std::cell::Cell::new(0_usize);
        let fits = |_: &Candidate, _: &Candidate| {
            asked.set(asked.get() + 1);
            true
        };
        assert_eq!(pool.first_group(8, |_| true, fits), None);
        assert!(asked.get() < 8 * (MOST_LOOKS + MOST_STARTS * 400), "{}", asked.get());
    }

    #[test]
    fn a_group_is_put_together_when_all_of_it_is_there() {
        let pool = pool(&[(Some("a"), None), (Some("b"), None), (None, None), (Some("b"), None)]);
        assert_eq!(SameGroup.propose(&pool, 2), Some(vec![1, 3]));
        assert!(pool.candidates.iter().map(|c| SameGroup.admits(c).is_ok()).eq([true, true, false, true]));
    }
}
