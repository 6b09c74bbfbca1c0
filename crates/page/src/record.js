// A record's file: the Worker that packs its chunks, and its text where that cannot be had.
import { canCompress, through } from './chunks.js';
import { fetchFile, newWorker } from './files.js';
import { PalaestraError, partLoaded } from './page.js';

/** More text than this is gzipped on the page as well. */
const PLAIN_MOST = 256 * 2 ** 20;
/** The longest string of V8, in UTF-16 units. */
const STRING_MOST = 2 ** 29 - 24;
/** A Worker that packs shows a sign of life several times a second, and a download whenever a part has come. */
const LOOK_MS = 250;

/** Lets the page do what is due. */
const breath = () =>
  /** @type {Promise<void>} */ (
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        done();
      };
      port2.postMessage(0);
    })
  );

/**
 * A file in the making, by the page's module: takes a record's chunks, and gives the pieces of its text.
 *
 * @typedef {object} RecordFile
 * @property {(bytes: Uint8Array) => void} chunk
 * @property {() => Uint8Array<ArrayBuffer> | undefined} piece the next one, if there is one before the next chunk
 * @property {() => Uint8Array<ArrayBuffer>} finish the last piece
 * @property {() => void} free
 */

/** A record's text, which comes in pieces: a `RecordFile` makes them of the chunks. */
class Text {
  /** @type {Blob[]} what there is of it, until it is compressed */
  #parts = [];
  /** @type {WritableStreamDefaultWriter<BufferSource> | undefined} where it goes from then on */
  #writer;
  /** @type {Promise<Blob> | undefined} */
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
    return new Blob([/** @type {Blob} */ (await this.#gzipped)], { type: 'application/gzip' });
  }
}

/**
 * Makes a record's file here, plain unless it is very long: a Blob that says by its type which. `watch` sees how long it gets.
 *
 * @param {import('./chunks.js').Chunks} chunks
 * @param {RecordFile} file
 * @param {(size: number) => void} [watch]
 */
async function made(chunks, file, watch = () => {}) {
  const text = new Text();
  await partLoaded('record');
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

/**
 * A record's file as a string.
 *
 * @param {import('./chunks.js').Chunks} chunks
 * @param {RecordFile} file
 */
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
 *
 * @param {string} address the Worker's script
 * @param {unknown} job what it is told
 * @param {import('./chunks.js').Chunks} chunks
 * @param {RecordFile} file
 * @param {number} patienceMs how long it may be without a sign of life
 */
export async function pack(address, job, chunks, file, patienceMs) {
  const { packed, identical = null, steps = 0, message, failed } = await runPacker(address, job, patienceMs);
  const blob = packed ?? (await made(chunks, file));
  if (packed) file.free();
  return {
    blob,
    identical,
    steps,
    gzip: blob.type === 'application/gzip',
    message: failed === undefined ? message : `not verified: ${failed}`,
    whole: failed === undefined,
  };
}

/** Calls `end` when there was no sign of life for so long: gives `sign`, and `stop`. */
function watch(patienceMs, end) {
  let quiet = 0;
  // Counted, not timed: a laptop that sleeps is not a Worker that hangs.
  const timer = setInterval(() => {
    quiet += LOOK_MS;
    if (quiet >= patienceMs) end();
  }, LOOK_MS);
  return { sign: () => (quiet = 0), stop: () => clearInterval(timer) };
}

/** Waits until a file has come: a Worker whose own file does not come is not ended by every browser. */
async function arrived(address, patienceMs) {
  const controller = new AbortController();
  const { sign, stop } = watch(patienceMs, () => controller.abort());
  try {
    const response = await fetchFile(address, controller.signal);
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    while (!(await reader.read()).done) sign();
  } catch (error) {
    const silent = `expected a sign of life every ${patienceMs} ms, found none`;
    throw new Error(`${address}: ${controller.signal.aborted ? silent : (error?.message ?? error)}`);
  } finally {
    stop();
    controller.abort();
  }
}

/**
 * Has a record packed in a Worker of its own, which is let go then: `{packed, identical, steps, message}` of `palaestra_pack`, as
 * far as it came, and `failed`, the reason why it came no further. It never rejects.
 *
 * @typedef {{ packed?: Blob, identical?: boolean | null, steps?: number, message?: string, failed?: string }} Told
 *
 * @param {string} address
 * @param {unknown} job
 * @param {number} patienceMs
 * @param {string} [name] the Worker's
 * @returns {Promise<Told>}
 */
export async function runPacker(address, job, patienceMs, name = 'palaestra packer') {
  /** @type {Told} */
  const told = {};
  let worker;
  let watching;
  try {
    await arrived(address, patienceMs);
    await /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const fail = (reason) => reject(new Error(`${address}: ${reason}`));
        watching = watch(patienceMs, () => fail(`expected a sign of life every ${patienceMs} ms, found none`));
        worker = newWorker(address, name);
        worker.onmessage = ({ data }) => {
          watching.sign();
          if (data.failed !== undefined) reject(new Error(data.failed));
          Object.assign(told, data);
          if (data.message !== undefined) resolve();
        };
        worker.onerror = (event) => {
          event.preventDefault(); // The record says it.
          fail(event.message ?? 'it could not be loaded');
        };
        worker.onmessageerror = () => fail('expected a message that can be read, found one that cannot');
        worker.postMessage(job);
      })
    );
    return told;
  } catch (error) {
    return { ...told, failed: String(error?.message ?? error) };
  } finally {
    watching?.stop();
    if (worker) letGo(worker, told.message !== undefined);
  }
}

/**
 * Ends a packer: at once if it came to no end by itself, else when it says that nothing of it is left (see `boot.js`), which it has
 * two seconds for.
 *
 * @param {Worker} packer
 * @param {boolean} ends
 */
function letGo(packer, ends) {
  packer.onmessage = packer.onerror = packer.onmessageerror = null;
  if (!ends) return packer.terminate();
  const end = () => {
    clearTimeout(timer);
    packer.onmessage = null;
    packer.terminate();
  };
  const timer = setTimeout(end, 2000);
  packer.onmessage = ({ data }) => {
    if (data.done) end();
  };
}
