//! What a picture is made of.
use crate::arguments::Common;
use crate::world::World;

/// All there is to see.
pub(crate) struct Picture<'a> {
    pub(crate) world: &'a World,
    /// The body that it is about.
    pub(crate) goal: Option<usize>,
    pub(crate) common: &'a Common,
    pub(crate) steps: u32,
}
