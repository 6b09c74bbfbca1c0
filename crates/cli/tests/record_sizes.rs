//! What an hour at 60 Hz of every environment returns is kept in 64 MB, with its actions and hashes: a short stretch of each, extrapolated. The whole hour is measured by
//! `cargo run --release -p palaestra-cli --example record_sizes`.
#[path = "support/kept.rs"]
mod kept;

/// So many steps of each.
const STEPS: u64 = 5_000;

/// Worlds of many agents in which nearly every number of every agent is another at every step, and the bytes an hour of each may
/// take: more than a quarter of what all may. Times and metrics, where a record has them, come on top.
const MORE: [(&str, f64); 4] = [
    ("mpe2/simple_spread_v3", 20e6),
    ("mpe2/simple_tag_v3", 24e6),
    ("mpe2/simple_world_comm_v3", kept::MOST),
    ("Foraging-15x15-8p-4f-v3", 20e6),
];

#[test]
fn an_hour_of_every_environment_is_kept_in_64_mb() {
    let ids: Vec<&str> = palaestra_envs::CATALOG.entries().map(|entry| entry.id).collect();
    assert!(ids.len() > 40, "{ids:?}");
    for id in ids {
        let kept = kept::play(id, STEPS);
        let hour = kept.hour();
        println!("{id:40} {:8.1} bytes a step, {:5.1} MB an hour", kept.per_step(kept.compressed), hour / 1e6);
        // A quarter of it: there is room for what stands beside the returns (metrics, events), and a change that makes
        // differences useless is seen.
        let most = MORE.iter().find(|(more, _)| *more == id).map_or(kept::MOST / 4.0, |(_, most)| *most);
        assert!(hour < most, "{id}: {hour} bytes an hour: {kept:?}");
        assert!(kept.returned > 0 && kept.chunks > 0, "{id}: {kept:?}");
    }
}
