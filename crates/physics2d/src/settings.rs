//! Box2D's tuning constants, in metres, kilograms, seconds and radians (`Common/b2Settings.h`).

/// As written there, which is the nearest float32 all the same.
pub(crate) const PI: f32 = std::f32::consts::PI;

pub(crate) const MAX_MANIFOLD_POINTS: usize = 2;
/// pybox2d's, twice Box2D's own. It also bounds a loop of the time of impact.
pub(crate) const MAX_POLYGON_VERTICES: usize = 16;

/// By how much a fixture's box in the broad phase is larger than the fixture.
pub(crate) const AABB_EXTENSION: f32 = 0.1;
/// How many steps' displacement a box reaches ahead.
pub(crate) const AABB_MULTIPLIER: f32 = 2.0;

pub(crate) const LINEAR_SLOP: f32 = 0.005;
pub(crate) const ANGULAR_SLOP: f32 = 2.0 / 180.0 * PI;
/// The skin around polygons and edges.
pub(crate) const POLYGON_RADIUS: f32 = 2.0 * LINEAR_SLOP;

/// Impacts of one contact in one step.
pub(crate) const MAX_SUB_STEPS: u32 = 8;
/// Contacts solved together at an impact.
pub(crate) const MAX_TOI_CONTACTS: usize = 32;

/// Slower than this nothing bounces.
pub(crate) const VELOCITY_THRESHOLD: f32 = 1.0;
pub(crate) const MAX_LINEAR_CORRECTION: f32 = 0.2;
pub(crate) const MAX_ANGULAR_CORRECTION: f32 = 8.0 / 180.0 * PI;
/// The farthest a body moves in a step.
pub(crate) const MAX_TRANSLATION: f32 = 2.0;
/// The farthest a body turns in a step.
pub(crate) const MAX_ROTATION: f32 = 0.5 * PI;
/// How much of an overlap one position iteration resolves.
pub(crate) const BAUMGARTE: f32 = 0.2;
/// The same at an impact.
pub(crate) const TOI_BAUMGARTE: f32 = 0.75;

/// How long bodies must be still before they fall asleep.
pub(crate) const TIME_TO_SLEEP: f32 = 0.5;
pub(crate) const LINEAR_SLEEP_TOLERANCE: f32 = 0.01;
pub(crate) const ANGULAR_SLEEP_TOLERANCE: f32 = 2.0 / 180.0 * PI;
