//! What the pure game is told of what was asked for.
use palaestra_play::game::Options;

use super::config::Config;
use crate::js;
use crate::plain::json_text;

pub(super) fn rules_of(config: &Config) -> Options {
    let none = config.reset_options.is_empty();
    Options {
        agents: config.seats.len(),
        seed: config.seed,
        fps: config.fps,
        scene: config.canvas.is_some(),
        record_hashes: config.record_hashes,
        record_times: config.record_times,
        record_metrics: config.record_metrics,
        reset_options: config.reset_options.clone(),
        reset_options_text: if none { String::new() } else { json_text(&config.reset_options) },
        episodes: config.episodes,
        max_steps: config.max_steps,
        together: config.together,
        start: config.start,
        load_timeout: config.load_timeout,
        step_timeout: config.step_timeout,
        focus_timeout: config.focus_timeout,
        episode_pause: config.episode_pause,
        metrics_capacity: config.metrics_capacity,
        tween: config.tween,
        tell_steps: config.on_step.is_some(),
        user_timing: config.user_timing,
        number: js::write_number,
    }
}
