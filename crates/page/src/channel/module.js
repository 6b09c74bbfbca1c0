// The Worker's modules, one per family of environments: each compiled once on the page, for all its Workers.
import { fetchFile } from '../files.js';

/** What was compiled or is being compiled, by address. What failed, or stands still, is forgotten: the next to ask tries again. */
const compiled = new Map();

async function compile(address, signal) {
  const response = await fetchFile(address, signal);
  // A server that does not know the type: compile from the bytes.
  return response.headers.get('content-type')?.startsWith('application/wasm')
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * Files of a page's own that came before somebody needs them, by address: see `preload`. Who takes one may give it away.
 *
 * @type {Map<string, ArrayBuffer>}
 */
export const kept = new Map();

const bytes = async (address, signal) => kept.get(address)?.slice() ?? (await fetchFile(address, signal)).arrayBuffer();

/** A file on its way, for all who wait for it. */
class Download {
  #controller = new AbortController();
  #waiting = 0;
  /** @type {Promise<unknown>} */
  result;

  /** It has come or failed. */
  done = false;

  constructor(address, load) {
    this.result = load(address, this.#controller.signal)
      .catch((error) => {
        this.forget(address);
        throw new Error(`${address}: ${error?.message ?? error}`);
      })
      .finally(() => {
        this.done = true;
      });
    this.result.catch(() => {}); // Whoever waits hears of it.
  }

  join() {
    this.#waiting += 1;
  }

  /** One waits no longer; with the last one the download ends, which else would keep a connection. */
  leave(address) {
    this.#waiting -= 1;
    this.forget(address);
    if (this.#waiting === 0) this.#controller.abort();
  }

  forget(address) {
    if (compiled.get(address) === this) compiled.delete(address);
  }
}

function download(address, wantsCompiled) {
  if (!wantsCompiled) return new Download(address, bytes);
  const known = compiled.get(address) ?? new Download(address, compile);
  compiled.set(address, known);
  return known;
}

/** Somebody who waits for files: as compiled modules, which all who want one share, or as their bytes. */
export class Waiting {
  #downloads;
  /** All of them, in their order. Without one of them nobody needs the others. */
  result;

  constructor(addresses, wantsCompiled) {
    this.#downloads = addresses.map((address) => ({ address, of: download(address, wantsCompiled) }));
    for (const { of } of this.#downloads) of.join();
    this.result = Promise.all(this.#downloads.map(({ of }) => of.result));
    this.result.catch(() => this.leave());
  }

  /** Gives up those that have not come. Others go on waiting; who asks from now on gets a download of its own. */
  leave() {
    for (const { address, of } of this.#downloads) if (!of.done) of.leave(address);
    this.#downloads = [];
  }
}
