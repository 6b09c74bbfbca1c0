//! What a legend shows beside an agent's name is in the picture.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::scene::Commands;
use palaestra_env::{Kwargs, Scene};
use palaestra_envs::CATALOG;

#[test]
fn every_agent_has_the_colour_of_its_name_in_the_picture() {
    let mut looked_at = 0;
    for (family, entry) in CATALOG.families().flat_map(|family| family.entries.iter().map(move |entry| (family, entry)))
    {
        let mut env = family.make_env(entry.id, &Kwargs::new()).unwrap();
        // Sprites have their colours in files.
        if env.spec().atlas.is_some() {
            continue;
        }
        env.reset(Some(3), &Kwargs::new()).unwrap();
        let mut scene = Scene::new();
        env.draw(&mut scene);
        let styles: Vec<_> = Commands::new(scene.bytes()).map(|command| command.unwrap().style).collect();
        for appearance in entry.appearances {
            looked_at += 1;
            let drawn = styles.iter().any(|style| style.fill == appearance.colour || style.stroke == appearance.colour);
            assert!(drawn, "{}: {}", entry.id, appearance.name);
        }
    }
    assert!(looked_at > 10, "{looked_at}");
}
