//! Which episode is played, and when there are no more.

/// Where the present episode stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// It is about to begin: the Worker is asked to.
    Beginning,
    Played,
    /// The next may begin at this time.
    Over(f64),
}

/// The episodes of a session, one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Episodes {
    stage: Stage,
    pause: f64,
    most_steps: Option<u64>,
    most_episodes: Option<u64>,
}

impl Episodes {
    /// Before the first: `pause` milliseconds lie between two, and so many steps and episodes are all.
    pub(super) fn new(pause: f64, most_steps: Option<u64>, most_episodes: Option<u64>) -> Self {
        Self { stage: Stage::Beginning, pause, most_steps, most_episodes }
    }

    /// Whether steps belong to an episode.
    pub(super) fn played(&self) -> bool {
        self.stage == Stage::Played
    }

    /// An episode begins, unless none was asked for. Gives whether it does.
    pub(super) fn begin(&mut self) -> bool {
        let asked = self.stage == Stage::Beginning;
        if asked {
            self.stage = Stage::Played;
        }
        asked
    }

    /// An episode begins that others decide on: the match's.
    pub(super) fn follow(&mut self) {
        self.stage = Stage::Played;
    }

    /// The episode's last step has been played.
    pub(super) fn end(&mut self, now: f64) {
        self.stage = Stage::Over(now + self.pause);
    }

    /// Whether it is time for the next one, which is asked for then.
    pub(super) fn next(&mut self, now: f64) -> bool {
        let due = matches!(self.stage, Stage::Over(until) if now >= until);
        if due {
            self.stage = Stage::Beginning;
        }
        due
    }

    /// Whether so many steps and finished episodes are all there are.
    pub(super) fn complete(&self, steps: u64, episodes: u64) -> bool {
        self.most_steps.is_some_and(|most| steps >= most) || self.most_episodes.is_some_and(|most| episodes >= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_episode_begins_once_for_every_time_that_it_was_asked_for() {
        let mut episodes = Episodes::new(100.0, None, None);
        assert!(!episodes.played());
        assert!(episodes.begin() && episodes.played());
        assert!(!episodes.begin());
        episodes.end(1000.0);
        assert!(!episodes.played() && !episodes.begin());
        assert!(!episodes.next(1099.0));
        assert!(episodes.next(1100.0));
        assert!(!episodes.next(1200.0));
        assert!(episodes.begin());
    }

    #[test]
    fn steps_or_episodes_whichever_are_through_first_are_the_end() {
        assert!(!Episodes::new(0.0, None, None).complete(u64::MAX, u64::MAX));
        assert!(Episodes::new(0.0, Some(5), Some(2)).complete(5, 0));
        assert!(Episodes::new(0.0, Some(5), Some(2)).complete(1, 2));
        assert!(!Episodes::new(0.0, Some(5), Some(2)).complete(4, 1));
    }
}
