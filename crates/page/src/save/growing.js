// The stream of a record that grows: what there is of it, from any byte on.
import { end, head } from './stream.js';

const NOTHING = new Uint8Array();

export class Growing {
  #handle;
  #chunks;
  #head;
  /** Where each sealed chunk begins. */
  #starts;
  /** @type {Uint8Array | undefined} */
  #end;
  #steps = 0;
  /** Whether nothing more will come. */
  over = false;

  /** @param {any} handle a game's, or an environment's @param {any} about see `stream.js` */
  constructor(handle, about) {
    this.#handle = handle;
    this.#chunks = handle.chunks;
    this.#head = head(about);
    this.#starts = [this.#head.length];
  }

  /** How many steps there were when it was last read to where it had come. */
  get steps() {
    return this.#steps;
  }

  /** The session is over. @param {string} [header] as it is then; an environment that a program drove has no end of its own */
  finish(header) {
    if (header !== undefined) this.#end = end(header);
    this.over = true;
  }

  /** Where chunk `index` begins, which is sealed, or the first that is not. */
  #start(index) {
    const { length } = this.#chunks;
    for (let i = this.#starts.length - 1; i < Math.min(index, length); i += 1) {
      this.#starts.push(this.#starts[i] + this.#chunks.lengthOf(i));
    }
    return this.#starts[index];
  }

  /** Which chunk byte `from` is in, which lies behind the head: the last one is open. */
  #chunkAt(from) {
    let index = this.#chunks.length;
    while (index > 0 && this.#start(index) > from) index -= 1;
    return index;
  }

  /**
   * What follows byte `from`, at most so many bytes; nothing where it has come no further.
   *
   * @param {number} from
   * @param {number} most
   */
  async read(from, most) {
    const now = this.readNow(from, most);
    if (now) return now;
    const index = this.#chunkAt(from);
    const offset = from - this.#start(index);
    return (await this.#chunks.read(index)).subarray(offset, offset + most);
  }

  /** The same at once; `undefined` where that is in a chunk that only the browser has. */
  readNow(from, most) {
    if (from < this.#head.length) return this.#head.subarray(from, from + most);
    const index = this.#chunkAt(from);
    const offset = from - this.#start(index);
    const sealed = this.#chunks.length - index;
    if (sealed > 0) return sealed === 1 ? this.#chunks.newest?.subarray(offset, offset + most) : undefined;
    const steps = this.#handle.stepsRecorded;
    // None: a chunk was sealed that the page has not been given yet. Its steps are not counted.
    const written = this.#handle.unsealed(index, offset, false);
    if (written && written.length <= most) this.#steps = steps;
    const open = written ?? NOTHING;
    // At the end of a game every chunk is sealed.
    return open.length === 0 && this.#end ? this.#end.subarray(offset, offset + most) : open.subarray(0, most);
  }
}
