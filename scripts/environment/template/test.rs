//! `cargo test`: what every environment is held to, and what is true of this game.
use __LIB__::FAMILY;
use palaestra_env::{Env, Kwargs, Value, ValueReader};

// A restored game goes on as the saved one did, the same seed gives the same game, a bad action changes nothing, what is seen lies in
// its space, a step allocates nothing, and more: `npx palaestra check` tells the same in words.
palaestra_env_tests::contract!(FAMILY);

// Games that must never come out otherwise go to tests/golden: `npx palaestra play __ID__ -o tests/golden/one.jsonl.gz` makes
// one, and this line replays them all, to the last bit.
// palaestra_env_tests::golden!(FAMILY);

/// What the player sees: the basket's first column, and the column and the row of the fruit.
fn seen(env: &Env) -> [i64; 3] {
    let mut out = palaestra_env::ValueWriter::new();
    env.observe(&mut out);
    match ValueReader::new(out.bytes()).read(&env.spec().observation_spaces[0]) {
        Ok(Value::MultiDiscrete(numbers)) => [numbers[0], numbers[1], numbers[2]],
        other => panic!("expected three numbers, found {other:?}"),
    }
}

/// Plays an episode and gives its score. `choose` says the action for what is seen.
fn score(choose: impl Fn([i64; 3]) -> i64) -> f64 {
    let mut env = FAMILY.make_env("__ID__", &Kwargs::new()).unwrap();
    env.reset(Some(7), &Kwargs::new()).unwrap();
    let mut score = 0.0;
    while !env.outcome().over() {
        let action = choose(seen(&env));
        score += env.step(&[Value::Discrete(action)]).unwrap().rewards[0];
    }
    score
}

#[test]
fn who_goes_after_the_fruit_catches_more_than_who_stands_still() {
    // The middle of the basket is one column to the right of its first.
    let after = score(|[basket, fruit, _]| match fruit - (basket + 1) {
        0 => 0,
        off if off < 0 => 1,
        _ => 2,
    });
    let still = score(|_| 0);
    assert!(after > 10.0 && after > 2.0 * still, "{after} points going after it, {still} standing still");
}
