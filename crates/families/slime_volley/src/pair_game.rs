//! The game of slimevb 0.1.1's functional core with its NumPy back end, operation for operation: NumPy 2 keeps float32s narrow
//! where they meet Python's numbers, which are rounded to float32 first.
use palaestra_env::{RestoreError, SeededRng, StateReader, StateWriter};

use super::buttons::Buttons;
use super::court::{
    BALL, FARTHEST, FASTEST, GROUND, MAX_BALL_SPEED, NET_HEIGHT, NET_WIDTH, NUDGE, SCALE, SERVE_SPEEDS, SERVE_STEPS,
    SERVE_X, SERVE_Y, SIDES, SIZE, SLIME, STEP,
};

const RUN: f32 = 20.0;
const JUMP: f32 = 10.0 * 1.75;
/// What gravity adds to a speed in a step.
const PULL: f32 = (-9.8 * 1.5 * 1.5 * STEP) as f32;
const DT: f32 = STEP as f32;
/// What a slime has in height and speed just after a jump. Gravity takes of it at every step, so that none has more.
const JUMP_ENERGY: f64 =
    (JUMP as f64) * (JUMP as f64) / 2.0 + PULL_OF_A_SECOND * (NUDGE * STEP + JUMP as f64 * STEP) + 1e-3;
const PULL_OF_A_SECOND: f64 = 9.8 * 1.5 * 1.5;
/// Between net and wall a slime is so far from the middle.
const NEAR: f32 = (NET_WIDTH / 2.0 + SLIME) as f32;
const FAR: f32 = (SIZE / 2.0 - SLIME) as f32;
/// Under the square roots.
const LEAST: f32 = 1e-12;
pub(super) const LIVES: i32 = 1;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Body {
    pub(super) x: f32,
    pub(super) y: f32,
    vx: f32,
    vy: f32,
}

impl Body {
    fn update_slime(&mut self, side: f32, buttons: Buttons) {
        const ON_GROUND: f32 = (GROUND + NUDGE * STEP) as f32;
        let jump = if buttons.jump { JUMP } else { 0.0 };
        self.vy = if self.y <= ON_GROUND { jump } else { self.vy + PULL };
        // 0 has the sign of the side from here on, as there.
        self.vx = RUN * f32::from(buttons.direction()) * side;
        self.x += self.vx * DT;
        self.y += self.vy * DT;
        if self.y <= GROUND as f32 {
            (self.y, self.vy) = (GROUND as f32, 0.0);
        }
        if self.x * side <= NEAR {
            (self.x, self.vx) = (side * NEAR, 0.0);
        }
        if self.x * side >= FAR {
            (self.x, self.vx) = (side * FAR, 0.0);
        }
    }

    fn fly(&mut self) {
        self.vy += PULL;
        let square = self.vx * self.vx + self.vy * self.vy;
        if square > (MAX_BALL_SPEED * MAX_BALL_SPEED) as f32 {
            let scale = MAX_BALL_SPEED as f32 / square.max(LEAST).sqrt();
            self.vx *= scale;
            self.vy *= scale;
        }
        self.x += self.vx * DT;
        self.y += self.vy * DT;
    }

    /// Off a disk that counts as standing still.
    fn bounce_off(&mut self, [x, y]: [f32; 2], radius: f64) {
        let reach = (BALL + radius) as f32;
        let (dx, dy) = (self.x - x, self.y - y);
        let square = dx * dx + dy * dy;
        if square >= reach * reach {
            return;
        }
        let distance = square.max(LEAST).sqrt();
        let (nx, ny) = (dx / distance, dy / distance);
        let push = reach - distance + NUDGE as f32;
        self.x += nx * push;
        self.y += ny * push;
        let (ux, uy) = (self.vx - 0.0, self.vy - 0.0);
        let twice = (ux * nx + uy * ny) * 2.0;
        self.vx = ux - nx * twice + 0.0;
        self.vy = uy - ny * twice + 0.0;
    }

    /// Gives 1 where it fell to the ground on the left, -1 on the right.
    fn meet_the_edges(&mut self, before: f32) -> i8 {
        const WALL: f32 = (SIZE / 2.0 - BALL) as f32;
        const BESIDE_WALL: f32 = (SIZE / 2.0 - BALL - NUDGE * STEP) as f32;
        const LEFT_WALL: f32 = (BALL - SIZE / 2.0) as f32;
        const BESIDE_LEFT_WALL: f32 = (BALL - SIZE / 2.0 + NUDGE * STEP) as f32;
        const FLOOR: f32 = (BALL + GROUND) as f32;
        const ABOVE_FLOOR: f32 = (BALL + GROUND + NUDGE * STEP) as f32;
        const CEILING: f32 = (SIZE - BALL) as f32;
        const BELOW_CEILING: f32 = (SIZE - BALL - NUDGE * STEP) as f32;
        const NET: f32 = (NET_WIDTH / 2.0 + BALL) as f32;
        const BESIDE_NET: f32 = (NET_WIDTH / 2.0 + BALL + NUDGE * STEP) as f32;
        let low = |y: f32| y <= NET_HEIGHT as f32;
        if self.x <= LEFT_WALL {
            (self.x, self.vx) = (BESIDE_LEFT_WALL, -self.vx);
        }
        if self.x >= WALL {
            (self.x, self.vx) = (BESIDE_WALL, -self.vx);
        }
        let mut point = 0;
        if self.y <= FLOOR {
            (self.y, self.vy) = (ABOVE_FLOOR, -self.vy);
            point = if self.x <= 0.0 { 1 } else { -1 };
        }
        if self.y >= CEILING {
            (self.y, self.vy) = (BELOW_CEILING, -self.vy);
        }
        if self.x <= NET && before > NET && low(self.y) {
            (self.x, self.vx) = (BESIDE_NET, -self.vx);
        }
        if self.x >= -NET && before < -NET && low(self.y) {
            (self.x, self.vx) = (-BESIDE_NET, -self.vx);
        }
        point
    }

    /// Place and speed with x in the direction of `side`.
    fn seen(&self, side: f32) -> [f32; 4] {
        [self.x * side, self.y, self.vx * side, self.vy]
    }

    fn save(&self, out: &mut StateWriter) {
        [self.x, self.y, self.vx, self.vy].into_iter().for_each(|number| out.f32(number));
    }

    /// Of a slime: whether steps can have led here, as far as they can lead from here to where this is asked again.
    fn can_arise(&self, side: f32) -> bool {
        let (up, height) = (f64::from(self.vy), f64::from(self.y) - GROUND);
        let beside_the_net = (NEAR..=FAR).contains(&(self.x * side));
        let energy = up * up / 2.0 + PULL_OF_A_SECOND * height;
        beside_the_net && (-RUN..=RUN).contains(&self.vx) && height >= 0.0 && energy <= JUMP_ENERGY
    }

    fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let mut bounded = |limit: f64| {
            let number = state.f32()?;
            let fits = (-limit..=limit).contains(&f64::from(number));
            if fits { Ok(number) } else { Err(RestoreError::Invalid { field: "body" }) }
        };
        Ok(Self { x: bounded(FARTHEST)?, y: bounded(FARTHEST)?, vx: bounded(FASTEST)?, vy: bounded(FASTEST)? })
    }
}

/// What a player sees: itself, the ball and the opponent, each as place and speed, with x away from the net on its own side.
pub(super) type Observation = [f32; 12];

/// Two slimes, the left one first, and a ball.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Game {
    pub(super) ball: Body,
    pub(super) slimes: [Body; 2],
    pub(super) lives: [i32; 2],
    /// Steps until the ball is let go.
    hanging: u32,
}

impl Game {
    pub(super) fn new(rng: &mut SeededRng) -> Self {
        let [vx, vy] = serve(rng);
        let slimes = SIDES.map(|side| Body { x: f32::from(side) * SERVE_X as f32, y: GROUND as f32, vx: 0.0, vy: 0.0 });
        let ball = Body { x: 0.0, y: SERVE_Y as f32, vx, vy };
        Self { ball, slimes, lives: [LIVES; 2], hanging: SERVE_STEPS }
    }

    /// Plays a step. Gives 1 for a point to the right player, -1 for one to the left.
    pub(super) fn step(&mut self, buttons: [Buttons; 2], rng: &mut SeededRng) -> i8 {
        for ((slime, side), buttons) in self.slimes.iter_mut().zip(SIDES).zip(buttons) {
            slime.update_slime(side.into(), buttons);
        }
        let before = self.ball.x;
        match self.hanging.checked_sub(1) {
            Some(left) => self.hanging = left,
            None => self.ball.fly(),
        }
        self.slimes.iter().for_each(|slime| self.ball.bounce_off([slime.x, slime.y], SLIME));
        self.ball.bounce_off([0.0, NET_HEIGHT as f32], NET_WIDTH / 2.0);
        let point = self.ball.meet_the_edges(before);
        let [left, right] = &mut self.lives;
        *left = left.wrapping_sub(i32::from(point > 0));
        *right = right.wrapping_sub(i32::from(point < 0));
        // It draws for a ball at every step, and with one life a player never serves it.
        serve(rng);
        point
    }

    pub(super) fn over(&self) -> bool {
        self.lives.iter().any(|lives| *lives <= 0)
    }

    pub(super) fn observation(&self, player: usize) -> Observation {
        let [left, right] = &self.slimes;
        let (side, own, other) = if player == 0 { (-1.0, left, right) } else { (1.0, right, left) };
        let seen = [own.seen(side), self.ball.seen(side), other.seen(-side)];
        let mut observation = [0.0; 12];
        observation.iter_mut().zip(seen.as_flattened()).for_each(|(number, seen)| *number = seen / SCALE as f32);
        observation
    }

    pub(super) fn save(&self, out: &mut StateWriter) {
        self.ball.save(out);
        self.slimes.iter().for_each(|slime| slime.save(out));
        self.lives.iter().for_each(|lives| out.i64((*lives).into()));
        out.u32(self.hanging);
    }

    pub(super) fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let ball = Body::restore(state)?;
        let slimes = [Body::restore(state)?, Body::restore(state)?];
        if !slimes.iter().zip(SIDES).all(|(slime, side)| slime.can_arise(side.into())) {
            return Err(RestoreError::Invalid { field: "slime" });
        }
        let mut life = || {
            let lives = i32::try_from(state.i64()?).ok().filter(|lives| *lives <= LIVES);
            lives.ok_or(RestoreError::Invalid { field: "lives" })
        };
        let lives = [life()?, life()?];
        let hanging = state.below(SERVE_STEPS as usize + 1, "hanging")? as u32;
        if hanging > 0 && [ball.x, ball.y] != [0.0, SERVE_Y as f32] {
            return Err(RestoreError::Invalid { field: "hanging" });
        }
        Ok(Self { ball, slimes, lives, hanging })
    }
}

fn serve(rng: &mut SeededRng) -> [f32; 2] {
    SERVE_SPEEDS.map(|[low, high]| rng.uniform(low, high) as f32)
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
            let y = GROUND + rng.uniform(0.0, 1.0) * rng.uniform(0.0, 9.0);
            let (x, vy) = (rng.uniform(NEAR.into(), FAR.into()) as f32, rng.uniform(-25.0, 25.0) as f32);
            let mut slime = Body { x: side * x, y: y as f32, vx: 0.0, vy };
            if !slime.can_arise(side) {
                continue;
            }
            slimes += 1;
            let mut pressed = || rng.integers(0, 2) == 1;
            slime.update_slime(side, Buttons { forward: pressed(), backward: pressed(), jump: pressed() });
            assert!(slime.can_arise(side), "{slime:?}");
        }
    }
}
