//! The questions, and those that the tests of every environment answer.
use palaestra_env::Kwargs;

use super::caught::caught;
use super::finding::{Answer, Finding, Grade, doubtful, good};
use super::{cost, ends, keys, seeds, spaces};
use crate::cases::{Case, varied};
use crate::contract::{self, Bounds, Game, Memory};
use crate::hostile_states::attack;
use crate::no_alloc::allocates_nothing;

/// How many random games a question is asked in.
const GAMES: u64 = 12;

/// A name, and what answers.
type Question = (&'static str, fn(&Case) -> Answer);

/// The questions, in the order in which their answers help: who cannot be made is not asked further.
const QUESTIONS: &[Question] = &[
    ("make", made),
    ("spaces", spaces::well_made),
    ("keys", keys::playable),
    ("reset", seeds::resets),
    ("seeds", seeds::seeds),
    ("steps", steps),
    ("bad actions", bad_actions),
    ("determinism", determinism),
    ("save, restore", save_and_restore),
    ("foreign states", foreign_states),
    ("ends", ends::ends),
    ("picture", keys::picture),
    ("allocation", allocation),
    ("cost", cost::cost),
    ("arguments", arguments),
];

/// Asks every question of an environment, and gives each answer to `tell` when it is there. A panic is an answer too.
pub fn inspect(case: &Case, mut tell: impl FnMut(Finding)) {
    for (about, question) in QUESTIONS {
        let (grade, text) = caught(|| question(case)).unwrap_or_else(|bad| (Grade::Bad, bad));
        tell(Finding { grade, about, text: text.replace('\n', " ") });
        if *about == "make" && grade == Grade::Bad {
            return;
        }
    }
}

/// The names of the questions, in their order.
pub fn questions() -> impl Iterator<Item = &'static str> {
    QUESTIONS.iter().map(|(about, _)| *about)
}

/// Random games, the same for everybody who asks.
fn games() -> impl Iterator<Item = Game> {
    (0..GAMES).map(|seed| Game {
        seed: seed * 7919,
        before: (seed * 13 % 80) as u32,
        after: 1 + (seed * 5 % 19) as u32,
    })
}

/// Whether something holds in each of some games.
fn in_games(count: u64, property: impl Fn(Game) -> Result<(), String>) -> Result<(), String> {
    let mut some = games().take(count as usize);
    some.try_for_each(|game| {
        property(game).map_err(|bad| format!("{bad} (seed {}, after {} steps)", game.seed, game.before))
    })
}

fn made(case: &Case) -> Answer {
    case.family.check()?;
    case.family.make_env(case.id, &case.kwargs).map_err(|error| error.to_string())?;
    let mut unknown = case.kwargs.clone();
    unknown.insert("no_such_argument".into(), true.into());
    match case.family.make_env(case.id, &unknown) {
        Ok(_) => Err("it takes an argument that it does not know: `Arguments::finish` refuses those".into()),
        Err(_) => good("it can be made, what the family says of it is true, and unknown arguments are refused"),
    }
}

fn steps(case: &Case) -> Answer {
    in_games(GAMES, |game| contract::seen(case, game, Bounds::Kept))?;
    good("what is seen and told lies in its space at every step, rewards are finite, and all of it can be drawn")
}

fn bad_actions(case: &Case) -> Answer {
    in_games(4, |game| contract::refused(case, game))?;
    good("actions that are none of the space's are refused and change nothing")
}

fn determinism(case: &Case) -> Answer {
    let Err(bad) = in_games(GAMES, |game| contract::repeated(case, game, Memory::None)) else {
        return good("the same seed and actions give the same bytes, whatever was played before");
    };
    match in_games(GAMES, |game| contract::repeated(case, game, Memory::OutlivesSeeds)) {
        Ok(()) => doubtful(format!("it remembers something of earlier games beyond a reset with a seed: {bad}")),
        Err(_) => Err(format!("the same seed and actions give something else the second time: {bad}")),
    }
}

fn save_and_restore(case: &Case) -> Answer {
    in_games(GAMES, |game| contract::restored(case, game))?;
    good("a restored game goes on exactly as the saved one did, in any instance")
}

fn foreign_states(case: &Case) -> Answer {
    let refused = attack(case, 1, 60)?;
    if refused < 30 {
        return Err(format!(
            "expected most of the states that were cut, altered or made up to be refused, found {refused} refused"
        ));
    }
    good(format!("{refused} states that were cut, altered or made up are refused, and the others are states"))
}

fn allocation(case: &Case) -> Answer {
    allocates_nothing(case).map_err(|bad| format!("a warm step allocates, which a browser pays for later: {bad}"))?;
    good("a warm step allocates nothing")
}

/// The same, shorter, with each argument given otherwise.
fn arguments(case: &Case) -> Answer {
    let all = varied(case.family);
    let others: Vec<&Case> = all.iter().filter(|other| other.id == case.id && other.kwargs != Kwargs::new()).collect();
    for other in &others {
        let told = |bad: String| format!("{other}: {bad}");
        in_games(2, |game| contract::seen(other, game, Bounds::Kept)).map_err(told)?;
        in_games(2, |game| contract::restored(other, game)).map_err(told)?;
        in_games(2, |game| contract::repeated(other, game, Memory::OutlivesSeeds)).map_err(told)?;
        allocates_nothing(other)?;
    }
    match others.len() {
        0 => good("it has none"),
        1 => good("with another argument than the defaults the same holds"),
        count => good(format!("with each of {count} other arguments the same holds")),
    }
}
