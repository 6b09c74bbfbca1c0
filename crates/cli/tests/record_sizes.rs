//! An hour at 60 Hz of every environment is kept in 64 MB: a short stretch of each, extrapolated. The whole hour is measured by
//! `cargo run --release -p palaestra-cli --example record_sizes`.
#[path = "support/kept.rs"]
mod kept;

/// So many steps of each.
const STEPS: u64 = 5_000;

#[test]
fn an_hour_of_every_environment_is_kept_in_64_mb() {
    let ids: Vec<&str> = palaestra_envs::CATALOG.entries().map(|entry| entry.id).collect();
    assert!(ids.len() > 40, "{ids:?}");
    for id in ids {
        let kept = kept::play(id, STEPS);
        let hour = kept.hour();
        println!("{id:40} {:8.1} bytes a step, {:5.1} MB an hour", kept.per_step(kept.compressed), hour / 1e6);
        // A third of it: there is room for what stands beside the returns (metrics, events), and a change that makes
        // differences useless is seen. In the worlds of particles every number of every agent is another at every step, and the
        // reference draws ten frames a second: their hour is one of theirs, a sixth of the steps.
        let (hour, share) = if id.starts_with("mpe2/") { (hour / 6.0, 2.0) } else { (hour, 3.0) };
        assert!(hour < kept::MOST / share, "{id}: {hour} bytes an hour: {kept:?}");
        assert!(kept.returned > 0 && kept.chunks > 0, "{id}: {kept:?}");
    }
}
