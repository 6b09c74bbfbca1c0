//! What a page says to a game in a Worker: how it is set up, how far it may go, which keys move, and what else is input.
//!
//! ```text
//! Reset    seeded u8 │ [seed u64] │ options: a plain value, or nothing
//! Grant    until f64 │ sent f64
//! Key      motion u8 │ 0 u8 │ code u16 │ at f64 │ sent f64
//! Act      agent u16 │ at f64 │ sent f64 │ an action as its space encodes it
//! Setup    fps f64 │ seed u64 │ limit u64 │ snapshots u32 │ flags u8 │ seats u16 │ a seat each
//! seat     1 │ mode u8 │ bindings u16 │ (codes u16 │ a code u16 each │ action)… │ idle u16 │ an action each      a person
//!          2                                                                                                   random
//!          3 │ action                                                                                          one action
//!          4 │ idle u16 │ an action each                                                   a person at another browser
//!          5                                                                               the policy given for the seat
//!          6 │ skill f64                                                                          the environment's expert
//! action   as its space encodes it, behind its length, u32
//! ```
use crate::request::Flags;
use crate::wire::{self, ProtocolError};

/// A new episode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reset<'a> {
    /// Where the generator starts anew; nothing: it goes on.
    pub seed: Option<u64>,
    /// The options: a plain object's bytes, or none.
    pub options: &'a [u8],
}

impl<'a> Reset<'a> {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(self.seed.is_some().into());
        out.extend(self.seed.iter().flat_map(|seed| seed.to_le_bytes()));
        out.extend_from_slice(self.options);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let seed = match wire::byte(rest)? {
            0 => None,
            1 => Some(wire::u64(rest)?),
            found => return Err(ProtocolError::UnknownKind { of: "seed", found }),
        };
        Ok(Self { seed, options: rest })
    }
}

/// How far a game may go. The page says so again and again, each time for a moment: what it does not grant is not played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grant {
    /// Ticks that are due up to this moment of the Worker's clock may be played; nothing: the game stands still.
    pub until: Option<f64>,
    /// When the page sent it, on the page's clock.
    pub sent: f64,
}

impl Grant {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.until.unwrap_or(f64::NEG_INFINITY).to_le_bytes());
        out.extend_from_slice(&self.sent.to_le_bytes());
    }

    /// Reads it. A moment that is no number grants nothing.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &[u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let (until, sent) = (wire::f64(rest)?, wire::f64(rest)?);
        wire::end(rest)?;
        Ok(Self { until: Some(until).filter(|until| until.is_finite()), sent })
    }
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Motion {
    /// It came up.
    Up = 0,
    /// It went down.
    Down = 1,
    /// The page lost the keyboard: every key is up, whichever this is.
    AllUp = 2,
}

/// A key moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// How.
    pub motion: Motion,
    /// Which: its place in the list of codes that the [`Setup`]'s bindings number.
    pub code: u16,
    /// When, on the page's clock.
    pub at: f64,
    /// When the page sent it, on the page's clock.
    pub sent: f64,
}

impl Key {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.motion as u8, 0]);
        out.extend_from_slice(&self.code.to_le_bytes());
        out.extend_from_slice(&self.at.to_le_bytes());
        out.extend_from_slice(&self.sent.to_le_bytes());
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &[u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let motion = match wire::byte(rest)? {
            0 => Motion::Up,
            1 => Motion::Down,
            2 => Motion::AllUp,
            found => return Err(ProtocolError::UnknownKind { of: "key motion", found }),
        };
        wire::byte(rest)?;
        let key = Self { motion, code: wire::u16(rest)?, at: wire::f64(rest)?, sent: wire::f64(rest)? };
        wire::end(rest)?;
        Ok(key)
    }
}

/// An action that the page chose for a person's seat, by something else than a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Act<'a> {
    /// Whose.
    pub agent: u16,
    /// When it was chosen, on the page's clock.
    pub at: f64,
    /// When the page sent it, on the page's clock.
    pub sent: f64,
    /// The action, as its space encodes it.
    pub action: &'a [u8],
}

impl<'a> Act<'a> {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.agent.to_le_bytes());
        out.extend_from_slice(&self.at.to_le_bytes());
        out.extend_from_slice(&self.sent.to_le_bytes());
        out.extend_from_slice(self.action);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for fewer bytes than it has without the action.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        Ok(Self { agent: wire::u16(rest)?, at: wire::f64(rest)?, sent: wire::f64(rest)?, action: rest })
    }
}

/// What a game is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Ticks per second.
    pub fps: f64,
    /// The session's seed, which random seats draw from.
    pub seed: u64,
    /// The game stops after so many steps.
    pub max_steps: Option<u64>,
    /// How many frames back it can be rewound.
    pub snapshots: u32,
    /// What each step's event carries.
    pub flags: Flags,
    /// One seat per agent.
    pub seats: Vec<SeatSetup>,
}

/// Who chooses an agent's actions. Actions are encoded by the agent's action space.
#[derive(Clone, Debug, PartialEq)]
pub enum SeatSetup {
    /// A person at a keyboard.
    Person {
        /// How keys become actions.
        mode: InputMode,
        /// Chords of codes, by number, and the action each stands for.
        bindings: Vec<(Vec<u16>, Vec<u8>)>,
        /// What to do while no key says anything, one after another over the ticks; if there is nothing, the game waits.
        idle: Vec<Vec<u8>>,
    },
    /// A uniformly random member of the action space, from the session's seed.
    Random,
    /// Always this action.
    Fixed(Vec<u8>),
    /// A person at another browser, in a [match](crate::together).
    Remote {
        /// As of a person: the first is what the seat plays when nobody acts.
        idle: Vec<Vec<u8>>,
    },
    /// The policy that the Worker was given for this seat when it was started.
    Policy,
    /// The environment's expert.
    Expert {
        /// With what probability it is the expert's action that is played, and not a random one: 0 to 1.
        skill: f64,
    },
}

/// How keys become actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum InputMode {
    /// What is held down at the tick. A key tapped between two ticks counts for the next one: no stroke is lost.
    #[default]
    PressedKeys = 0,
    /// Each stroke is one action, once, in order.
    SingleKeystroke = 1,
}

impl InputMode {
    /// Every mode.
    pub const ALL: [InputMode; 2] = [InputMode::PressedKeys, InputMode::SingleKeystroke];

    /// As options and the registry name it.
    pub fn name(self) -> &'static str {
        match self {
            InputMode::PressedKeys => "pressed_keys",
            InputMode::SingleKeystroke => "single_keystroke",
        }
    }
}

const PERSON: u8 = 1;
const RANDOM: u8 = 2;
const FIXED: u8 = 3;
const REMOTE: u8 = 4;
const POLICY: u8 = 5;
const EXPERT: u8 = 6;

impl Setup {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.fps.to_le_bytes());
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&self.max_steps.unwrap_or(u64::MAX).to_le_bytes());
        out.extend_from_slice(&self.snapshots.to_le_bytes());
        out.push(self.flags.bits());
        put_count(self.seats.len(), out);
        self.seats.iter().for_each(|seat| seat.write(out));
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &[u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let (fps, seed, limit) = (wire::f64(rest)?, wire::u64(rest)?, wire::u64(rest)?);
        let (snapshots, flags) = (wire::u32(rest)?, Flags::from_bits(wire::byte(rest)?));
        let seats = (0..wire::u16(rest)?).map(|_| SeatSetup::read(rest)).collect::<Result<_, _>>()?;
        wire::end(rest)?;
        Ok(Self { fps, seed, max_steps: Some(limit).filter(|limit| *limit != u64::MAX), snapshots, flags, seats })
    }
}

impl SeatSetup {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            SeatSetup::Person { mode, bindings, idle } => {
                out.extend_from_slice(&[PERSON, *mode as u8]);
                put_count(bindings.len(), out);
                for (codes, action) in bindings {
                    put_count(codes.len(), out);
                    out.extend(codes.iter().flat_map(|code| code.to_le_bytes()));
                    wire::put_block(action, out);
                }
                put_count(idle.len(), out);
                idle.iter().for_each(|action| wire::put_block(action, out));
            }
            SeatSetup::Random => out.push(RANDOM),
            SeatSetup::Fixed(action) => {
                out.push(FIXED);
                wire::put_block(action, out);
            }
            SeatSetup::Remote { idle } => {
                out.push(REMOTE);
                put_count(idle.len(), out);
                idle.iter().for_each(|action| wire::put_block(action, out));
            }
            SeatSetup::Policy => out.push(POLICY),
            SeatSetup::Expert { skill } => {
                out.push(EXPERT);
                out.extend_from_slice(&skill.to_le_bytes());
            }
        }
    }

    pub(crate) fn read(rest: &mut &[u8]) -> Result<Self, ProtocolError> {
        let action = |rest: &mut &[u8]| Ok(wire::block(rest)?.to_vec());
        Ok(match wire::byte(rest)? {
            PERSON => {
                let mode = match wire::byte(rest)? {
                    0 => InputMode::PressedKeys,
                    1 => InputMode::SingleKeystroke,
                    found => return Err(ProtocolError::UnknownKind { of: "input mode", found }),
                };
                let binding = |rest: &mut &[u8]| {
                    let codes = (0..wire::u16(rest)?).map(|_| wire::u16(rest)).collect::<Result<_, _>>()?;
                    Ok((codes, action(rest)?))
                };
                let bindings = (0..wire::u16(rest)?).map(|_| binding(rest)).collect::<Result<_, _>>()?;
                let idle = (0..wire::u16(rest)?).map(|_| action(rest)).collect::<Result<_, _>>()?;
                SeatSetup::Person { mode, bindings, idle }
            }
            RANDOM => SeatSetup::Random,
            FIXED => SeatSetup::Fixed(action(rest)?),
            REMOTE => {
                let idle = (0..wire::u16(rest)?).map(|_| action(rest)).collect::<Result<_, _>>()?;
                SeatSetup::Remote { idle }
            }
            POLICY => SeatSetup::Policy,
            EXPERT => SeatSetup::Expert { skill: wire::f64(rest)? },
            found => return Err(ProtocolError::UnknownKind { of: "seat", found }),
        })
    }
}

/// Whoever makes a setup refuses more than a u16 counts.
pub(crate) fn put_count(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> Setup {
        let person = SeatSetup::Person {
            mode: InputMode::SingleKeystroke,
            bindings: vec![(vec![0, 3], vec![1; 8]), (vec![], vec![])],
            idle: vec![vec![0; 8], vec![9; 8]],
        };
        Setup {
            fps: 30.5,
            seed: u64::MAX,
            max_steps: Some(7),
            snapshots: 150,
            flags: Flags { scene: true, autoreset: false, hash: true },
            seats: vec![
                person,
                SeatSetup::Random,
                SeatSetup::Fixed(vec![5]),
                SeatSetup::Remote { idle: vec![vec![7; 3]] },
                SeatSetup::Policy,
                SeatSetup::Expert { skill: 0.7 },
            ],
        }
    }

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes);
        bytes
    }

    #[test]
    fn every_message_reads_back_as_it_was_written() {
        for setup in [setup(), Setup { max_steps: None, seats: vec![], ..setup() }] {
            assert_eq!(Setup::read(&written(|out| setup.write(out))), Ok(setup));
        }
        for reset in [Reset { seed: Some(u64::MAX), options: &[8, 0, 0, 0, 0] }, Reset { seed: None, options: &[] }] {
            assert_eq!(Reset::read(&written(|out| reset.write(out))), Ok(reset));
        }
        for grant in [Grant { until: Some(1.5), sent: 2.0 }, Grant { until: None, sent: 0.0 }] {
            assert_eq!(Grant::read(&written(|out| grant.write(out))), Ok(grant));
        }
        for motion in [Motion::Up, Motion::Down, Motion::AllUp] {
            let key = Key { motion, code: 513, at: 1.0, sent: 2.0 };
            assert_eq!(Key::read(&written(|out| key.write(out))), Ok(key));
        }
        let act = Act { agent: 513, at: 1.0, sent: 2.0, action: &[1, 2, 3] };
        let bytes = written(|out| act.write(out));
        assert_eq!(Act::read(&bytes), Ok(act));
        (0..bytes.len() - act.action.len()).for_each(|cut| assert!(Act::read(&bytes[..cut]).is_err()));
    }

    #[test]
    fn cut_and_damaged_messages_are_errors_or_other_messages_and_never_a_panic() {
        let key = Key { motion: Motion::Down, code: 1, at: 1.0, sent: 2.0 };
        let whole = [
            written(|out| setup().write(out)),
            written(|out| Grant { until: Some(1.0), sent: 2.0 }.write(out)),
            written(|out| key.write(out)),
        ];
        for (which, whole) in whole.iter().enumerate() {
            let read = |bytes: &[u8]| match which {
                0 => Setup::read(bytes).map(drop),
                1 => Grant::read(bytes).map(drop),
                _ => Key::read(bytes).map(drop),
            };
            (0..whole.len()).for_each(|end| assert!(read(&whole[..end]).is_err(), "{which} {end}"));
            let longer: Vec<u8> = whole.iter().copied().chain([0]).collect();
            assert_eq!(read(&longer), Err(ProtocolError::Trailing { left: 1 }));
            for at in 0..whole.len() {
                for byte in [0, 1, 7, 255] {
                    let mut damaged = whole.clone();
                    damaged[at] = byte;
                    let _ = read(&damaged);
                }
            }
        }
    }

    #[test]
    fn a_moment_that_is_no_number_grants_nothing() {
        for until in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let bytes: Vec<u8> = [until, 1.0].iter().flat_map(|time: &f64| time.to_le_bytes()).collect();
            assert_eq!(Grant::read(&bytes), Ok(Grant { until: None, sent: 1.0 }));
        }
    }
}
