// A record outside the module's memory: its chunks, which the browser keeps.

/**
 * As much as a page keeps, in bytes after compression: more than ten hours at 60 Hz of any environment. As a file it is some
 * five times as much, which a browser can still hand over.
 */
const KEPT_MOST = 128 * 2 ** 20;

const NOTHING = new Uint8Array();

export const canCompress = typeof CompressionStream === 'function';
export const through = (blob, stream) => new Response(blob.stream().pipeThrough(stream)).blob();

/** The chunks of a record, compressed, where the browser has room for them. */
export class Chunks {
  #chunks = [];
  #work = Promise.resolve();
  /** How many bytes it keeps; what is being compressed not counted. */
  #size = 0;
  /** The chunk that is written, as far as the page has been told: it has this where its module fails. */
  #open = NOTHING;
  #length = 0;
  /** The newest chunk as it was added: a page that goes cannot wait for what the browser keeps. @type {Uint8Array | undefined} */
  newest;
  /** How many steps there are, with those of that chunk. */
  steps = 0;

  /** Keeps a chunk. */
  add(bytes) {
    const chunk = { blob: new Blob([bytes]), length: bytes.length, packed: false };
    this.#chunks.push(chunk);
    // The module's memory is only lent.
    this.newest = bytes.slice();
    [this.#open, this.#length] = [NOTHING, 0];
    // One after another: a program makes chunks faster than a browser compresses them.
    this.#work = this.#work.then(async () => {
      if (canCompress) chunk.blob = await through(chunk.blob, new CompressionStream('gzip')).catch(() => chunk.blob);
      chunk.packed = true;
      this.#size += chunk.blob.size;
    });
  }

  /** More of the chunk that is written, behind what there was of it. */
  follow(bytes, steps) {
    const end = this.#length + bytes.length;
    if (end > this.#open.length) {
      const longer = new Uint8Array(2 * end);
      longer.set(this.#open.subarray(0, this.#length));
      this.#open = longer;
    }
    this.#open.set(bytes, this.#length);
    [this.#length, this.steps] = [end, steps];
  }

  /** The chunk that is written, which is number `chunk`, from byte `from` on, as far as it is known here; none for another one. */
  unsealed(chunk, from) {
    return chunk === this.#chunks.length ? this.#open.slice(from, this.#length) : undefined;
  }

  /** These chunks, and one more if there is one. What is added later is not among them. */
  with(bytes) {
    const copy = new Chunks();
    copy.#chunks = [
      ...this.#chunks,
      ...(bytes ? [{ blob: new Blob([bytes]), length: bytes.length, packed: true }] : []),
    ];
    return copy;
  }

  get length() {
    return this.#chunks.length;
  }

  /** Whether it keeps as much as a page keeps. */
  get full() {
    return this.#size >= KEPT_MOST;
  }

  /** Each as a Blob, which crosses to a Worker without a copy: gzipped, or as it is. */
  blobs() {
    return this.#chunks.map(({ blob }) => blob);
  }

  /** How long one was when it was added, in bytes. */
  lengthOf = (index) => this.#chunks[index].length;

  /** One as a Blob, as it will stay; none before it has been compressed. */
  packed = (index) => (this.#chunks[index].packed ? this.#chunks[index].blob : undefined);

  /** One as it was added. */
  async read(index) {
    const { blob } = this.#chunks[index];
    const [first] = new Uint8Array(await blob.slice(0, 1).arrayBuffer());
    const whole = first === 0x1f ? await through(blob, new DecompressionStream('gzip')) : blob;
    return new Uint8Array(await whole.arrayBuffer());
  }
}
