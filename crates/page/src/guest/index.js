// Environments in Python, on the page: the script `page/guest.js` of the site, which only pages load that play one.
import { paintPixels } from './pixels.js';

export { replayed } from './replay.js';

/** What their Workers load besides. */
const SCRIPT = 'worker/guest.js';

const nobody = () => {};

/**
 * Who is to hear how loading goes, by the environment's id, in the order in which they asked for one: Workers begin in that order.
 *
 * @type {Map<string, { tell: (progress: object) => void }[]>}
 */
const waiting = new Map();

/** What Workers of environments are called: crates/page/src/channel/module.rs. Others would not understand. */
const NAME = 'palaestra environment';

/** Such a Worker begins: it is told how to load a guest, and what it says of loading is heard before the module hears anything of it. */
function introduce(worker, script) {
  /** @type {((progress: object) => void) | undefined} */
  let tell;
  worker.addEventListener('message', (event) => {
    const { envId, progress } = event.data ?? {};
    if (progress === undefined) return;
    event.stopImmediatePropagation();
    tell ??= waiting.get(envId)?.shift()?.tell ?? nobody;
    try {
      tell(progress);
    } catch (error) {
      console.error(error);
    }
  });
  worker.postMessage({ guest: { script, base: document.baseURI } });
}

/** As many as the page names seats for, and one at least. */
function agentsOf(seats) {
  const numbers = Object.keys(seats ?? {}).map((name) => Number(/^agent_(\d+)$/.exec(name)?.[1] ?? 0) + 1);
  return Math.max(1, ...numbers);
}

/**
 * What the page's module has to know before it makes such an environment or plays it. Gives the options without those that only this script
 * understands, and what ends the waiting for a Worker that does not come.
 *
 * @param {string} id
 * @param {any} options those of `make` or `play`
 * @param {any} page what it takes from the page's script
 */
function enter(id, options, { address, entries, guests, PalaestraError }) {
  let script;
  try {
    script = address(SCRIPT);
  } catch (error) {
    const advice = 'environments in Python play where the files lie beside the script, or where init({ base }) says';
    throw new PalaestraError('load_failed', `${error?.message ?? error}: ${advice}`);
  }
  guests.paint = paintPixels;
  guests.introduce = (worker, name) => {
    if (name === NAME) introduce(worker, script);
  };
  const { onProgress, ...rest } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new PalaestraError('bad_argument', `onProgress: expected a function, found ${onProgress}`);
  }
  const entry = { id, family: 'guest', agents: agentsOf(rest.seats), keys: [], idle: [], arguments: [] };
  const place = entries.findIndex((known) => known.id === id);
  if (place < 0) entries.push(entry);
  else entries[place] = entry;
  return { rest, leave: wait(id, { tell: onProgress ?? nobody }) };
}

/** Puts somebody into the row of those who wait; gives what takes them out of it, if they are still there. */
function wait(id, one) {
  waiting.set(id, [...(waiting.get(id) ?? []), one]);
  return () => {
    const others = waiting.get(id)?.filter((other) => other !== one) ?? [];
    if (others.length > 0) waiting.set(id, others);
    else waiting.delete(id);
  };
}

/**
 * For a game: the options with which it begins.
 *
 * @param {string} id
 * @param {any} options those of `play`
 * @param {any} page
 * @param {Promise<unknown>} finished settles when nobody waits for its Worker any more
 */
export function invite(id, options, page, finished) {
  const { rest, leave } = enter(id, options, page);
  finished.then(leave, leave);
  return rest;
}

/**
 * For an environment: what `begin` makes of these options.
 *
 * @param {string} id
 * @param {any} options those of `make`
 * @param {any} page
 * @param {(options: any) => Promise<any>} begin
 */
export async function makeWith(id, options, page, begin) {
  const { rest, leave } = enter(id, options, page);
  try {
    return await begin(rest);
  } finally {
    leave();
  }
}
