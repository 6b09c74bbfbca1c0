// The module that pages import. It wraps the page's WebAssembly module (crates/page), which does the work. The build puts the
// generated JavaScript of that module into it, and what it has to know of the other files.
import { entries } from './page/palaestra_registry.js';
import { Env } from '../crates/page/src/api/env.js';
import { Game } from '../crates/page/src/api/game.js';
import { beginEnv, countSessions, filesOf, PainterHandle } from '../crates/page/src/api/guarded.js';
import { isGuest, madeWith } from '../crates/page/src/api/guests.js';
import { context } from '../crates/page/src/api/recorded.js';
import { kept, Waiting } from '../crates/page/src/channel/module.js';
import { loadedFrom, waitedFor } from '../crates/page/src/fetching.js';
import { address, fetchFile } from '../crates/page/src/files.js';
import { countWaiting, partsOf } from '../crates/page/src/game-to-come.js';
import { Hands } from '../crates/page/src/hands.js';
import { initialise, isLoaded, needed } from '../crates/page/src/loading.js';
import { part } from '../crates/page/src/module-parts.js';
import { asItIs, keepRequests, PalaestraError } from '../crates/page/src/page.js';
import { Saving } from '../crates/page/src/saving.js';

export { Env, Steps } from '../crates/page/src/api/env.js';
export { Game } from '../crates/page/src/api/game.js';
export { GameRecord } from '../crates/page/src/api/record.js';

/** The class of every error: `code` for programs, `message` for people. */
export { PalaestraError };

/** Loads the page's module, which `make`, `play` and `watch` do as well; says where the files are, where they are not beside this one. */
export const init = (options) => initialise(options);

/** Every registered environment by id, with its title, keys and keyword arguments. */
export const registry = new Map(entries.map((entry) => [entry.id, Object.freeze(entry)]));

/** @type {Promise<Map<string, object>> | undefined} */
let described;

/** Words for people, which no game needs: by id, what there is to do, and what each keyword argument is for. */
export async function descriptions() {
  const read = async (response) => new Map(Object.entries(await response.json()));
  described ??= loadedFrom('page/descriptions.json', read);
  return described.catch((error) => {
    described = undefined;
    throw error;
  });
}

/** How many sessions the page holds; none once all are disposed of. */
export const liveSessions = () => {
  try {
    return countWaiting() + (isLoaded() ? countSessions() : 0);
  } catch {
    return 0; // The module has failed, and every session with it.
  }
};

/** Loads what an environment needs, and what these options of `play` do, so that it is there when `make` or `play` asks for it: see `page/preload.js`. */
export async function preload(id, options = {}) {
  const [{ preloaded }] = await needed(['preload', 'options', ...partsOf(options)], options);
  const page = { filesOf, Hands, Saving, Waiting, kept, waitedFor, address, fetchFile, part, PalaestraError };
  await preloaded(String(id), options, page);
}

/**
 * Makes an environment in a Worker of its own.
 *
 * @param {string} id
 * @param {object} [kwargs]
 * @param {any} [options]
 */
export async function make(id, kwargs = {}, options = {}) {
  const { save, ...rest } = options ?? {};
  kwargs = asItIs(kwargs);
  const saving = rest.record ? new Saving(save, context) : undefined;
  // Refused there: without a record there is nothing to save.
  if (!saving) rest.save = save;
  const [{ overOnAbort }] = await needed(['make'], rest);
  const begin = (given) => beginEnv(String(id), kwargs, given);
  const handle = await (isGuest(id) ? madeWith(String(id), rest, begin) : begin(rest));
  if (saving) overOnAbort(rest.signal, saving);
  return new Env(handle, { id: String(id), kwargs }, saving);
}

// A guest's record is played again in an environment of its own.
context.make = make;

/** What is left in this browser of records that nobody has taken, from tabs that are gone. */
export async function recover() {
  // What replays a record is asked of the page's module.
  await needed([]);
  return (await part('save')).recover(context);
}

/**
 * Starts a game, at once or when the page's module has come. For options that are none it throws a PalaestraError at once, or
 * `finished` rejects with it then.
 */
export const play = (options) => new Game(options);

/** Shows a match that others play: see `page/watch.js`, which only pages load that watch. */
export async function watch(options) {
  const [{ begin }] = await needed(['watch', 'make'], { loadTimeout: options?.loadTimeout });
  return begin(options, { address, makeEnv: beginEnv, PainterHandle, PalaestraError, keepRequests });
}
