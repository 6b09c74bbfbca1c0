//! When the play socket is opened, and again. It decides nothing else: what is said on it is others'.

/// Milliseconds to the first new try, doubled for each that follows, at most the second.
const FIRST_RETRY_MS: f64 = 100.0;
const LAST_RETRY_MS: f64 = 2_000.0;
/// How long opening may take.
const OPENING_MS: f64 = 5_000.0;
/// Silence after which the server is asked, and after which nobody believes that it is there.
const ASK_MS: f64 = 4_000.0;
const SILENCE_MS: f64 = 12_000.0;
/// Times that a server may say that a message was none before it is believed.
const MOST_REFUSED: u32 = 3;

/// The close code that is told where the grace is over.
pub(super) const GRACE_OVER: u16 = 4408;
/// The close code of a connection that just broke.
pub(super) const BROKEN: u16 = 1006;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Opening {
        since: f64,
    },
    Open {
        heard: f64,
        asked: bool,
    },
    /// It is opened again then.
    Waiting {
        until: f64,
    },
    /// It is not opened again by itself.
    Closed,
}

/// What is to be done, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Act {
    Connect,
    Disconnect,
    Ping,
    /// It is lost, and tried again in so many milliseconds.
    Lost {
        code: u16,
        retry_ms: u32,
    },
    /// It is not tried again.
    Refused {
        code: u16,
    },
}

/// The life of the play socket.
pub(super) struct Socket {
    stage: Stage,
    grace: f64,
    tries: u32,
    refused: u32,
    /// Since when there has been none that was good.
    gone: f64,
    good: Good,
}

/// What has come on the connection that is open. One that is let in and sent away at once again has been none.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Good {
    NotYet,
    Welcomed,
    /// Something came after the welcome.
    Heard,
}

impl Socket {
    /// That is to be opened at once.
    pub(super) fn new(now: f64, grace: f64) -> Self {
        Self { stage: Stage::Waiting { until: now }, grace, tries: 0, refused: 0, gone: now, good: Good::NotYet }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open { .. })
    }

    /// Opens it anew, whatever there is: its address is another.
    pub(super) fn renew(&mut self, now: f64, mut act: impl FnMut(Act)) {
        if matches!(self.stage, Stage::Open { .. } | Stage::Opening { .. }) {
            act(Act::Disconnect);
        }
        *self = Self::new(now, self.grace);
        self.advance(now, act);
    }

    /// Closes it for good.
    pub(super) fn close(&mut self, mut act: impl FnMut(Act)) {
        if matches!(self.stage, Stage::Open { .. } | Stage::Opening { .. }) {
            act(Act::Disconnect);
        }
        self.stage = Stage::Closed;
    }

    pub(super) fn opened(&mut self, now: f64) {
        if matches!(self.stage, Stage::Opening { .. }) {
            self.stage = Stage::Open { heard: now, asked: false };
            self.good = Good::NotYet;
        }
    }

    /// The server has said who this is: with what comes next it is a connection.
    pub(super) fn welcomed(&mut self) {
        self.good = Good::Welcomed;
    }

    /// Something came.
    pub(super) fn heard(&mut self, now: f64) {
        if let Stage::Open { .. } = self.stage {
            self.stage = Stage::Open { heard: now, asked: false };
            if self.good != Good::NotYet {
                (self.good, self.tries) = (Good::Heard, 0);
            }
        }
    }

    /// It was closed, by whomever.
    pub(super) fn closed(&mut self, now: f64, code: u16, mut act: impl FnMut(Act)) {
        match self.stage {
            Stage::Open { .. } if self.good == Good::Heard => self.gone = now,
            Stage::Open { .. } | Stage::Opening { .. } => {}
            Stage::Waiting { .. } | Stage::Closed => return,
        }
        self.refused += u32::from(code == 4000);
        let again = match code {
            // Not a word of the server's, or one that asks to come again.
            1001 | BROKEN | 1011 | 1012 | 1013 | 4002 | 4008 | 4009 | 4011 => true,
            4000 => self.refused < MOST_REFUSED,
            _ => false,
        };
        if again && now - self.gone < self.grace {
            let retry = (FIRST_RETRY_MS * f64::from(1_u32 << self.tries.min(10))).min(LAST_RETRY_MS);
            self.tries += 1;
            self.stage = Stage::Waiting { until: now + retry };
            act(Act::Lost { code, retry_ms: retry as u32 });
        } else {
            self.stage = Stage::Closed;
            act(Act::Refused { code: if again { GRACE_OVER } else { code } });
        }
    }

    pub(super) fn due(&self) -> Option<f64> {
        match self.stage {
            Stage::Opening { since } => Some(since + OPENING_MS),
            Stage::Open { heard, asked } => Some(heard + if asked { SILENCE_MS } else { ASK_MS }),
            Stage::Waiting { until } => Some(until),
            Stage::Closed => None,
        }
    }

    pub(super) fn advance(&mut self, now: f64, mut act: impl FnMut(Act)) {
        if self.due().is_none_or(|due| due > now) {
            return;
        }
        match self.stage {
            Stage::Waiting { .. } => {
                self.stage = Stage::Opening { since: now };
                act(Act::Connect);
            }
            Stage::Open { heard, asked: false } => {
                self.stage = Stage::Open { heard, asked: true };
                act(Act::Ping);
            }
            Stage::Opening { .. } | Stage::Open { .. } => {
                act(Act::Disconnect);
                self.closed(now, BROKEN, act);
            }
            Stage::Closed => {}
        }
    }
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
