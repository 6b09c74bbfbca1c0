// A record that was left behind: as a file, sent on, or deleted.
import { destinationAt, destinationOf } from './destination.js';
import { packedOf } from './packed.js';
import { Sender } from './sender.js';
import { end, head, plain } from './stream.js';
import { table } from './table.js';

const SEND_MS = 120_000;

/** A record's chunks, each as a Blob, in order, as far as they are whole: the last one may end anywhere. */
function chunksOf(pieces) {
  const chunks = [];
  let length = 0;
  for (const { chunk, offset, bytes } of pieces) {
    if (offset === 0 && chunk === chunks.length) [chunks[chunk], length] = [[], 0];
    // What lies behind a gap belongs to nothing that can be read.
    if (chunk !== chunks.length - 1 || offset !== length) break;
    chunks[chunk].push(bytes);
    length += bytes.length;
  }
  return chunks.map((parts) => new Blob(parts));
}

export class Leftover {
  #store;
  #game;
  #context;
  /** @type {Promise<any> | undefined} */
  #packed;

  constructor(store, game, context) {
    this.#store = store;
    this.#game = game;
    this.#context = context;
    this.id = game.id;
    this.envId = game.envId;
    this.participant = game.participant ?? null;
    this.time = new Date(game.time);
    this.steps = game.steps;
    this.bytes = game.bytes;
    this.unfinished = game.ended === undefined || game.ended === null;
  }

  /** Waits for the browser's storage, whose errors are none of ours. @template T @param {Promise<T>} asked */
  #stored(asked) {
    return asked.catch((error) => {
      const text = `recover: what was kept in this browser cannot be had: ${error?.name}: ${error?.message}`;
      throw new this.#context.PalaestraError('not_kept', text);
    });
  }

  get #header() {
    return this.#game.ended ?? this.#game.about[0];
  }

  /** Packs it and replays it, as `GameRecord.pack` does. */
  pack() {
    this.#packed ??= this.#pack().catch((error) => {
      this.#packed = undefined;
      throw error;
    });
    return this.#packed;
  }

  async #pack() {
    const [, spec, metrics] = this.#game.about;
    const chunks = chunksOf(await this.#stored(this.#store.pieces(this.id)));
    const { whole: _, ...packed } = await packedOf(
      [this.#header, spec, metrics],
      chunks,
      this.unfinished,
      this.#context,
    );
    return packed;
  }

  /** The record as a Blob: gzipped JSON Lines. */
  async blob() {
    return (await this.pack()).blob;
  }

  async text() {
    const blob = await this.blob();
    return new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).text();
  }

  /** What its replay found: {identical, steps, message}. */
  async verification() {
    const { identical, steps, message } = await this.pack();
    // In a Worker with Python, where the packer has none.
    if (/^not verifiable/.test(message)) {
      const { part, make } = this.#context;
      return (await part('guest')).replayed(await this.text(), make);
    }
    return { identical, steps, message };
  }

  /** Its steps as CSV, a row per step and agent: a Blob. */
  csv() {
    return this.#table('csv');
  }

  /** Its steps as JSON Lines, an object per step and agent: a Blob. */
  jsonl() {
    return this.#table('jsonlines');
  }

  /** The table of `csv`, typed, as an Arrow file: a Blob. */
  arrow() {
    return this.#table('arrow');
  }

  /** A data set of Minari's per agent, as a zip: a Blob. */
  minari() {
    return this.#table('minari');
  }

  async #table(format) {
    const spec = () => this.#game.about[1];
    return table(await this.blob(), JSON.parse(this.#header), this.filename(), format, spec, this.#context);
  }

  filename() {
    const name = `${this.envId}.${this.time.toISOString()}.${this.steps}steps`.replace(/[^\w.-]+/g, '_');
    return `${name}${this.unfinished ? '.unfinished' : ''}.jsonl.gz`;
  }

  async download() {
    this.#context.download(await this.blob(), this.filename());
  }

  /**
   * Sends what has not been acknowledged, and deletes it when all of it has been.
   *
   * @param {any} [where] `{ url }`, `{ server }` or `{ callback }`; without it, where it was to go
   */
  async send(where) {
    const { PalaestraError } = this.#context;
    const to = where === undefined ? destinationAt(this.#game.to) : destinationOf(where);
    if (!to)
      throw new PalaestraError(
        'bad_argument',
        'send: expected an address, as send({ url }), found none: the game had none',
      );
    let error;
    const sender = new Sender({
      source: await this.#source(),
      to,
      about: { id: this.id, envId: this.envId, participant: this.participant },
      patienceMs: SEND_MS,
      saved: 0,
      tell: (what) => {
        if (what.error) error = what.error;
      },
    });
    if (!(await sender.run())) throw new PalaestraError('not_sent', `send: ${error?.message ?? 'given up'}`);
    await this.delete();
  }

  async #source() {
    const bytes = [head(this.#game.about)];
    for (const chunk of chunksOf(await this.#stored(this.#store.pieces(this.id)))) {
      bytes.push(await plain(new Uint8Array(await chunk.arrayBuffer())));
    }
    if (!this.unfinished) bytes.push(end(this.#header));
    const whole = new Blob(bytes);
    return {
      over: true,
      steps: this.steps,
      read: async (from, most) => new Uint8Array(await whole.slice(from, from + most).arrayBuffer()),
      readNow: () => undefined,
    };
  }

  delete() {
    return this.#stored(this.#store.remove(this.id));
  }
}
