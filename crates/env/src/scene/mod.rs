//! What an environment wants drawn: a short list of commands, small enough to cross to the page with every step.
//!
//! Places are fractions of the scene: `x` and widths of its width, `y` (downwards) and heights of its height. Radii, line
//! widths and text sizes are fractions of its height, angles are radians clockwise from the positive x axis. A command with
//! an [`id`](Style::id) is the same thing from step to step, so the page may move it smoothly between two steps; one without
//! (id 0) jumps.
mod colour;
mod command;
mod list;
mod style;

pub use colour::Colour;
pub use command::{Command, Commands, Kind, SceneError};
pub use list::Scene;
pub use style::{Align, Style};
