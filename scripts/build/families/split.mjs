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

/** The parts of every module that plays environments. */
export const programParts = { rollout, program };

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
  for (const taken of ['program', 'rollout', 'expert']) {
    if (parts[taken])
      throw new PlainError('family', `expected no module \`${taken}\` as a part of ${family}, found one`);
  }
  return { ...parts, ...expertOf(registry, family), ...programParts };
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
