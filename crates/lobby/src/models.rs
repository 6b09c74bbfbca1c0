//! Models in seats: every browser of a match has to have loaded the same.
use crate::arrival::same;
use crate::config::LobbyConfig;
use crate::event::MatchFacts;
use crate::lobbies::Lobbies;
use crate::message::{Code, Dropout, LoadedModel, ModelSeat, SeatPolicy, ServerMessage};

/// A policy as a browser is told of it: of a model that others have loaded by now it hears which file that was.
pub(crate) fn as_loaded(facts: &MatchFacts, seat: usize, policy: &SeatPolicy) -> SeatPolicy {
    match (policy, facts.model_of(seat)) {
        (SeatPolicy::Model(model), Some(loaded)) => {
            SeatPolicy::Model(Box::new(ModelSeat { sha256: Some(loaded.sha256.clone()), ..(**model).clone() }))
        }
        _ => policy.clone(),
    }
}

/// The models of a match, by seat: those that play from the start, and those that take the seat of somebody who leaves.
fn expected(config: &LobbyConfig) -> Vec<(u8, &ModelSeat)> {
    let people = config.people();
    let policy = |seat: usize| match (seat < people, config.dropout) {
        (false, _) => Some(config.policy_of(seat)),
        (true, Dropout::Continue) => Some(&config.dropout_policy),
        (true, Dropout::Pause | Dropout::End) => None,
    };
    (0..).zip(0..config.agents.len()).filter_map(|(number, seat)| Some((number, policy(seat)?.model()?))).collect()
}

/// Why a browser's models are none to play with.
enum Wrong {
    /// It has others than the lobby wants.
    OfOne(String),
    /// It has others than another browser, and nobody knows which are meant.
    OfAll(String),
}

fn compared(config: &LobbyConfig, known: &[LoadedModel], loaded: &[LoadedModel]) -> Result<(), Wrong> {
    let expected = expected(config);
    let seats = |seats: Vec<u8>| seats.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let (wanted, found): (Vec<u8>, Vec<u8>) =
        (expected.iter().map(|(seat, _)| *seat).collect(), loaded.iter().map(|model| model.seat).collect());
    if wanted != found {
        return Err(Wrong::OfOne(format!("expected models for the seats {}, found {}", seats(wanted), seats(found))));
    }
    let agent = |seat: u8| config.agents.get(usize::from(seat)).map_or("", String::as_str);
    for ((seat, model), loaded) in expected.iter().zip(loaded) {
        if let Some(sha256) = model.sha256.as_ref().filter(|sha256| **sha256 != loaded.sha256) {
            let (agent, found) = (agent(*seat), &loaded.sha256);
            let text =
                format!("{agent}: expected the lobby's model with sha256 {sha256}, found one with sha256 {found}");
            return Err(Wrong::OfOne(text));
        }
    }
    for (known, loaded) in known.iter().zip(loaded) {
        let agent = agent(loaded.seat);
        if known.sha256 != loaded.sha256 {
            let (one, other) = (&known.sha256, &loaded.sha256);
            let text = format!(
                "{agent}: expected one model in all browsers, found sha256 {one} in one and {other} in another"
            );
            return Err(Wrong::OfAll(text));
        }
        if !same(&known.manifest, &loaded.manifest) {
            let text = format!("{agent}: expected one manifest of the model in all browsers, found two that differ");
            return Err(Wrong::OfAll(text));
        }
    }
    Ok(())
}

impl Lobbies {
    /// A browser has loaded its models. Whether they are those that all play with; where they are not the match comes to nothing.
    pub(crate) fn models_loaded(&mut self, game: u64, person: u64, mut loaded: Vec<LoadedModel>) -> bool {
        loaded.sort_by_key(|model| model.seat);
        let Some(found) = self.matches.get_mut(&game) else { return false };
        let Some(lobby) = self.lobbies.get(found.lobby) else { return false };
        match compared(&lobby.config, &found.facts.models, &loaded) {
            Ok(()) => {
                if found.facts.models.is_empty() {
                    found.facts.models = loaded;
                }
                return true;
            }
            Err(Wrong::OfOne(problem)) => {
                self.tell_of_models(game, &[person], &problem);
                self.end_person_in_match(person, Code::WrongModel);
                self.give_up(game, Code::PartnerLeft);
            }
            Err(Wrong::OfAll(problem)) => {
                let everybody: Vec<u64> = found.present().into_iter().map(|(_, person)| person).collect();
                self.tell_of_models(game, &everybody, &problem);
                self.end_match(game, Code::WrongModel);
            }
        }
        false
    }

    fn tell_of_models(&mut self, game: u64, people: &[u64], problem: &str) {
        self.match_event(game, &serde_json::json!({ "event": Code::WrongModel, "problem": problem }));
        for person in people {
            let message = ServerMessage::error(Code::WrongModel, problem, true);
            self.send_person(*person, message);
        }
    }
}
