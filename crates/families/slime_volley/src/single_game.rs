//! The game of slimevolleygym 0.1.0's `slimevolley.py`, operation for operation: Python's floats are float64s, and its zeros
//! are integers, which have no sign.
use palaestra_env::{RestoreError, SeededRng, StateReader, StateWriter};

use super::buttons::Buttons;
use super::court::{
    BALL, FARTHEST, FASTEST, GROUND, MAX_BALL_SPEED, NET_HEIGHT, NET_WIDTH, NUDGE, SCALE, SERVE_SPEEDS, SERVE_STEPS,
    SERVE_X, SERVE_Y, SIDES, SIZE, SLIME, STEP,
};

const RUN: f64 = 10.0 * 1.75;
const JUMP: f64 = 10.0 * 1.35;
const GRAVITY: f64 = -9.8 * 2.0 * 1.5;
/// What a slime has in height and speed just after a jump. Gravity takes of it at every step, so that none has more.
const JUMP_ENERGY: f64 = JUMP * JUMP / 2.0 - GRAVITY * (NUDGE * STEP + JUMP * STEP) + 1e-6;
/// Between net and wall a slime is so far from the middle.
const NEAR: f64 = NET_WIDTH / 2.0 + SLIME;
const FAR: f64 = SIZE / 2.0 - SLIME;
pub(super) const LIVES: i64 = 5;

/// The ball. It remembers where it was, to tell when it crossed the net.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ball {
    pub(super) x: f64,
    pub(super) y: f64,
    before: f64,
    vx: f64,
    vy: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slime {
    side: f64,
    pub(super) x: f64,
    pub(super) y: f64,
    vx: f64,
    vy: f64,
    pub(super) lives: i64,
}

/// What a ball bounces off: a disk that may move.
struct Disk {
    x: f64,
    y: f64,
    vx: f64,
    vy: f64,
    radius: f64,
}

const NET_TOP: Disk = Disk { x: 0.0, y: NET_HEIGHT, vx: 0.0, vy: 0.0, radius: NET_WIDTH / 2.0 };

/// Where the ball came down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fall {
    Left,
    Right,
}

impl Ball {
    fn served(rng: &mut SeededRng) -> Self {
        let [vx, vy] = SERVE_SPEEDS.map(|[low, high]| rng.uniform(low, high));
        Self { x: 0.0, y: SERVE_Y, before: 0.0, vx, vy }
    }

    fn fly(&mut self) {
        self.vx += 0.0 * STEP;
        self.vy += GRAVITY * STEP;
        let square = self.vx * self.vx + self.vy * self.vy;
        if square > MAX_BALL_SPEED * MAX_BALL_SPEED {
            let speed = square.sqrt();
            self.vx = self.vx / speed * MAX_BALL_SPEED;
            self.vy = self.vy / speed * MAX_BALL_SPEED;
        }
        self.before = self.x;
        self.x += self.vx * STEP;
        self.y += self.vy * STEP;
    }

    fn touches(&self, disk: &Disk) -> bool {
        let reach = BALL + disk.radius;
        let (dy, dx) = (disk.y - self.y, disk.x - self.x);
        reach * reach > dx * dx + dy * dy
    }

    fn bounce_off(&mut self, disk: &Disk) {
        if !self.touches(disk) {
            return;
        }
        let (dx, dy) = (self.x - disk.x, self.y - disk.y);
        let distance = (dx * dx + dy * dy).sqrt();
        let (nx, ny) = (dx / distance, dy / distance);
        let (out_x, out_y) = (nx * NUDGE, ny * NUDGE);
        // Middle upon middle Python divides by zero; no play leads there, and then nothing touches what is nowhere.
        while self.touches(disk) {
            self.x += out_x;
            self.y += out_y;
        }
        let (ux, uy) = (self.vx - disk.vx, self.vy - disk.vy);
        let along = ux * nx + uy * ny;
        self.vx = (ux - nx * (along * 2.0)) + disk.vx;
        self.vy = (uy - ny * (along * 2.0)) + disk.vy;
    }

    fn meet_the_edges(&mut self) -> Option<Fall> {
        const WALL: f64 = SIZE / 2.0 - BALL;
        const NET: f64 = NET_WIDTH / 2.0 + BALL;
        if self.x <= BALL - SIZE / 2.0 {
            self.vx = -self.vx;
            self.x = BALL - SIZE / 2.0 + NUDGE * STEP;
        }
        if self.x >= WALL {
            self.vx = -self.vx;
            self.x = WALL - NUDGE * STEP;
        }
        if self.y <= BALL + GROUND {
            self.vy = -self.vy;
            self.y = BALL + GROUND + NUDGE * STEP;
            return Some(if self.x <= 0.0 { Fall::Left } else { Fall::Right });
        }
        if self.y >= SIZE - BALL {
            self.vy = -self.vy;
            self.y = SIZE - BALL - NUDGE * STEP;
        }
        if self.x <= NET && self.before > NET && self.y <= NET_HEIGHT {
            self.vx = -self.vx;
            self.x = NET + NUDGE * STEP;
        }
        if self.x >= -NET && self.before < -NET && self.y <= NET_HEIGHT {
            self.vx = -self.vx;
            self.x = -NET - NUDGE * STEP;
        }
        None
    }

    fn save(&self, out: &mut StateWriter) {
        [self.x, self.y, self.before, self.vx, self.vy].into_iter().for_each(|number| out.f64(number));
    }

    fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let mut place = || bounded(state, FARTHEST, "ball");
        let (x, y, before) = (place()?, place()?, place()?);
        let mut speed = || bounded(state, FASTEST, "ball");
        Ok(Self { x, y, before, vx: speed()?, vy: speed()? })
    }
}

fn bounded(state: &mut StateReader<'_>, limit: f64, field: &'static str) -> Result<f64, RestoreError> {
    let number = state.f64()?;
    if (-limit..=limit).contains(&number) { Ok(number) } else { Err(RestoreError::Invalid { field }) }
}

impl Slime {
    fn new(side: i8) -> Self {
        let side = f64::from(side);
        Self { side, x: side * SERVE_X, y: GROUND, vx: 0.0, vy: 0.0, lives: LIVES }
    }

    fn disk(&self) -> Disk {
        Disk { x: self.x, y: self.y, vx: self.vx, vy: self.vy, radius: SLIME }
    }

    fn update(&mut self, buttons: Buttons) {
        self.vy += GRAVITY * STEP;
        if self.y <= GROUND + NUDGE * STEP {
            self.vy = if buttons.jump { JUMP } else { 0.0 };
        }
        self.vx = f64::from(buttons.direction()) * RUN * self.side;
        self.x += self.vx * STEP;
        self.y += self.vy * STEP;
        if self.y <= GROUND {
            (self.y, self.vy) = (GROUND, 0.0);
        }
        if self.x * self.side <= NEAR {
            (self.vx, self.x) = (0.0, self.side * NEAR);
        }
        if self.x * self.side >= FAR {
            (self.vx, self.x) = (0.0, self.side * FAR);
        }
    }

    fn save(&self, out: &mut StateWriter) {
        [self.x, self.y, self.vx, self.vy].into_iter().for_each(|number| out.f64(number));
        out.i64(self.lives);
    }

    fn restore(side: f64, state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let (x, y, vx, vy) = (state.f64()?, state.f64()?, state.f64()?, state.f64()?);
        let lives = state.i64()?;
        if lives > LIVES {
            return Err(RestoreError::Invalid { field: "lives" });
        }
        let slime = Self { side, x, y, vx, vy, lives };
        if slime.can_arise() { Ok(slime) } else { Err(RestoreError::Invalid { field: "slime" }) }
    }

    /// Whether steps can have led here, as far as they can lead from here to where this is asked again.
    fn can_arise(&self) -> bool {
        let energy = self.vy * self.vy / 2.0 - GRAVITY * (self.y - GROUND);
        let beside_the_net = (NEAR..=FAR).contains(&(self.x * self.side));
        beside_the_net && (-RUN..=RUN).contains(&self.vx) && self.y >= GROUND && energy <= JUMP_ENERGY
    }
}

/// What a player sees: itself, the ball and the opponent, each as place and speed, with x away from the net on its own side.
pub(super) type Observation = [f64; 12];

/// Two slimes, the left one first, and a ball.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Game {
    pub(super) ball: Ball,
    pub(super) slimes: [Slime; 2],
    /// Steps until the ball is let go.
    hanging: u32,
    /// As of the last step without a point: the step that scores leaves them as they are.
    pub(super) observations: [Observation; 2],
    /// Who lost the last point, until the ball is let go; to be shown.
    pub(super) sad: Option<usize>,
}

impl Game {
    pub(super) fn new(rng: &mut SeededRng) -> Self {
        let (ball, slimes) = (Ball::served(rng), SIDES.map(Slime::new));
        let mut game = Self { ball, slimes, hanging: SERVE_STEPS, observations: [[0.0; 12]; 2], sad: None };
        game.look();
        game
    }

    /// Plays a step. Gives 1 for a point to the right player, -1 for one to the left.
    pub(super) fn step(&mut self, buttons: [Buttons; 2], rng: &mut SeededRng) -> i8 {
        if self.hanging == 0 {
            self.sad = None;
        }
        self.slimes.iter_mut().zip(buttons).for_each(|(slime, buttons)| slime.update(buttons));
        match self.hanging.checked_sub(1) {
            Some(left) => self.hanging = left,
            None => self.ball.fly(),
        }
        self.slimes.iter().for_each(|slime| self.ball.bounce_off(&slime.disk()));
        self.ball.bounce_off(&NET_TOP);
        let Some(fall) = self.ball.meet_the_edges() else {
            self.look();
            return 0;
        };
        self.ball = Ball::served(rng);
        self.hanging = SERVE_STEPS;
        let [left, right] = &mut self.slimes;
        let (loser, reward) = match fall {
            Fall::Left => (left, 1),
            Fall::Right => (right, -1),
        };
        loser.lives = loser.lives.saturating_sub(1);
        self.sad = Some(usize::from(fall == Fall::Right));
        reward
    }

    fn look(&mut self) {
        let [left, right] = &self.slimes;
        self.observations = [self.seen_by(left, right), self.seen_by(right, left)];
    }

    fn seen_by(&self, own: &Slime, other: &Slime) -> Observation {
        let ball = &self.ball;
        let across = |number: f64, side: f64| number * side + 0.0;
        let (side, opposite) = (own.side, -own.side);
        let seen = [
            [across(own.x, side), own.y, across(own.vx, side), own.vy],
            [across(ball.x, side), ball.y, across(ball.vx, side), ball.vy],
            [across(other.x, opposite), other.y, across(other.vx, opposite), other.vy],
        ];
        let mut observation = [0.0; 12];
        observation.iter_mut().zip(seen.as_flattened()).for_each(|(number, seen)| *number = seen / SCALE);
        observation
    }

    pub(super) fn save(&self, out: &mut StateWriter) {
        self.ball.save(out);
        self.slimes.iter().for_each(|slime| slime.save(out));
        out.u32(self.hanging);
        self.observations.as_flattened().iter().for_each(|number| out.f64(*number));
        out.u8(self.sad.map_or(0, |player| player as u8 + 1));
    }

    pub(super) fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let ball = Ball::restore(state)?;
        let [left, right] = SIDES.map(f64::from);
        let slimes = [Slime::restore(left, state)?, Slime::restore(right, state)?];
        let hanging = state.below(SERVE_STEPS as usize + 1, "hanging")? as u32;
        if hanging > 0 && [ball.x, ball.y, ball.before] != [0.0, SERVE_Y, 0.0] {
            return Err(RestoreError::Invalid { field: "hanging" });
        }
        let mut observations = [[0.0; 12]; 2];
        for number in observations.as_flattened_mut() {
            *number = bounded(state, FASTEST, "observations")?;
        }
        let sad = match state.u8()? {
            0 => None,
            player @ 1..=2 => Some(usize::from(player) - 1),
            _ => return Err(RestoreError::Invalid { field: "sad" }),
        };
        Ok(Self { ball, slimes, hanging, observations, sad })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_makes_of_a_slime_that_can_arise_can_arise() {
        let mut rng = SeededRng::new(5);
        let mut slimes = 0;
        while slimes < 20_000 {
            let side = if rng.integers(0, 2) == 0 { -1.0 } else { 1.0 };
            let (x, y) = (side * rng.uniform(NEAR, FAR), GROUND + rng.uniform(0.0, 1.0) * rng.uniform(0.0, 5.0));
            let mut slime = Slime { side, x, y, vx: 0.0, vy: rng.uniform(-20.0, 20.0), lives: 1 };
            if !slime.can_arise() {
                continue;
            }
            slimes += 1;
            let mut pressed = || rng.integers(0, 2) == 1;
            slime.update(Buttons { forward: pressed(), backward: pressed(), jump: pressed() });
            assert!(slime.can_arise(), "{slime:?}");
        }
    }
}
