//! The scenarios, a file each, named as the reference's.
mod adversary;
mod parts;
mod simple;
mod speaker_listener;
mod spread;
mod tag;
mod world_comm;

use palaestra_env::{ArgumentError, Arguments, Kwargs};

use super::arguments::{Common, Reader};
use super::scenario::Scenario;
use super::world::World;
use parts::Parts;

/// A scenario with everything that its arguments say.
pub(crate) struct Made {
    pub(crate) common: Common,
    pub(crate) scenario: Box<dyn Scenario>,
    /// As it is before the first reset.
    pub(crate) world: World,
    /// The agents' names.
    pub(crate) names: Vec<String>,
    /// What was read, which states of other environments do not have.
    pub(crate) stamp: Vec<u64>,
}

type Read = fn(&mut Reader<'_>) -> Result<Parts, ArgumentError>;

/// Makes a scenario; `None` for an id of none.
pub(crate) fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Made, ArgumentError>> {
    let read: Read = match id {
        "mpe2/simple_v3" => simple::read,
        "mpe2/simple_spread_v3" => spread::read,
        "mpe2/simple_tag_v3" => tag::read,
        "mpe2/simple_adversary_v3" => adversary::read,
        "mpe2/simple_speaker_listener_v4" => speaker_listener::read,
        "mpe2/simple_world_comm_v3" => world_comm::read,
        _ => return None,
    };
    Some(made(kwargs, read))
}

fn made(kwargs: &Kwargs, read: Read) -> Result<Made, ArgumentError> {
    let mut reader = Reader::new(Arguments::new(kwargs));
    let common = reader.common()?;
    let (scenario, world, names) = read(&mut reader)?;
    Ok(Made { common, scenario, world, names, stamp: reader.finish()? })
}
