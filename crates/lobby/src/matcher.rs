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

impl Pool {
    /// Whether two may be in one group as far as the pool knows.
    pub fn together(&self, a: usize, b: usize) -> bool {
        !self.apart.contains(&(a.min(b), a.max(b)))
    }

    /// The first group in the order of arrival of which every pair is [`together`](Self::together) and satisfies `fits`, and whose
    /// first member satisfies `begins`.
    pub fn first_group(
        &self,
        size: usize,
        begins: impl Fn(&Candidate) -> bool,
        fits: impl Fn(&Candidate, &Candidate) -> bool,
    ) -> Option<Vec<usize>> {
        let starts = self.candidates.iter().enumerate().filter(|(_, first)| begins(first)).take(MOST_STARTS);
        for (start, first) in starts {
            let mut group = vec![(start, first)];
            for (index, next) in self.candidates.iter().enumerate().skip(start + 1) {
                if group.len() >= size {
                    break;
                }
                if group.iter().all(|(other, member)| self.together(*other, index) && fits(member, next)) {
                    group.push((index, next));
                }
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
    fn a_group_is_put_together_when_all_of_it_is_there() {
        let pool = pool(&[(Some("a"), None), (Some("b"), None), (None, None), (Some("b"), None)]);
        assert_eq!(SameGroup.propose(&pool, 2), Some(vec![1, 3]));
        assert!(pool.candidates.iter().map(|c| SameGroup.admits(c).is_ok()).eq([true, true, false, true]));
    }
}
