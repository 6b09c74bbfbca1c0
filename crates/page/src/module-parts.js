// What has been split off the page's module: each part is loaded once, when it is needed, and what is in it may be called from then on.
import { importScript } from './palaestra_files.js';
import { takeCodec } from './codec/programs.js';
import { address } from './files.js';
import { loadedFrom, waitedFor } from './fetching.js';
import { PalaestraError } from './page.js';

/** The scripts that belong to a part. */
const scripts = {
  controls: 'page/controls.js',
  guest: 'page/guest.js',
  hands: 'page/hands.js',
  make: 'page/make.js',
  match: 'page/match.js',
  preload: 'page/preload.js',
  rollout: 'page/rollout.js',
  save: 'page/save.js',
  steps: 'page/make.js',
  watch: 'page/watch.js',
};
/** Those that are nothing but a script. */
const SCRIPTS_ALONE = ['controls', 'guest', 'hands', 'preload', 'save', 'steps'];
/** Those that call what is in `options`. */
const WITH_OPTIONS = ['make', 'policy', 'rollout', 'watch'];

/** @type {Map<string, { coming: Promise<any>, controller: AbortController, waiting: number }>} by name */
const parts = new Map();

/**
 * How often each was given up, by name: a browser answers for a script's address as it did before, even that there is none, or goes on
 * waiting for it.
 *
 * @type {Map<string, number>}
 */
const givenUp = new Map();

/** The names of those that are there. */
const here = new Set();

/** Whether all of these are there: what is in them may be called at once. */
export const areHere = (names) => names.every((name) => here.has(name));

/** @type {(exports: WebAssembly.Exports) => void} */
let take;
/** @type {Promise<WebAssembly.Exports>} */
const main = new Promise((resolve) => {
  take = resolve;
});

/** Parts belong to this module: they may come before it, and are put into it then. */
export const takeModule = (exports) => take(exports);

/**
 * Waits for a part for as long as who needs it waits; gives the script that belongs to it. Where it does not come, the next to need it
 * tries again.
 *
 * @param {string} name
 * @param {{ loadTimeout?: unknown, signal?: unknown }} [options] see `waitedFor`
 */
export async function part(name, options) {
  const names = WITH_OPTIONS.includes(name) ? [name, 'options'] : [name];
  const [script] = await Promise.all(names.map((name) => one(name, options)));
  return script;
}

async function one(name, options) {
  const own = parts.get(name) ?? begin(name);
  own.waiting += 1;
  try {
    return await waitedFor(`part \`${name}\` of the page's module`, own.coming, options);
  } catch (error) {
    // With the last one who waits the download ends, which else would keep a connection.
    if (own.waiting === 1) {
      forget(name, own);
      own.controller.abort();
    }
    throw error;
  } finally {
    own.waiting -= 1;
  }
}

function begin(name) {
  const controller = new AbortController();
  const module = SCRIPTS_ALONE.includes(name) ? undefined : instantiated(name, controller);
  const coming = Promise.all([scriptOf(name), module]).then(([script]) => {
    if (scripts[name] === scripts.make) takeCodec(script);
    here.add(name);
    return script;
  });
  const own = { coming, controller, waiting: 0 };
  parts.set(name, own);
  coming.catch(() => forget(name, own));
  return own;
}

function forget(name, own) {
  if (parts.get(name) !== own) return;
  parts.delete(name);
  givenUp.set(name, (givenUp.get(name) ?? 0) + 1);
}

const instantiated = (name, controller) =>
  loadedFrom(
    `page/palaestra_page_${name}.wasm`,
    async (response) => {
      const bytes = await response.arrayBuffer();
      return WebAssembly.instantiate(bytes, { p: await main });
    },
    controller,
  );

async function scriptOf(name) {
  const path = scripts[name];
  try {
    return path && (await importScript(path, (path) => address(path, givenUp.get(name))));
  } catch (error) {
    throw new PalaestraError('load_failed', `${path}: ${error?.message ?? error}`);
  }
}
