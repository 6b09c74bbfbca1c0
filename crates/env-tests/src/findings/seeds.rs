//! Resets and what seeds decide.
use palaestra_env::{EnvError, Kwargs};

use super::finding::{Answer, doubtful, good};
use crate::cases::Case;
use crate::play::{Moment, played};

/// How many seeds have to make no difference before somebody is told.
const SEEDS: u64 = 10;

pub(super) fn resets(case: &Case) -> Answer {
    let mut env = played(case.make(), 3, 5);
    let before = Moment::of(&env);
    let unknown = Kwargs::from_iter([("no_such_option".to_owned(), true.into())]);
    match env.reset(Some(1), &unknown) {
        Err(EnvError::Option(_)) => {}
        Err(error) => return Err(format!("an unknown option of `reset` is refused for another reason: {error}")),
        Ok(()) => {
            return Err(
                "`reset` takes an option that it does not know: `Arguments::new(options).finish()` refuses those"
                    .into(),
            );
        }
    }
    before.same(&Moment::of(&env)).map_err(|found| format!("`reset` refused an option, and yet {found}"))?;
    let started = |seed| {
        let mut env = case.make();
        env.reset(seed, &Kwargs::new()).map_err(|error| error.to_string())?;
        Ok::<_, String>(env)
    };
    let unseeded = started(None)?;
    let same = Moment::of(&unseeded).same(&Moment::of(&started(None)?));
    same.map_err(|found| format!("a first `reset` without a seed is another each time: {found}"))?;
    if unseeded.outcome().over() || unseeded.outcome().rewards.iter().any(|reward| *reward != 0.0) {
        return Err("after a reset an episode is over, or has earned something, already".into());
    }
    match Moment::of(&unseeded).same(&Moment::of(&started(Some(0))?)) {
        Ok(()) => good("it begins anew, without a seed as from seed 0, and unknown options are refused"),
        Err(found) => doubtful(format!("a first `reset` without a seed is not that of seed 0: {found}")),
    }
}

pub(super) fn seeds(case: &Case) -> Answer {
    let start = |seed| Moment::of(&played(case.make(), seed, 0));
    let (first, again) = (start(1), start(1));
    first.same(&again).map_err(|found| format!("seed 1 begins otherwise the second time: {found}"))?;
    if (2..SEEDS).any(|seed| start(seed).returns != first.returns) {
        return good("a seed decides how an episode begins");
    }
    // The same actions from here on: what differs is the environment's own chance.
    let end = |seed| {
        let mut env = played(case.make(), 1, 0);
        let mut rng = palaestra_env::SeededRng::new(1);
        if env.reset(Some(seed), &Kwargs::new()).is_ok() {
            (0..50).for_each(|_| {
                let actions = crate::play::sampled(&env, &mut rng);
                crate::play::step_on(&mut env, &actions);
            });
        }
        Moment::of(&env).returns
    };
    let first = end(1);
    if (2..SEEDS).any(|seed| end(seed) != first) {
        return good("every episode begins alike, and a seed decides what happens in it");
    }
    doubtful(format!("{SEEDS} seeds make no difference in what is seen: is there no chance in it?"))
}
