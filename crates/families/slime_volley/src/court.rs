//! The court that both games are played on, in the reference's units: the net stands at x = 0, the floor lies at y = 0.

/// The court's width, and the ceiling's height.
pub(super) const SIZE: f64 = 48.0;
/// The height of the ground's surface.
pub(super) const GROUND: f64 = 1.5;
/// The net's width.
pub(super) const NET_WIDTH: f64 = 1.0;
/// The height of the net, where its round top has its middle.
pub(super) const NET_HEIGHT: f64 = 3.5;
/// A slime is half a disk of this radius.
pub(super) const SLIME: f64 = 1.5;
/// The ball's radius.
pub(super) const BALL: f64 = 0.5;
/// Where slimes stand at first, from the net.
pub(super) const SERVE_X: f64 = SIZE / 4.0;
/// Where the ball hangs at first.
pub(super) const SERVE_Y: f64 = SIZE / 4.0;
/// Steps for which it hangs there.
pub(super) const SERVE_STEPS: u32 = 30;
/// The bounds of the ball's speed when it is let go, across and upwards.
pub(super) const SERVE_SPEEDS: [[f64; 2]; 2] = [[-20.0, 20.0], [10.0, 25.0]];
/// The ball's greatest speed in flight.
pub(super) const MAX_BALL_SPEED: f64 = 15.0 * 1.5;
/// Seconds a step.
pub(super) const STEP: f64 = 1.0 / 30.0;
/// By how much things are moved out of each other.
pub(super) const NUDGE: f64 = 0.1;
/// What an observation is divided by.
pub(super) const SCALE: f64 = 10.0;
/// The sides of the left and the right player.
pub(super) const SIDES: [i8; 2] = [-1, 1];
/// No play leads beyond: of places, and of speeds.
pub(super) const FARTHEST: f64 = 2.0 * SIZE;
/// As [`FARTHEST`].
pub(super) const FASTEST: f64 = 1000.0;
