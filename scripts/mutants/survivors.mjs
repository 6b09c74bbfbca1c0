import { PlainError } from '../lib/main.mjs';

/** The crates whose tests are held to it, those that are there. */
const crates = ['session', 'play', 'record', 'pack', 'host', 'protocol', 'env'];

/** Reads the words of the command line: the crates, all of them unless told otherwise. */
export function parse(words, isThere) {
  const wrong = words.find((word) => !crates.includes(word) || !isThere(word));
  if (wrong !== undefined) {
    throw new PlainError('mutants', `expected a crate among ${crates.filter(isThere).join(', ')}, found ${wrong}`);
  }
  return words.length > 0 ? words : crates.filter(isThere);
}

/** The survivors that a page explains: a list item each, `- \`file: change\`: why`. */
export function explained(page) {
  return [...page.matchAll(/^- `([^`]+)`: \S/gm)].map(([, change]) => change);
}

// Lines are written with places or without; the list has none, so that it outlives the code around a change.
const placeless = (line) => line.replace(/^([^:]+)(:\d+)*:/, '$1:');

/** Tells the survivors of a crate that are explained from those that are not, and what is explained and survives no more. */
export function judged({ missed, known, crate }) {
  const survivors = missed.map(placeless);
  const own = known.filter((line) => line.startsWith(`crates/${crate}/`));
  return {
    explained: survivors.filter((line) => own.includes(line)),
    unexplained: survivors.filter((line) => !own.includes(line)),
    stale: own.filter((line) => !survivors.includes(line)),
  };
}
