// What is taken out of a family's module, to be loaded by those who need it: see `split` in ../parts.mjs.
import { PlainError } from '../../lib/main.mjs';

/** The part that answers a program's requests, and those of a replay; a game does without. `crates/page` knows it by this name. */
const program = {
  paths: [
    'palaestra_host::responder::Responder::answer',
    'palaestra_host::local_responder::',
    'palaestra_play::port::Port::rewind',
    'palaestra_host::worker::ByMailbox',
    'palaestra_mailbox::mailbox::',
    'palaestra_worker::replay',
    'palaestra_worker::ask',
    // What a module exports.
    'replay ',
    'ask ',
  ],
  entrances: [
    'replay *',
    'ask *',
    // Of a Worker that was not made for a game alone: `Role` and `start` look.
    'Responder::answer',
    'Port::rewind',
    'Mailbox::new',
    'Mailbox::listen',
  ],
};

/** The part that plays episodes by itself. `crates/page` knows it by this name. */
const rollout = {
  paths: ['palaestra_host::rollouts::', 'palaestra_rollout::'],
  // Of a Worker that is asked for a rollout.
  entrances: ['rollouts::answer'],
};

/**
 * The part of what is asked for besides a game of people in an environment as it is: keyword arguments, options of resets, and seats that
 * are no person's. `crates/page` knows it by this name.
 */
const options = {
  paths: [
    'palaestra_protocol::kwargs::read_given',
    'palaestra_env::arguments::invalid',
    'palaestra_env::arguments::Arguments::finish_given',
    'palaestra_env::env::no_action_of',
    // Of the states that are saved, which a game of people does not go back to.
    '*palaestra_env::environment::Environment>::restore',
    'palaestra_env::state::StateReader::rng',
    'palaestra_env::env::Env::read',
    'palaestra_env::codec::ValueReader::read_into',
    'palaestra_env::space::display::',
    'palaestra_env::value::display::',
    'palaestra_env::error::ArgumentError as core::fmt::Display',
    'palaestra_play::simulation::seats::policy_of',
    'palaestra_env::policy::',
    'palaestra_env::sample::',
    'palaestra_host::seated::',
  ],
  entrances: [
    // Of arguments and options that are given.
    'kwargs::read_given',
    'arguments::invalid',
    'Arguments::finish_given',
    '<palaestra_env::error::ArgumentError as core::fmt::Display>::fmt',
    // Of actions at which nobody has looked, which a game does before it is set up.
    'env::no_action_of',
    // Of a setup that does not fit, which no page makes.
    'describe',
    // Of a seat of a game that is no person's, for which there may be a function that brings policies.
    'seats::policy_of',
    'seated::seat_with',
    // Of experts, rollouts and programs, whose parts do not come without this one.
    'sample_again',
    'Env::read',
    'StateReader::rng',
    'ValueReader::read_into',
  ],
};

/** The parts of every module that plays environments. */
export const programParts = { options, rollout, program };

/**
 * What of an environment's own part the rest of its family may call: what makes it. All else of it is called through the trait
 * `Environment`.
 */
const maker = 'new';

/**
 * By the name of each part, the paths of the functions that go there: of the environments that say so, of experts, of rollouts, and of
 * programs' requests.
 */
export function splitOf(registry, family) {
  const paths = new Set(registry.flatMap((entry) => (entry.family === family && entry.part ? [entry.part] : [])));
  const parts = Object.fromEntries([...paths].map((path) => [partName(path), { paths: [path], entrances: [maker] }]));
  for (const taken of ['program', 'options', 'rollout', 'expert']) {
    if (parts[taken])
      throw new PlainError('family', `expected no module \`${taken}\` as a part of ${family}, found one`);
  }
  return { ...parts, ...expertOf(registry, family), ...programParts, options: optionsOf(registry, family) };
}

/** The part of options, with what a family has for them alone: the functions of its module `given`. */
function optionsOf(registry, family) {
  const paths = registry.flatMap((entry) => (entry.family === family ? [entry.part, entry.expert] : []));
  const crates = [...new Set(paths.filter(Boolean).map((path) => path.split('::')[0]))];
  return {
    paths: [...options.paths, ...crates.map((crate) => `${crate}::given::`)],
    entrances: [...options.entrances, ...crates.map((crate) => `${crate}::given::*`)],
  };
}

/** Who knows how to play, for those who have an expert in a seat: only a policy asks, and there is one only then. */
function expertOf(registry, family) {
  const paths = [
    ...new Set(registry.flatMap((entry) => (entry.family === family && entry.expert ? [entry.expert] : []))),
  ];
  const entrances = [...paths.map((path) => `${path}::*`), 'ExpertPolicy::new'];
  return paths.length
    ? { [partName(paths[0])]: { paths: [...paths.map((path) => `${path}::`), 'palaestra_env::expert::'], entrances } }
    : {};
}

/** A part's name, of its path in Rust. */
export const partName = (path) => path.split('::').at(-1);
