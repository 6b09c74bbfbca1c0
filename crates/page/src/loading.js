// The page's module: when it comes, from where, and who waits for it.
import init, { configure } from './palaestra_page.js';
import { files, held, importScript } from './palaestra_files.js';
import { entries } from './palaestra_registry.js';
import { address, fetchFile, takeFilesFrom } from './files.js';
import { PalaestraError } from './page.js';

/** How long it may take, in milliseconds. */
const LOAD_MOST = 60 * 1000;
const LOOK_MS = 100;
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
  await loadedFrom(MODULE, (response) => init({ module_or_path: response }));
  configure(entries);
  loaded = true;
}

/** What bundlers find in this script, as `new URL('./…', import.meta.url)`. */
function besideThis(path) {
  let found;
  try {
    found = files[path]?.().href;
  } catch {
    // A bundler's format that has no `import.meta.url`.
    const advice = 'import palaestra/inline, or say with init({ base }) where they are';
    throw new PalaestraError('load_failed', `palaestra: this script does not know where its files are: ${advice}`);
  }
  if (found === undefined) throw new PalaestraError('load_failed', `palaestra: expected a file of ours, found ${path}`);
  return found.replace(MOVED_BY_VITE, '/node_modules/palaestra/dist/');
}

/**
 * Loads it, from where the page says.
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
  return load();
}

/** What the options say of where the files are, as something to compare and as a function; nothing of nothing. */
function placeOf(options) {
  const wrong = (text) => new PalaestraError('bad_argument', `init: ${text}`);
  if (typeof options !== 'object' || options === null) throw wrong(`expected an object of options, found ${options}`);
  const stranger = Object.keys(options).find((name) => !['base', 'locateFile'].includes(name));
  if (stranger !== undefined) throw wrong(`expected an option among base, locateFile; found \`${stranger}\``);
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

/** Waits at most so long. Counted, not timed: a machine that sleeps is not a server that hangs. */
async function within(mostMs, promise, late) {
  let timer;
  let waited = 0;
  const limit = new Promise((_, reject) => {
    timer = setInterval(() => {
      waited += LOOK_MS;
      if (waited >= mostMs) reject(late());
    }, LOOK_MS);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearInterval(timer);
  }
}

async function loadedFrom(path, read) {
  const controller = new AbortController();
  let where = path;
  try {
    where = address(path);
    const coming = fetchFile(where, controller.signal).then(read);
    await within(LOAD_MOST, coming, () => new Error(`expected it within ${LOAD_MOST} ms`));
  } catch (error) {
    if (error instanceof PalaestraError) throw error;
    const text = `palaestra: ${where} could not be loaded: ${error?.message ?? error}`;
    throw Object.assign(new PalaestraError('load_failed', text), { cause: error });
  } finally {
    controller.abort();
  }
}

const limitFrom = (limitMs) => (typeof limitMs === 'number' && limitMs > 0 ? limitMs : LOAD_MOST);

/**
 * Loads a script that not every page needs, by its path, for one who waits for so many milliseconds, if that is a number.
 *
 * @param {string} path
 * @param {unknown} limitMs
 */
export async function loadScript(path, limitMs) {
  const limit = limitFrom(limitMs);
  try {
    return await within(limit, importScript(path, address), () => new Error(`expected it within ${limit} ms`));
  } catch (error) {
    throw new PalaestraError('load_failed', `${path}: ${error?.message ?? error}`);
  }
}

/**
 * Loads it for one who waits for so many milliseconds, if that is a number, and until the signal says otherwise.
 *
 * @param {unknown} limitMs
 * @param {unknown} [signal]
 */
export async function loadFor(limitMs, signal) {
  const limit = limitFrom(limitMs);
  const aborts = signal instanceof AbortSignal ? signal : undefined;
  /** @type {() => void} */
  let stop = () => {};
  const stopped = new Promise((_, reject) => {
    stop = () => reject(new PalaestraError('session_closed', 'the session was closed'));
    if (aborts?.aborted) stop();
    aborts?.addEventListener('abort', stop);
  });
  try {
    const late = () =>
      new PalaestraError('deadline_exceeded', `expected the page's module within ${limit} ms, found none`);
    await within(limit, Promise.race([load(), stopped]), late);
  } finally {
    aborts?.removeEventListener('abort', stop);
  }
}
