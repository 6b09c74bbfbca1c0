//! Who plays an agent, as a page asked for it.
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::channel::PolicySeat;
use crate::js;

/// Who plays an agent.
#[derive(Clone, Debug)]
pub(crate) enum Seat {
    /// A person with these keys: codes, or chords of codes, and actions.
    Person(Keys),
    /// Random actions, from the game's seed.
    Random,
    /// A model's actions.
    Policy(Rc<PolicySeat>),
    /// The environment's expert's actions, with this probability.
    Expert(f64),
    /// The action of keys at rest, always.
    Idle,
    /// One action, always.
    Fixed(JsValue),
}

/// Keys of a person.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) bindings: Vec<(String, JsValue)>,
    /// Whether the page named them: then each has to be good for its agent. Of the registry's an agent has those that are.
    pub(crate) own: bool,
}

impl Keys {
    pub(super) fn own(bindings: Vec<(String, JsValue)>) -> Self {
        Self { bindings, own: true }
    }
}

impl Seat {
    /// As a record's header names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Seat::Person(_) => "human".into(),
            Seat::Random => "random".into(),
            Seat::Policy(policy) => policy.name.borrow().clone(),
            Seat::Expert(skill) => expert_name(*skill),
            Seat::Idle => "idle".into(),
            Seat::Fixed(action) => format!("fixed {}", js::shown(action)),
        }
    }
}

/// As a record's header names it.
pub(super) fn expert_name(skill: f64) -> String {
    if skill < 1.0 { format!("expert skill {}", js::shown(&skill.into())) } else { "expert".to_owned() }
}
