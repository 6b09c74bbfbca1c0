// Files of ours on their way, and for how long somebody waits for one.
import { address, fetchFile } from './files.js';
import { PalaestraError } from './page.js';

/** How long one may take, in milliseconds. */
const LOAD_MOST = 60 * 1000;
const LOOK_MS = 100;

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

/**
 * Loads a file, by its path, and gives what `read` makes of the response. It may take so long, or as long as the `controller` lets it
 * that is given.
 *
 * @template T
 * @param {string} path
 * @param {(response: Response) => Promise<T>} read
 * @param {AbortController} [given]
 * @returns {Promise<T>}
 */
export async function loadedFrom(path, read, given) {
  const controller = given ?? new AbortController();
  let where = path;
  try {
    where = address(path);
    const coming = fetchFile(where, controller.signal).then(read);
    if (given) return await coming;
    return await within(LOAD_MOST, coming, () => new Error(`expected it within ${LOAD_MOST} ms`));
  } catch (error) {
    if (error instanceof PalaestraError) throw error;
    const text = `palaestra: ${where} could not be loaded: ${error?.message ?? error}`;
    throw Object.assign(new PalaestraError('load_failed', text), { cause: error });
  } finally {
    controller.abort();
  }
}

/**
 * Waits for what many may wait for, on behalf of one who does so for `loadTimeout` milliseconds, if that is a number, and until the
 * signal says otherwise. `what` says to people what it is.
 *
 * @template T
 * @param {string} what
 * @param {Promise<T>} promise
 * @param {{ loadTimeout?: unknown, signal?: unknown }} [options] as a page gave them
 * @returns {Promise<T>}
 */
export async function waitedFor(what, promise, { loadTimeout, signal } = {}) {
  // What is no number of milliseconds is refused by the module, once it can say so.
  const limit = typeof loadTimeout === 'number' && loadTimeout > 0 ? loadTimeout : LOAD_MOST;
  const aborts = signal instanceof AbortSignal ? signal : undefined;
  /** @type {() => void} */
  let stop = () => {};
  const stopped = new Promise((_, reject) => {
    stop = () => reject(new PalaestraError('session_closed', 'the session was closed'));
    if (aborts?.aborted) stop();
    aborts?.addEventListener('abort', stop);
  });
  try {
    const late = () => new PalaestraError('deadline_exceeded', `expected ${what} within ${limit} ms, found none`);
    return await within(limit, Promise.race([promise, stopped]), late);
  } finally {
    aborts?.removeEventListener('abort', stop);
  }
}
