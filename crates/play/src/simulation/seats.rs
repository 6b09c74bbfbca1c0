//! Who chooses each agent's action, at the moment of the tick.
use palaestra_env::expert::{ExpertPolicy, Memory};
use palaestra_env::policy::{FixedPolicy, Policy, RandomPolicy, View};
use palaestra_env::{Env, RestoreError, SeededRng, Space, Spec, StateReader, StateWriter, Value, ValueReader};
use palaestra_protocol::{Act, ErrorCode, Failure, InputMode, Key, Motion, SeatSetup};

use crate::keyboard::{Binding, Keyboard, Stroke};

/// Policies that come from outside, by the numbers of their agents.
pub type GivenPolicies = Vec<(usize, Box<dyn Policy>)>;

/// The seats of a game, one per agent.
pub(crate) struct Seats {
    seats: Vec<Seat>,
}

/// What an expert's memory takes in a match's state.
const EXPERT_MEMORY: usize = size_of::<Memory>();

enum Seat {
    Person(Keyboard),
    Policy(Box<dyn Policy>, SeededRng),
    /// A person at another browser: nobody is there until the game is one of a match.
    Remote,
}

impl Seats {
    /// Fills the seats of an environment. A given policy that has a seat is taken.
    ///
    /// # Errors
    /// [`Failure`] for another number of seats than agents, an action that is none of its agent's, or a policy that was not
    /// given.
    pub(crate) fn fill(env: &Env, seed: u64, seats: &[SeatSetup], given: &mut GivenPolicies) -> Result<Self, Failure> {
        let spec = env.spec();
        if seats.len() != spec.agents.len() {
            let (expected, found) = (spec.agents.len(), seats.len());
            return Err(refused(format!("seats: expected {expected}, one per agent, found {found}")));
        }
        let filled =
            spec.agents.iter().zip(&spec.action_spaces).zip(seats).enumerate().map(|(agent, ((name, space), seat))| {
                let action = |bytes: &[u8]| {
                    read_action(spec, space, bytes)
                        .ok_or_else(|| refused(format!("seats.{name}: expected actions of {space}, found others")))
                };
                Ok(match seat {
                    SeatSetup::Person { mode, bindings, idle } => {
                        Seat::Person(keyboard(*mode, bindings, idle, action)?)
                    }
                    SeatSetup::Remote { idle } => {
                        idle.iter().try_for_each(|bytes| action(bytes).map(drop))?;
                        Seat::Remote
                    }
                    seat => {
                        let policy = policy_of(env, (agent, name, space), seat, given)?;
                        Seat::Policy(policy, SeededRng::for_seat(seed, agent))
                    }
                })
            });
        filled.collect::<Result<_, _>>().map(|seats| Self { seats })
    }

    /// The policies that came from outside, given away: those of the seats that were set up for one.
    pub(crate) fn into_given(self, setup: &[SeatSetup]) -> GivenPolicies {
        let seats = self.seats.into_iter().enumerate().filter(|(agent, _)| is_given(setup, *agent));
        let policies = seats.filter_map(|(agent, seat)| match seat {
            Seat::Policy(policy, _) => Some((agent, policy)),
            Seat::Person(_) | Seat::Remote => None,
        });
        policies.collect()
    }

    /// A key moved: everybody at a keyboard who has a use for it hears of it. While nothing is played it is no stroke.
    pub(crate) fn key(&mut self, key: Key, played: bool) {
        let stroke = played.then_some(Stroke { at: key.at, sent: key.sent });
        let people = self.seats.iter_mut().filter_map(|seat| match seat {
            Seat::Person(keyboard) => Some(keyboard),
            Seat::Policy(..) | Seat::Remote => None,
        });
        people.for_each(|keyboard| match key.motion {
            Motion::Down => keyboard.press(key.code, stroke),
            Motion::Up => keyboard.release(key.code),
            Motion::AllUp => keyboard.release_all(),
        });
    }

    /// A person's seat acts at the next tick.
    ///
    /// # Errors
    /// [`Failure`] for a seat that no person has, or an action that is none of its agent's.
    pub(crate) fn play(&mut self, spec: &Spec, act: Act<'_>) -> Result<(), Failure> {
        match self.seats.get_mut(usize::from(act.agent)) {
            Some(Seat::Person(keyboard)) => play(keyboard, spec, act),
            _ => Err(refused(format!("act: expected the seat of a person, found that of agent {}", act.agent))),
        }
    }

    /// Whether everybody has an action for the next tick.
    pub(crate) fn ready(&self) -> bool {
        self.seats.iter().all(|seat| match seat {
            Seat::Person(keyboard) => keyboard.ready(),
            Seat::Policy(..) => true,
            Seat::Remote => false,
        })
    }

    /// An episode begins.
    pub(crate) fn reset(&mut self) {
        self.seats.iter_mut().for_each(|seat| match seat {
            Seat::Person(_) | Seat::Remote => {}
            Seat::Policy(policy, _) => policy.reset(),
        });
    }

    /// An episode is over.
    pub(crate) fn over(&mut self) {
        self.keyboards().for_each(Keyboard::over);
    }

    /// The page has the game stand still.
    pub(crate) fn stand_still(&mut self) {
        self.keyboards().for_each(Keyboard::stands_still);
    }

    fn keyboards(&mut self) -> impl Iterator<Item = &mut Keyboard> {
        self.seats.iter_mut().filter_map(|seat| if let Seat::Person(keyboard) = seat { Some(keyboard) } else { None })
    }

    /// Writes everybody's action, and gives the stroke that this tick is the first to see: of two people's strokes the earlier
    /// one, which has waited longer.
    pub(crate) fn act(&mut self, env: &Env, actions: &mut [Value]) -> Option<Stroke> {
        let mut first: Option<Stroke> = None;
        for (agent, (seat, action)) in self.seats.iter_mut().zip(actions).enumerate() {
            match seat {
                Seat::Person(keyboard) => {
                    let strokes = [first, keyboard.act(action)].into_iter().flatten();
                    first = strokes.min_by(|a, b| a.at.total_cmp(&b.at));
                }
                Seat::Policy(policy, rng) => policy.act(View::new(env, agent), rng, action),
                Seat::Remote => {}
            }
        }
        first
    }

    /// The same tick once more: people's actions stand in `actions`, policies act anew on what they see now.
    pub(crate) fn act_again(&mut self, env: &Env, actions: &mut [Value]) {
        for (agent, (seat, action)) in self.seats.iter_mut().zip(actions).enumerate() {
            if let Seat::Policy(policy, rng) = seat {
                policy.act(View::new(env, agent), rng, action);
            }
        }
    }

    /// Policies begin anew, each with the generator that its seat has by this seed.
    pub(crate) fn begin(&mut self, seed: u64) {
        for (agent, seat) in self.seats.iter_mut().enumerate() {
            if let Seat::Policy(policy, rng) = seat {
                *rng = SeededRng::for_seat(seed, agent);
                policy.reset();
            }
        }
    }

    /// Writes the action of one agent's policy. False where it has none.
    pub(crate) fn act_as(&mut self, agent: usize, env: &Env, action: &mut Value) -> bool {
        match self.seats.get_mut(agent) {
            Some(Seat::Policy(policy, rng)) => {
                policy.act(View::new(env, agent), rng, action);
                true
            }
            _ => false,
        }
    }

    /// Writes what the policies' next actions depend on. A keyboard is not rewound: what a person did stands in the actions.
    pub(crate) fn save(&self, out: &mut StateWriter) {
        for seat in &self.seats {
            if let Seat::Policy(policy, rng) = seat {
                out.rng(rng);
                policy.save(out);
            }
        }
    }

    /// Reads what [`save`](Self::save) wrote.
    pub(crate) fn restore(&mut self, state: &[u8]) -> Result<(), RestoreError> {
        let mut reader = StateReader::new(state);
        for seat in &mut self.seats {
            if let Seat::Policy(policy, rng) = seat {
                *rng = reader.rng()?;
                policy.restore(&mut reader)?;
            }
        }
        reader.finish()
    }

    /// Writes it as a match's state has it: what policies from outside remember, behind its length, and then each seat's generator and as many
    /// bytes as an expert's memory has. So who watches a match reads a state without knowing who has which seat.
    pub(crate) fn save_of_match(&self, setup: &[SeatSetup], out: &mut StateWriter) {
        let mut memories = StateWriter::new();
        self.policies()
            .filter(|(agent, ..)| is_given(setup, *agent))
            .for_each(|(_, policy, _)| policy.save(&mut memories));
        out.u32(memories.bytes().len() as u32);
        memories.bytes().iter().for_each(|byte| out.u8(*byte));
        for (agent, policy, rng) in self.policies() {
            out.rng(rng);
            let before = out.bytes().len();
            if !is_given(setup, agent) {
                policy.save(out);
            }
            (out.bytes().len() - before..EXPERT_MEMORY).for_each(|_| out.u8(0));
        }
    }

    fn policies(&self) -> impl Iterator<Item = (usize, &dyn Policy, &SeededRng)> {
        self.seats.iter().enumerate().filter_map(|(agent, seat)| match seat {
            Seat::Policy(policy, rng) => Some((agent, &**policy, rng)),
            Seat::Person(_) | Seat::Remote => None,
        })
    }

    /// Reads what [`save_of_match`](Self::save_of_match) wrote; gives how many bytes that were.
    pub(crate) fn restore_of_match(&mut self, setup: &[SeatSetup], state: &[u8]) -> Result<usize, RestoreError> {
        let wrong = RestoreError::Invalid { field: "policies" };
        let mut reader = StateReader::new(state);
        let length = reader.u32()? as usize;
        let start = state.len() - reader.left();
        let memories = state.get(start..).and_then(|rest| rest.get(..length)).ok_or(wrong)?;
        let mut reader = StateReader::new(state.get(start + length..).unwrap_or_default());
        let mut memories = StateReader::new(memories);
        for (agent, seat) in self.seats.iter_mut().enumerate() {
            let Seat::Policy(policy, rng) = seat else { continue };
            *rng = reader.rng()?;
            let before = reader.left();
            if is_given(setup, agent) {
                policy.restore(&mut memories)?;
            } else {
                policy.restore(&mut reader)?;
            }
            for _ in before - reader.left()..EXPERT_MEMORY {
                reader.u8()?;
            }
        }
        if setup.contains(&SeatSetup::Policy) {
            memories.finish()?;
        }
        Ok(state.len() - reader.left())
    }
}

/// Who plays a seat that no person has. A function of its own: a game of people alone does without the part of the module that has it.
///
/// # Errors
/// [`Failure`], as of [`Seats::fill`].
#[inline(never)]
fn policy_of(
    env: &Env,
    (agent, name, space): (usize, &str, &Space),
    seat: &SeatSetup,
    given: &mut GivenPolicies,
) -> Result<Box<dyn Policy>, Failure> {
    let spec = env.spec();
    Ok(match seat {
        SeatSetup::Random => Box::new(RandomPolicy::new(space.clone())),
        SeatSetup::Expert { skill } if !(0.0..=1.0).contains(skill) => {
            return Err(refused(format!(
                "seats.{name}.skill: expected a probability from 0 to 1, found another number"
            )));
        }
        SeatSetup::Expert { .. } if !env.has_expert() => {
            let message = format!("seats.{name}: expected an environment with an expert, found {}", spec.id);
            return Err(refused(message));
        }
        SeatSetup::Expert { skill } => Box::new(ExpertPolicy::new(space.clone(), *skill)),
        SeatSetup::Fixed(bytes) => {
            let action = read_action(spec, space, bytes);
            let refuse = || refused(format!("seats.{name}: expected actions of {space}, found others"));
            Box::new(FixedPolicy::new(action.ok_or_else(refuse)?))
        }
        SeatSetup::Policy | SeatSetup::Person { .. } | SeatSetup::Remote { .. } => {
            let found = given.iter().position(|(for_agent, _)| *for_agent == agent);
            let refuse = || refused(format!("seats.{name}: expected a policy that was loaded for it, found none"));
            given.swap_remove(found.ok_or_else(refuse)?).1
        }
    })
}

/// Whether an agent's policy comes from outside.
fn is_given(setup: &[SeatSetup], agent: usize) -> bool {
    setup.get(agent) == Some(&SeatSetup::Policy)
}

/// The keyboard of a person's seat.
///
/// # Errors
/// [`Failure`] for an action that is none of the agent's.
pub(crate) fn keyboard_at(spec: &Spec, agent: usize, setup: &SeatSetup) -> Result<Keyboard, Failure> {
    let (SeatSetup::Person { mode, bindings, idle }, Some(space)) = (setup, spec.action_spaces.get(agent)) else {
        return Err(refused("seats: expected a person at this browser in the match's seat, found another".to_owned()));
    };
    let action = |bytes: &[u8]| {
        read_action(spec, space, bytes)
            .ok_or_else(|| refused(format!("seats: expected actions of {space}, found others")))
    };
    keyboard(*mode, bindings, idle, action)
}

/// Has a person's seat act at the next tick.
///
/// # Errors
/// [`Failure`] for an action that is none of its agent's.
pub(crate) fn play(keyboard: &mut Keyboard, spec: &Spec, act: Act<'_>) -> Result<(), Failure> {
    let space = spec.action_spaces.get(usize::from(act.agent));
    let action = space.and_then(|space| read_action(spec, space, act.action));
    let refused = || Failure::new(ErrorCode::BadAction, format!("act: expected an action of agent {}", act.agent));
    keyboard.play(action.ok_or_else(refused)?, Stroke { at: act.at, sent: act.sent });
    Ok(())
}

fn keyboard(
    mode: InputMode,
    bindings: &[(Vec<u16>, Vec<u8>)],
    idle: &[Vec<u8>],
    action: impl Fn(&[u8]) -> Result<Value, Failure>,
) -> Result<Keyboard, Failure> {
    let bindings = bindings.iter().map(|(codes, bytes)| Ok(Binding { codes: codes.clone(), action: action(bytes)? }));
    let bindings = bindings.collect::<Result<_, Failure>>()?;
    let idle = idle.iter().map(|bytes| action(bytes)).collect::<Result<_, _>>()?;
    Ok(Keyboard::new(bindings, mode, idle))
}

/// An action as its bytes say, if it is one that the agent may take.
pub(crate) fn read_action(spec: &Spec, space: &Space, bytes: &[u8]) -> Option<Value> {
    let mut reader = ValueReader::new(bytes);
    let action = reader.read(space).ok()?;
    reader.finish().ok()?;
    spec.takes(space, &action).then_some(action)
}

fn refused(message: String) -> Failure {
    Failure::new(ErrorCode::BadArgument, message)
}
