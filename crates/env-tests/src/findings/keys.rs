//! What a person needs: keys, and something to see.
use palaestra_env::catalog::InputMode;
use palaestra_env::scene::{Commands, Kind};
use palaestra_env::{Kwargs, Scene, SeededRng};

use super::finding::{Answer, doubtful, good};
use crate::cases::Case;
use crate::play::{sampled, step_on};

pub(super) fn playable(case: &Case) -> Answer {
    let Some(entry) = case.family.entries.iter().find(|entry| entry.id == case.id) else {
        return Err("its family has no entry of this id".into());
    };
    let keys: usize = entry.keys.iter().map(|set| set.len()).sum();
    if keys == 0 {
        return doubtful("it has no keys: nobody can play it at a keyboard");
    }
    let strokes = if entry.input_mode == InputMode::SingleKeystroke { "each stroke is an action" } else { "held down" };
    let rest = if entry.idle.is_empty() { "without one it waits" } else { "without one it goes on" };
    good(format!("{keys} keys, {strokes}, {rest}; at most {} steps a second", entry.fps))
}

pub(super) fn picture(case: &Case) -> Answer {
    let mut env = case.make();
    env.reset(Some(5), &Kwargs::new()).map_err(|error| error.to_string())?;
    let (mut rng, mut scene) = (SeededRng::new(5), Scene::new());
    env.draw(&mut scene);
    let first = scene.bytes().to_vec();
    let (mut moved, mut shapes, mut outside) = (false, 0, 0);
    for _ in 0..60 {
        let actions = sampled(&env, &mut rng);
        step_on(&mut env, &actions);
        env.draw(&mut scene);
        moved |= scene.bytes() != first;
        for command in Commands::new(scene.bytes()).flatten().filter(|command| command.kind != Kind::Background) {
            shapes += 1;
            let at: Vec<f32> = command.numbers().take(2).collect();
            outside += usize::from(at.iter().any(|place| !(-1.0..=2.0).contains(place)));
        }
    }
    if shapes == 0 {
        return doubtful("nothing is drawn but a background");
    }
    if outside == shapes {
        return doubtful("everything is drawn outside of the picture: places are fractions of its width and height");
    }
    if !moved {
        return doubtful("the picture is the same at every step");
    }
    good("it is drawn, and moves")
}
