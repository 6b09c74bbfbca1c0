import { part } from '../module-parts.js';
import { PalaestraError } from '../page.js';
import { only } from './only.js';
import { context, download } from './recorded.js';

/** What a finished session hands over. */
export class GameRecord {
  #handle;
  #packed;
  #saving;
  #seed;

  constructor(handle, saving) {
    this.#handle = handle;
    this.#saving = saving;
    const [header] = handle.about();
    this.header = JSON.parse(header);
    // As it is written: a number of JavaScript's may not hold it. An argument of this name stands before it.
    this.#seed = /"seed":(\w+),"pack/.exec(header)?.[1];
    this.reason = handle.reason;
    this.error = handle.error;
    this.disposal = handle.disposal;
    this.steps = handle.steps;
    this.returns = handle.returns.map((scores) => (scores.length === 1 ? scores[0] : scores));
  }

  /**
   * Packs and replays the record off the main thread: {blob, gzip, identical, steps, message}. Whoever takes a record has it: what is
   * kept of it in this browser is deleted, unless it is to be kept.
   *
   * @param {{ keep?: boolean }} [options]
   */
  async pack(options = {}) {
    only('pack', options, ['keep']);
    const { whole: _, ...packed } = await this.#pack();
    return this.#took(packed, options);
  }

  #took(what, { keep = false } = {}) {
    if (!keep) this.discard();
    return what;
  }

  #pack() {
    if (!this.#packed) {
      // Not yet awaited: what is refused is thrown at whoever asks.
      const packing = (async () => this.#live().pack())();
      this.#packed = packing;
      // Once, if it comes to its end; what could not be done is tried again when somebody asks again.
      const forget = () => {
        if (this.#packed === packing) this.#packed = undefined;
      };
      packing.then(({ whole }) => {
        if (!whole) forget();
      }, forget);
    }
    return this.#packed;
  }

  /** Whoever asks has the record, or needs none: what is kept of it in this browser is deleted. */
  discard() {
    this.#saving?.taken(this.steps);
  }

  /** What the replay found: {identical, steps, message}. */
  async verification() {
    const { identical, steps, message } = await this.#pack();
    // In a Worker with Python, where the packer has none.
    if (/^not verifiable/.test(message)) return (await part('guest')).replayed(await this.#live().text(), context.make);
    return { identical, steps, message };
  }

  /** The record as a Blob: gzipped JSON Lines. */
  async blob(options) {
    return (await this.pack(options)).blob;
  }

  /** The record as text: JSON Lines. */
  async text(options) {
    return this.#took(await this.#live().text(), options);
  }

  /** Its steps as CSV, a row per step and agent, as `palaestra export` writes it: a Blob. Rejects for a record that does not replay. */
  csv(options) {
    return this.#table('csv', options);
  }

  /** The same as JSON Lines, an object per step and agent. */
  jsonl(options) {
    return this.#table('jsonlines', options);
  }

  /** The table of `csv`, typed, as an Arrow file. */
  arrow(options) {
    return this.#table('arrow', options);
  }

  /** A data set of Minari's per agent, in a zip. */
  minari(options) {
    return this.#table('minari', options);
  }

  async #table(format, options) {
    const [packed, { table }] = await Promise.all([this.#pack(), part('save')]);
    const spec = () => this.#live().about()[1];
    return this.#took(await table(packed.blob, this.header, this.#named(packed), format, spec, context), options);
  }

  /** A file name that says what it holds. */
  async filename() {
    return this.#named(await this.#pack());
  }

  #named({ gzip }) {
    const name = `${this.header.env_id}.seed${this.#seed}.${this.steps}steps`.replace(/[^\w.-]+/g, '_');
    return `${name}.jsonl${gzip ? '.gz' : ''}`;
  }

  #live() {
    if (!this.#handle) throw new PalaestraError('session_closed', 'the record was freed');
    return this.#handle;
  }

  /** Frees the record's memory now instead of when the browser collects it. After that there is nothing to pack. */
  free() {
    this.#handle?.free();
    this.#handle = undefined;
  }

  /** Saves the record as a file of the participant's. */
  async download() {
    const packed = await this.pack();
    download(packed.blob, this.#named(packed));
  }
}
