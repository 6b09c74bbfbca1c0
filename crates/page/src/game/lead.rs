//! How long before its time a step is sent. Knows no clock: times come in.

/// On a page with nothing else to do: a message's way to the Worker.
const LEAST_MS: f64 = 1.5;
/// On a page that is always late: of a key struck in so long a time the Worker has to be told once more.
const MOST_MS: f64 = 12.0;
/// How many of the timer's rings are remembered: half a second or two.
const REMEMBERED: usize = 32;

/// As late as the page can afford, by how late its own timer lately was: what has been sent is at the Worker in time, and what
/// is sent late has the latest keys in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lead {
    late: [f64; REMEMBERED],
    next: usize,
}

impl Lead {
    /// Milliseconds from sending a step to its time.
    pub(crate) fn ms(&self) -> f64 {
        (LEAST_MS + self.late.iter().copied().fold(0.0, f64::max)).min(MOST_MS)
    }

    /// The timer rang so many milliseconds after it should have.
    pub(crate) fn rang_late(&mut self, ms: f64) {
        self.late.get_mut(self.next % REMEMBERED).into_iter().for_each(|late| *late = ms);
        self.next = self.next.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_time_sends_late_and_a_busy_one_early_until_it_has_time_again() {
        let mut lead = Lead::default();
        assert_eq!(lead.ms(), LEAST_MS);
        lead.rang_late(6.0);
        (1..REMEMBERED).for_each(|_| lead.rang_late(0.2));
        assert_eq!(lead.ms(), LEAST_MS + 6.0);
        lead.rang_late(0.1);
        assert_eq!(lead.ms(), LEAST_MS + 0.2);
    }

    #[test]
    fn no_stall_makes_it_send_earlier_than_it_may() {
        let mut lead = Lead::default();
        for late in [5_000.0, f64::INFINITY, f64::NAN, -3.0] {
            lead.rang_late(late);
            assert_eq!(lead.ms(), MOST_MS, "{late}");
        }
    }
}
