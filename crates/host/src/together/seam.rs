//! What the rest of the Worker knows of games of a match. Through this seam alone a module gets their code, or does without.
use std::rc::Rc;

use palaestra_protocol::{Failure, Request};

use crate::player::Player;

/// Has the Worker's loop see what has become due.
pub(crate) type Wake = Rc<dyn Fn()>;

/// Gives what there is another player: for a request that arrived at a time, and with what wakes the loop. Where that is refused it is
/// the same player again.
pub(crate) type Give = fn(Player, &Request<'_>, f64, Wake) -> (Player, Result<(), Failure>);

/// What a module has that plays matches.
pub struct Together {
    /// Makes the game that was set up one of a match.
    pub(crate) join: Give,
    /// Has the environment, which nobody plays, follow a match.
    pub(crate) watch: Give,
}
