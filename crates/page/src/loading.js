// The page's module: when it comes, from where, and who waits for it.
import init, { configure } from './palaestra_page.js';
import { advice, files, held } from './palaestra_files.js';
import { entries } from './palaestra_registry.js';
import { loadedFrom, waitedFor } from './fetching.js';
import { takeFilesFrom } from './files.js';
import { part, takeModule } from './module-parts.js';
import { optionProblem } from './options.js';
import { PalaestraError } from './page.js';

const MODULE = 'page/palaestra_page_bg.wasm';
/** Where the development server of Vite up to 7 puts a package's script, while it leaves its other files where they are. */
const MOVED_BY_VITE = '/node_modules/.vite/deps/';

takeFilesFrom({ address: besideThis, held });

/** @type {Promise<void> | undefined} */
let loading;
let loaded = false;
/** @type {unknown} what the page has said of where the files are */
let said;

/** Whether it is there: from then on nothing has to be waited for. */
export const isLoaded = () => loaded;

/** Loads it, once. What failed is tried again by whoever asks next. */
export function load() {
  loading ??= begin().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function begin() {
  takeModule(await loadedFrom(MODULE, (response) => init({ module_or_path: response })));
  configure(entries, part);
  loaded = true;
}

/** What bundlers find in this script, as `new URL('./…', import.meta.url)`. */
function besideThis(path) {
  let found;
  try {
    found = files[path]?.().href;
  } catch {
    // A bundler's format that has no `import.meta.url`.
    const other = 'import palaestra/inline, or say with init({ base }) where they are';
    throw new PalaestraError('load_failed', `palaestra: this script does not know where its files are: ${other}`);
  }
  if (found === undefined)
    throw new PalaestraError('load_failed', `palaestra: expected a file of ours, found ${path}${advice(path)}`);
  return found.replace(MOVED_BY_VITE, '/node_modules/palaestra/dist/');
}

/** How long what reads options may take, and how much longer than for the module `initialise` waits for it: in milliseconds. */
const OPTIONS_MOST = 60_000;
const BESIDE_MOST = 2000;

/**
 * Loads it, from where the page says; with what reads options that only some games have, so that `play` says at once what is wrong with
 * any. A page does without: `play` waits for it then.
 *
 * @param {{ base?: string | URL, locateFile?: (path: string) => string | URL }} [options]
 */
export async function initialise(options = {}) {
  const place = placeOf(options);
  if (place && place.said !== said) {
    if (loading) {
      const text = 'init: expected to hear where the files are before anything is loaded, found that something was';
      throw new PalaestraError('out_of_order', text);
    }
    takeFilesFrom({ address: place.address, held: {} });
    said = place.said;
  }
  const beside = part('options', { loadTimeout: OPTIONS_MOST }).catch(() => {});
  await load();
  let timer;
  await Promise.race([beside, new Promise((late) => (timer = setTimeout(late, BESIDE_MOST)))]);
  clearTimeout(timer);
}

/** What the options say of where the files are, as something to compare and as a function; nothing of nothing. */
function placeOf(options) {
  const wrong = (text) => new PalaestraError('bad_argument', `init: ${text}`);
  const problem = optionProblem('init', options, ['base', 'locateFile']);
  if (problem) throw new PalaestraError('bad_argument', problem);
  const { base, locateFile } = options;
  if (base !== undefined && locateFile !== undefined) throw wrong('expected base or locateFile, found both');
  if (locateFile !== undefined) {
    if (typeof locateFile !== 'function') throw wrong(`locateFile: expected a function, found ${locateFile}`);
    return { said: locateFile, address: (path) => new URL(locateFile(path), location.href).href };
  }
  if (base === undefined) return undefined;
  try {
    const folder = new URL(base, location.href);
    if (!folder.pathname.endsWith('/')) folder.pathname += '/';
    return { said: folder.href, address: (path) => new URL(path, folder).href };
  } catch {
    throw wrong(`base: expected the address of a folder, found ${base}`);
  }
}

/** Loads it for one who waits for so many milliseconds, if that is a number, and until the signal says otherwise. */
export const loadFor = (loadTimeout, signal) => waitedFor("the page's module", load(), { loadTimeout, signal });

/**
 * Waits for it, and for parts of it, which come beside it; gives the scripts that belong to these.
 *
 * @param {string[]} parts
 * @param {{ loadTimeout?: unknown, signal?: unknown } | null} [options] as a page gave them
 */
export async function needed(parts, options) {
  const { loadTimeout, signal } = options ?? {};
  const module = loaded ? undefined : loadFor(loadTimeout, signal);
  const [, ...scripts] = await Promise.all([module, ...parts.map((name) => part(name, { loadTimeout, signal }))]);
  return scripts;
}
