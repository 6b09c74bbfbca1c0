//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

pub(crate) const CART_POLE: Manual = Manual {
    actions: &[m("0", "push the cart to the left, with 10 N"), m("1", "push the cart to the right, with 10 N")],
    observation: &[
        m("0", "position of the cart, in metres from the middle; beyond ±2.4 the episode ends"),
        m("1", "velocity of the cart, in metres per second"),
        m(
            "2",
            "angle of the pole from upright, in radians, positive to the right; beyond ±0.2095 (12°) the episode ends",
        ),
        m("3", "angular velocity of the pole, in radians per second"),
    ],
    reward: "1 for every step, the last one included. With sutton_barto_reward 0, and −1 for the step that ends it.",
    start: "All four numbers are drawn from −0.05 to 0.05. reset options: low and high, other bounds.",
    ends: "Terminated when the pole leans by more than 12° or the cart is more than 2.4 from the middle. Truncated after 500 steps \
           (v0: 200).",
    info: "Empty.",
    versions: "CartPole-v1 is cut off after 500 steps, CartPole-v0 after 200. Nothing else differs.",
    source: "gymnasium 1.4.0, envs/classic_control/cartpole.py",
};

const CAR: &[Meaning] = &[
    m("0", "position of the car along the track, from −1.2 to 0.6; the valley's bottom is near −0.5"),
    m("1", "velocity of the car, from −0.07 to 0.07 per step"),
];

pub(crate) const MOUNTAIN_CAR: Manual = Manual {
    actions: &[m("0", "drive to the left"), m("1", "let it roll"), m("2", "drive to the right")],
    observation: CAR,
    reward: "−1 for every step.",
    start: "At rest, at a position drawn from −0.6 to −0.4. reset options: low and high, other bounds.",
    ends: "Terminated when the car is at 0.5 or beyond, at goal_velocity or faster. Truncated after 200 steps.",
    info: "Empty.",
    versions: "MountainCarContinuous-v0 is the same valley with a force instead of three actions.",
    source: "gymnasium 1.4.0, envs/classic_control/mountain_car.py",
};

pub(crate) const MOUNTAIN_CAR_CONTINUOUS: Manual = Manual {
    actions: &[m("0", "force on the car, from −1 (left) to 1 (right); what is beyond is clipped")],
    observation: CAR,
    reward: "−0.1 times the square of the force for every step, and 100 for reaching the flag.",
    start: "At rest, at a position drawn from −0.6 to −0.4. reset options: low and high, other bounds.",
    ends: "Terminated when the car is at 0.45 or beyond, at goal_velocity or faster. Truncated after 999 steps.",
    info: "Empty.",
    versions: "MountainCar-v0 is the same valley with three actions.",
    source: "gymnasium 1.4.0, envs/classic_control/continuous_mountain_car.py",
};

pub(crate) const ACROBOT: Manual = Manual {
    actions: &[m("0", "a torque of −1 N m at the hips"), m("1", "no torque"), m("2", "a torque of 1 N m at the hips")],
    observation: &[
        m("0", "cosine of the upper link's angle, which is 0 hanging straight down"),
        m("1", "sine of that angle"),
        m("2", "cosine of the lower link's angle to the upper one, which is 0 in line with it"),
        m("3", "sine of that angle"),
        m("4", "angular velocity of the upper link, within ±12.57 radians per second"),
        m("5", "angular velocity of the lower link, within ±28.27 radians per second"),
    ],
    reward: "−1 for every step, 0 for the one that reaches the line.",
    start: "Hanging, all four angles and velocities drawn from −0.1 to 0.1. reset options: low and high, other bounds.",
    ends: "Terminated when the feet are more than 1 above the bar. Truncated after 500 steps.",
    info: "Empty.",
    versions: "",
    source: "gymnasium 1.4.0, envs/classic_control/acrobot.py",
};

pub(crate) const PENDULUM: Manual = Manual {
    actions: &[m(
        "0",
        "torque on the pendulum, from −2 to 2 N m, positive counter-clockwise; what is beyond is clipped",
    )],
    observation: &[
        m("0", "cosine of the angle, which is 0 upright: the height of the free end"),
        m("1", "sine of the angle"),
        m("2", "angular velocity, from −8 to 8 radians per second"),
    ],
    reward: "−(angle² + 0.1 · velocity² + 0.001 · torque²), with the angle from −π to π: from −16.27 to 0.",
    start: "An angle drawn from −π to π and a velocity from −1 to 1. reset options: x_init and y_init, the greatest of either.",
    ends: "Never terminated. Truncated after 200 steps.",
    info: "Empty.",
    versions: "",
    source: "gymnasium 1.4.0, envs/classic_control/pendulum.py",
};
