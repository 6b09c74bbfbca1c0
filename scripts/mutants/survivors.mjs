import { PlainError } from '../lib/main.mjs';

/** The crates whose tests are held to it, those that are there, and the page's JavaScript codec. */
const crates = ['session', 'rows', 'record', 'protocol', 'play', 'env', 'host', 'pack'];
export const CODEC = 'codec';

/** What is in a crate only with a feature. */
export const features = { protocol: ['kwargs'] };

/**
 * What of a crate no native test can reach, as globs: it is the browser's side, which the tests in browsers play with. A build of the site
 * for each change would take days.
 */
export const browserOnly = {
  host: ['post.rs', 'seated.rs', 'waiting.rs', 'worker*.rs', 'together/**'].map((glob) => `crates/host/src/${glob}`),
  pack: ['codec.rs', 'job.rs', 'platform.rs', 'replay.rs', 'table.rs'].map((glob) => `crates/pack/src/${glob}`),
};

/**
 * Reads the words of the command line: what is changed, all of it unless told otherwise; with `--shard K/N` every Nth change only, from
 * the Kth on, which is counted from 0.
 *
 * @param {string[]} words
 * @param {(name: string) => boolean} isThere
 */
export function parse(words, isThere) {
  const rest = [...words];
  const at = rest.indexOf('--shard');
  let shard;
  if (at >= 0) {
    const [, given] = rest.splice(at, 2);
    const [k, n] =
      /^(\d+)\/(\d+)$/
        .exec(given ?? '')
        ?.slice(1)
        .map(Number) ?? [];
    if (!(k < n)) throw new PlainError('mutants', `expected --shard K/N with K below N, as in 0/4, found ${given}`);
    shard = { k, n };
  }
  const known = [...crates.filter(isThere), CODEC];
  const wrong = rest.find((word) => !known.includes(word));
  if (wrong !== undefined) {
    throw new PlainError('mutants', `expected a crate among ${known.join(', ')}, found ${wrong}`);
  }
  return { names: rest.length > 0 ? rest : known, shard };
}

/** The survivors that a page explains: a list item each, `- \`file: change\`: why`. */
export function explained(page) {
  return [...page.matchAll(/^- `([^`]+)`: \S/gm)].map(([, change]) => change);
}

// Lines are written with places or without; the list has none, so that it outlives the code around a change.
const placeless = (line) => line.replace(/^([^:]+)(:\d+)*:/, '$1:');

/** Tells the survivors that are explained from those that are not, and what is explained and caught: of one place of several it may be. */
export function judged({ missed, caught, known }) {
  const survivors = missed.map(placeless);
  const noticed = caught.map(placeless);
  return {
    explained: survivors.filter((line) => known.includes(line)),
    unexplained: missed.filter((line) => !known.includes(placeless(line))),
    stale: known.filter((line) => noticed.includes(line) && !survivors.includes(line)),
  };
}
