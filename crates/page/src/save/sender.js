// A record that is sent on while it grows: in pieces, one after another, each again until it is acknowledged.
import { joined } from './stream.js';

/** How often there is something to send, and how much at a time, in bytes before compression. */
const EVERY_MS = 1000;
const MOST = 256 * 1024;
/** What a browser sends of a page that is gone: 64 KiB of all such requests together. */
const LEAVING_MOST = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * @typedef {object} Source what is sent
 * @property {(from: number, most: number) => Promise<Uint8Array>} read
 * @property {(from: number, most: number) => Uint8Array | undefined} readNow
 * @property {boolean} over
 * @property {number} steps
 */

export class Sender {
  #source;
  #to;
  #about;
  #tell;
  #patienceMs;
  /** How far it has been acknowledged, and how far it has been read. */
  #saved;
  /** Whether what was acknowledged last said that nothing follows it. */
  #ended = false;
  #stopped = false;
  /** @type {() => void} */
  #wake = () => {};
  /** How long it has gone without an acknowledgement since the session was over. */
  #overdueMs = 0;
  #failures = 0;

  /**
   * @param {object} of
   * @param {Source} of.source
   * @param {{ send: Function, leave: Function }} of.to see `destination.js`
   * @param {{ id: string, envId: string, participant: unknown }} of.about
   * @param {number} of.patienceMs how long it is tried after the session was over
   * @param {number} of.saved how far it was acknowledged before
   * @param {(what: any) => void} of.tell
   */
  constructor({ source, to, about, patienceMs, saved, tell }) {
    this.#source = source;
    this.#to = to;
    this.#about = about;
    this.#patienceMs = patienceMs;
    this.#saved = saved;
    this.#tell = tell;
  }

  /** Sends until all of it has been acknowledged, which it gives, or until it gives up. */
  async run() {
    addEventListener('pagehide', this.#leave);
    try {
      for (;;) {
        const over = this.#source.over;
        const bytes = await this.#source.read(this.#saved, MOST);
        // A piece ends where a chunk does: whether anything follows the source alone knows.
        const last = over && (await this.#source.read(this.#saved + bytes.length, 1)).length === 0;
        if (this.#stopped) return false;
        // Where all was acknowledged before the end was known, an empty one says so.
        if (bytes.length > 0 || (last && !this.#ended)) {
          if (!(await this.#send(bytes, last))) return false;
          if (bytes.length === MOST) continue;
        } else if (over) {
          this.#tell({ state: 'saved', steps: this.#source.steps, bytes: this.#saved });
          return true;
        }
        if (!this.#source.over) await this.#pause(EVERY_MS);
      }
    } catch (error) {
      // The record itself cannot be read any more.
      this.#tell({ state: 'failed', error });
      return false;
    } finally {
      removeEventListener('pagehide', this.#leave);
    }
  }

  /** The session is over: there is nothing to wait for. */
  hurry() {
    this.#wake();
  }

  stop() {
    this.#stopped = true;
    this.#wake();
  }

  /** Sends one piece; `false` where it gives up. */
  async #send(bytes, last) {
    const { steps } = this.#source;
    const offset = this.#saved;
    try {
      const saved = await this.#to.send({ ...this.#about, offset, bytes, steps, last });
      if (!Number.isSafeInteger(saved) || saved < 0) {
        throw new Error(`expected how many bytes were saved, found ${JSON.stringify(saved)}`);
      }
      // Less than it had: whoever takes them has lost some. More: a piece came that nobody has heard of.
      this.#saved = Math.min(saved, offset + bytes.length);
      if (this.#saved < offset + Math.min(bytes.length, 1)) {
        throw new Error(`expected ${offset + bytes.length} bytes to be saved, found ${saved}`);
      }
      this.#ended = last;
      [this.#failures, this.#overdueMs] = [0, 0];
      this.#tell({ state: 'saving', steps, bytes: this.#saved });
      return true;
    } catch (error) {
      return this.#again(error);
    }
  }

  async #again(error) {
    if (this.#stopped) return false;
    const longest = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures += 1;
    if (this.#source.over && this.#overdueMs >= this.#patienceMs) {
      this.#tell({ state: 'failed', error });
      return false;
    }
    this.#tell({ state: 'waiting', error, attempts: this.#failures });
    const began = performance.now();
    // Not all at the same moment, when a server comes back.
    await this.#pause(longest * (0.5 + Math.random() / 2));
    if (this.#source.over) this.#overdueMs += Math.max(performance.now() - began, 1) + (error?.waitedMs ?? 0);
    return !this.#stopped;
  }

  /** @param {number} ms @returns {Promise<void>} */
  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The page goes: what fits into a request that outlives it. What it had of this piece before, it has again. */
  #leave = () => {
    try {
      const parts = [];
      let length = 0;
      let more = this.#source.readNow(this.#saved, LEAVING_MOST);
      while (more?.length) {
        parts.push(more);
        length += more.length;
        more = this.#source.readNow(this.#saved + length, LEAVING_MOST - length);
      }
      const { over, steps } = this.#source;
      const last = over && more !== undefined && length < LEAVING_MOST;
      if (length === 0 && !last) return;
      this.#to.leave({ ...this.#about, offset: this.#saved, bytes: joined(parts), steps, last });
    } catch {
      // Nobody is there to be told; it is kept, and sent at the next visit.
    }
  };
}
