//! Players who know what their part is: those with marks cover them, one each; wolves run after the nearest hare, hares run from the
//! nearest wolf and to their food; who knows the goal goes there or says so. They slow down in time.
use palaestra_env::Advice;
use palaestra_math::sqrt;

use super::actions::{MOVES, words};
use super::world::{Pair, Role, World};

/// How near is there.
const NEAR: f64 = 0.03;
/// How far a body slides on, by its speed.
const SLIDE: f64 = 0.3;
/// Within what distance a hare runs from a wolf.
const DANGER: f64 = 0.8;
/// How far from the middle a hare that runs turns back.
const EDGE: f64 = 0.8;

/// The mark that each of some agents takes: in their order the nearest that is left.
fn share(world: &World, agents: impl Iterator<Item = usize>, own: usize) -> Option<usize> {
    let mut taken = vec![false; world.bodies.len()];
    for agent in agents {
        let left = world.landmarks().filter(|mark| !taken[*mark]);
        let nearest =
            left.min_by(|a, b| world.square_distance(agent, *a).total_cmp(&world.square_distance(agent, *b)))?;
        if agent == own {
            return Some(nearest);
        }
        taken[nearest] = true;
    }
    None
}

fn nearest(world: &World, agent: usize, of: Role) -> Option<usize> {
    let found = world.of(of).filter(|body| *body != agent);
    found.min_by(|a, b| world.square_distance(agent, *a).total_cmp(&world.square_distance(agent, *b)))
}

/// Where an agent wants to go from where it is.
fn way(world: &World, agent: usize, goal: Option<usize>, advice: &mut Advice<'_>) -> Pair {
    let [vx, vy] = world.speeds[agent];
    let slowed = |[x, y]: Pair| [x - SLIDE * vx, y - SLIDE * vy];
    let to = |body: usize| slowed(world.way(agent, body));
    let hunted = world.of(Role::Good).next().is_some() && world.of(Role::Landmark).next().is_none();
    match world.bodies[agent].role {
        // It has to guess: a mark for the whole episode.
        Role::Adversary if !hunted => {
            let marks = world.landmarks().len();
            let known = (advice.memory[0] - 1.0) as usize;
            let mark = if advice.memory[0] >= 1.0 && known < marks { known } else { advice.below(marks) };
            advice.memory[0] = mark as f64 + 1.0;
            if marks == 0 { [0.0; 2] } else { to(world.landmarks().start + mark) }
        }
        Role::Adversary => nearest(world, agent, Role::Good).map_or([0.0; 2], |hare| world.way(agent, hare)),
        Role::Good if hunted => flight(world, agent),
        // One of them is at the goal, the others are at the other marks: whoever watches learns nothing.
        Role::Good => match (goal, world.of(Role::Good).next()) {
            (Some(goal), Some(first)) if first == agent => to(goal),
            (Some(goal), _) => {
                let others: Vec<usize> = world.landmarks().filter(|mark| *mark != goal).collect();
                others.get(agent % others.len().max(1)).map_or([0.0; 2], |mark| to(*mark))
            }
            (None, _) => [0.0; 2],
        },
        // Who hears a word goes to the mark of its number.
        _ if world.words > 0 => {
            let said = world.said.iter().take(world.words).position(|word| *word > 0.5);
            said.and_then(|word| world.landmarks().nth(word)).map_or([0.0; 2], to)
        }
        role => share(world, world.of(role), agent).map_or([0.0; 2], to),
    }
}

/// A hare's way: from the nearest wolf, and not out of the field; or else to what there is to eat.
fn flight(world: &World, agent: usize) -> Pair {
    let [x, y] = world.places[agent];
    let wolf = nearest(world, agent, Role::Adversary).filter(|wolf| world.distance(agent, *wolf) < DANGER);
    let Some(wolf) = wolf else {
        return nearest(world, agent, Role::Food).map_or([-x, -y], |food| world.way(agent, food));
    };
    let [from_x, from_y] = world.way(wolf, agent);
    let far = sqrt(from_x * from_x + from_y * from_y).max(1e-6);
    // The nearer the edge, the more it counts.
    let back = |at: f64| if at.abs() > EDGE { -4.0 * (at.abs() - EDGE) * at.signum() } else { 0.0 };
    [from_x / far * DANGER + back(x), from_y / far * DANGER + back(y)]
}

/// What an agent does next.
#[inline(never)]
pub(super) fn act(world: &World, goal: Option<usize>, continuous: bool, advice: &mut Advice<'_>) {
    let agent = advice.agent;
    let (Some(body), spoken) = (world.bodies.get(agent), words(world, agent)) else { return };
    let movable = body.movable;
    // Who knows the goal says its number; the leader of the wolves says nothing of use, always the same.
    let word =
        goal.filter(|_| body.role == Role::Speaker).map_or(0, |goal| goal.saturating_sub(world.landmarks().start));
    let word = if spoken > 0 { word % spoken } else { 0 };
    let [x, y] = if movable { way(world, agent, goal, advice) } else { [0.0; 2] };
    if continuous {
        let mut numbers = Vec::with_capacity(MOVES + spoken);
        if movable {
            numbers.extend([0.0, -x, x, -y, y].map(|part| (3.0 * part).clamp(0.0, 1.0)));
        }
        numbers.extend((0..spoken).map(|other| f64::from(u8::from(other == word))));
        return advice.numbers(&numbers);
    }
    let pushes = match () {
        () if x.abs() < NEAR && y.abs() < NEAR => 0,
        () if x.abs() >= y.abs() => {
            if x < 0.0 {
                1
            } else {
                2
            }
        }
        () => {
            if y < 0.0 {
                3
            } else {
                4
            }
        }
    };
    let moves = if movable { MOVES } else { 1 };
    advice.discrete(((if movable { pushes } else { 0 }) + moves * word) as i64);
}
