//! Rigid bodies in the plane, as Box2D 2.3 moves them: the same float32 operations in the same order, so that places and
//! velocities are the same bit for bit as those of pybox2d 2.3.10, which Gymnasium's environments run on.
//!
//! What is here is what those environments need so far: edges without neighbours against convex polygons, hinges with limits
//! and a motor, warm starting, sleeping, and continuous collision with what never moves. Left out are circles, contacts
//! between polygons, ghost vertices, sensors, bullets, kinematic bodies, damping, and the removal of single bodies.
//!
//! The algorithms are Erin Catto's (Box2D, zlib licence, <https://box2d.org>); each file names the one it follows. The code
//! is written anew. Two structures differ where no result depends on them: boxes are compared with each other instead of
//! standing in a tree, and lists are arrays of indices.
//!
//! | module | what it holds |
//! |---|---|
//! | `world`, `step` | the bodies; a step; contacts begin and end |
//! | `discrete`, `island` | bodies that depend on each other are solved together |
//! | `continuous`, `time_of_impact` | impacts within a step |
//! | `contact`, `contact_solver` | no way through, and friction |
//! | `joint` | hinges |
//! | `collide`, `manifold` | where shapes touch |
//! | `distance`, `simplex` | how far shapes are apart |
//! | `shape`, `body`, `aabb` | forms, weights and boxes |
//! | `motion`, `math`, `settings` | arithmetic and constants |
//! | `state` | saving and restoring |
#![forbid(unsafe_code)]

mod aabb;
mod body;
mod collide;
mod contact;
mod contact_solver;
mod continuous;
mod discrete;
mod distance;
mod island;
mod joint;
mod manifold;
mod math;
mod motion;
mod settings;
mod shape;
mod simplex;
mod state;
mod step;
mod time_of_impact;
mod world;

pub use body::{Body, BodyId, BodyKind, FixtureDef};
pub use contact::ContactEvent;
pub use joint::RevoluteJointDef;
pub use math::{Rot, Transform, Vec2, vec2};
pub use shape::Shape;
pub use state::{StateSink, StateSource};
pub use world::World;
