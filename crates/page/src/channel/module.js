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

const bytes = async (address, signal) => (await fetchFile(address, signal)).arrayBuffer();

/** A file on its way, for all who wait for it. */
class Download {
  #controller = new AbortController();
  #waiting = 0;
  /** @type {Promise<unknown>} */
  result;

  constructor(address, load) {
    this.result = load(address, this.#controller.signal).catch((error) => {
      this.forget(address);
      throw new Error(`${address}: ${error?.message ?? error}`);
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

/** Somebody who waits for a file: as a compiled module, which all who want it share, or as its bytes. */
export class Waiting {
  #address;
  #download;

  constructor(address, wantsCompiled) {
    this.#address = address;
    this.#download = wantsCompiled ? compiled.get(address) : new Download(address, bytes);
    if (!this.#download) {
      this.#download = new Download(address, compile);
      compiled.set(address, this.#download);
    }
    this.#download.join();
  }

  get result() {
    return this.#download.result;
  }

  /** Gives it up before it has come. Others go on waiting; who asks from now on gets a download of its own. */
  leave() {
    this.#download.leave(this.#address);
  }
}
