//! The problems whose goal is up, for whoever swings long enough: Acrobot, MountainCar and Pendulum. They are a part of their own of the
//! family's module, so that nobody downloads them for CartPole (`Entry::part`). What makes one stays a function, which is how the part is entered.
mod acrobot;
mod acrobot_motion;
mod acrobot_scene;
mod mountain_car;
mod mountain_car_continuous;
mod mountain_car_scene;
mod pendulum;
mod pendulum_motion;
mod pendulum_scene;
mod turn_arrow;
mod valley;

pub(crate) use acrobot::Acrobot;
pub(crate) use mountain_car::MountainCar;
pub(crate) use mountain_car_continuous::MountainCarContinuous;
pub(crate) use pendulum::Pendulum;
