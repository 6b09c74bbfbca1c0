// A record outside the module's memory: its chunks, the Worker that packs them, and its text where that cannot be had.
import { PalaestraError } from './page.js';

/** More text than this is gzipped on the page as well. */
const PLAIN_MOST = 256 * 2 ** 20;
/** The longest string of V8, in UTF-16 units. */
const STRING_MOST = 2 ** 29 - 24;
/** A Worker that packs shows a sign of life several times a second, and a download whenever a part has come. */
const LOOK_MS = 250;

const canCompress = typeof CompressionStream === 'function';
const through = (blob, stream) => new Response(blob.stream().pipeThrough(stream)).blob();

/** The chunks of a record, compressed, where the browser has room for them. */
export class Chunks {
  #chunks = [];
  #work = Promise.resolve();
  /** How many bytes it keeps; what is being compressed not counted. */
  size = 0;

  /** Keeps a chunk. */
  add(bytes) {
    const chunk = { blob: new Blob([bytes]) };
    this.#chunks.push(chunk);
    // One after another: a program makes chunks faster than a browser compresses them.
    this.#work = this.#work.then(async () => {
      if (canCompress) chunk.blob = await through(chunk.blob, new CompressionStream('gzip')).catch(() => chunk.blob);
      this.size += chunk.blob.size;
    });
  }

  /** These chunks, and one more if there is one. What is added later is not among them. */
  with(bytes) {
    const copy = new Chunks();
    copy.#chunks = [...this.#chunks, ...(bytes ? [{ blob: new Blob([bytes]) }] : [])];
    return copy;
  }

  get length() { return this.#chunks.length; }

  /** Each as a Blob, which crosses to a Worker without a copy: gzipped, or as it is. */
  blobs() { return this.#chunks.map(({ blob }) => blob); }

  /** One as it was added. */
  async read(index) {
    const { blob } = this.#chunks[index];
    const [first] = new Uint8Array(await blob.slice(0, 1).arrayBuffer());
    const whole = first === 0x1f ? await through(blob, new DecompressionStream('gzip')) : blob;
    return new Uint8Array(await whole.arrayBuffer());
  }
}

/** Lets the page do what is due. */
const breath = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(); };
    port2.postMessage(0);
  });

/** A record's text, which comes in pieces: `file`, a `RecordFile` of this module, makes them of the chunks. */
class Text {
  #parts = [];
  #writer;
  #gzipped;
  /** How long it is, in bytes of UTF-8: never less than it is as a string. */
  size = 0;

  async add(piece) {
    this.size += piece.length;
    if (this.#writer) {
      await this.#writer.write(piece);
    } else {
      this.#parts.push(new Blob([piece]));
      if (this.size > PLAIN_MOST && canCompress) await this.#compress();
    }
  }

  async #compress() {
    const stream = new CompressionStream('gzip');
    this.#writer = stream.writable.getWriter();
    this.#gzipped = new Response(stream.readable).blob();
    this.#gzipped.catch(() => {}); // Told where it is waited for.
    for (const part of this.#parts) await this.#writer.write(new Uint8Array(await part.arrayBuffer()));
    this.#parts = [];
  }

  async finish() {
    if (!this.#writer) return new Blob(this.#parts, { type: 'application/jsonl' });
    await this.#writer.close();
    return new Blob([await this.#gzipped], { type: 'application/gzip' });
  }
}

/** Makes a record's file here, plain unless it is very long: a Blob that says by its type which. `watch` sees how long it gets. */
async function made(chunks, file, watch = () => {}) {
  const text = new Text();
  const add = async (piece) => {
    await text.add(piece);
    watch(text.size);
    await breath();
  };
  try {
    for (let index = 0; index < chunks.length; index += 1) {
      file.chunk(await chunks.read(index));
      for (let piece; (piece = file.piece()); ) await add(piece);
    }
    await add(file.finish());
    return await text.finish();
  } finally {
    file.free();
  }
}

/** A record's file as a string. */
export async function textOf(chunks, file) {
  const blob = await made(chunks, file, (size) => {
    if (size <= STRING_MOST) return;
    const text = 'text: expected a record that fits in a string, found a longer one: take it with blob()';
    throw new PalaestraError('record_full', text);
  });
  return (blob.type === 'application/gzip' ? await through(blob, new DecompressionStream('gzip')) : blob).text();
}

/**
 * Packs and replays a record in a Worker of its own: `{blob, gzip, identical, steps, message, whole}`. Where that Worker does
 * not make a file of it, it is made here: no data is lost with the Worker. `whole` says whether it did as it was told.
 */
export async function pack(address, job, chunks, file, patienceMs) {
  const { packed, identical = null, steps = 0, message, failed } = await runPacker(address, job, patienceMs);
  const blob = packed ?? (await made(chunks, file));
  if (packed) file.free();
  return {
    blob, identical, steps,
    gzip: blob.type === 'application/gzip',
    message: failed === undefined ? message : `not verified: ${failed}`,
    whole: failed === undefined,
  };
}

/**
 * Has a record packed in a Worker of its own, which is gone when the promise settles: `{packed, identical, steps, message}` of
 * `palaestra_pack`, as far as it came, and `failed`, the reason why it came no further. It never rejects.
 */
function runPacker(address, job, patienceMs) {
  return new Promise((resolve) => {
    const told = {};
    let worker;
    let quiet = 0;
    const end = (failed) => {
      clearInterval(watch);
      if (worker) {
        worker.onmessage = worker.onerror = worker.onmessageerror = null;
        worker.terminate();
      }
      resolve(failed === undefined ? told : { ...told, failed });
    };
    // Counted, not timed: a laptop that sleeps is not a Worker that hangs.
    const watch = setInterval(() => {
      quiet += LOOK_MS;
      if (quiet >= patienceMs) end(`${address}: expected a sign of life every ${patienceMs} ms, found none`);
    }, LOOK_MS);
    try {
      worker = new Worker(address, { type: 'module', name: 'palaestra packer' });
      worker.onmessage = ({ data }) => {
        quiet = 0;
        Object.assign(told, data);
        if (data.failed !== undefined || data.message !== undefined) end(data.failed);
      };
      worker.onerror = (event) => {
        event.preventDefault(); // The record says it.
        end(event.message ? `${address}: ${event.message}` : `${address} could not be loaded`);
      };
      worker.onmessageerror = () => end(`${address}: expected a message that can be read, found one that cannot`);
      worker.postMessage(job);
    } catch (error) {
      end(`${address}: ${error?.message ?? error}`);
    }
  });
}
