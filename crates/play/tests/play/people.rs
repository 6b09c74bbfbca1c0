//! Who sits where: people at the catalog's keys, random players, players of one action.
use palaestra_env::catalog::{self, ActionValue, Entry};
use palaestra_env::{Spec, Value, ValueWriter};
use palaestra_protocol::{InputMode, SeatSetup};
use palaestra_record::members::action_from_json;

/// What a seat is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Who {
    Person,
    Random,
    Fixed,
}

/// The seats of an environment of the catalog, and the codes that their bindings number.
pub(crate) fn seats(entry: &Entry, spec: &Spec, who: &[Who]) -> (Vec<SeatSetup>, Vec<String>) {
    let mut codes: Vec<String> = Vec::new();
    let mut people = 0;
    let seats = (0..spec.agents.len()).map(|agent| match who.get(agent).copied().unwrap_or(Who::Random) {
        Who::Person => {
            let keys = entry.keys[if entry.keys_go_with_seats { agent } else { people }];
            people += 1;
            // Of a set, an agent has the keys whose actions it can take.
            let bindings = keys.iter().filter_map(|binding| {
                let action = encoded(spec, agent, binding.action)?;
                let numbers = binding.keys.split('+').map(|code| number(code, &mut codes)).collect();
                Some((numbers, action))
            });
            let bindings = bindings.collect();
            let idle = entry.idle.iter().filter_map(|action| encoded(spec, agent, *action)).collect();
            let mode = match entry.input_mode {
                catalog::InputMode::PressedKeys => InputMode::PressedKeys,
                catalog::InputMode::SingleKeystroke => InputMode::SingleKeystroke,
            };
            SeatSetup::Person { mode, bindings, idle }
        }
        Who::Random => SeatSetup::Random,
        Who::Fixed => {
            let action = entry.keys.iter().flat_map(|keys| *keys).find_map(|key| encoded(spec, agent, key.action));
            SeatSetup::Fixed(action.unwrap_or_else(|| bytes(&Value::blank(&spec.action_spaces[agent]))))
        }
    });
    let seats = seats.collect();
    (seats, codes)
}

fn number(code: &str, codes: &mut Vec<String>) -> u16 {
    let place = codes.iter().position(|known| known == code).unwrap_or_else(|| {
        codes.push(code.to_owned());
        codes.len() - 1
    });
    place.try_into().unwrap()
}

fn encoded(spec: &Spec, agent: usize, action: ActionValue) -> Option<Vec<u8>> {
    let json = serde_json::to_value(action).unwrap();
    action_from_json(spec, &spec.action_spaces[agent], &json).ok().map(|action| bytes(&action))
}

pub(crate) fn bytes(action: &Value) -> Vec<u8> {
    let mut writer = ValueWriter::new();
    writer.value(action);
    writer.bytes().to_vec()
}
