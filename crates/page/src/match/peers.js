// The direct connections to the pages of all other seats, for as long as a match lasts.
import { giveChannel } from './channels.js';
import { Pair } from './pair.js';

/** What the server is told where no direct connection is wanted. */
const NOBODY = 'none';

/**
 * @typedef {object} Options
 * @property {number} seat this page's
 * @property {number[]} people the seats of other people
 * @property {boolean} direct whether connections are to be made
 * @property {RTCIceServer[]} iceServers
 * @property {(to: number, data: object) => void} say says something to the page of a seat
 * @property {() => Worker | undefined} worker the game's
 * @property {typeof RTCPeerConnection} [Connection]
 * @property {() => number} [now]
 */

export class Peers {
  /** @type {Map<number, Pair>} */
  #pairs = new Map();
  #options;
  #timers = new Set();
  #begun = false;
  #refusals = 0;

  /** @param {Options} options */
  constructor(options) {
    const { Connection = globalThis.RTCPeerConnection, direct, people, seat, say, iceServers, now } = options;
    this.#options = options;
    if (!direct || typeof Connection !== 'function') return;
    /** @type {import('./pair.js').Tools} */
    const tools = {
      say,
      connection: () => new Connection({ iceServers }),
      give: (to, channel, passedOn) => {
        const worker = options.worker();
        if (!worker) throw new Error('the game has no Worker any more');
        return giveChannel(worker, to, channel, passedOn);
      },
      expect: (to, comes) => options.worker()?.postMessage({ seat: to, channel: comes ? undefined : null }),
      later: (ms, act) => this.#later(ms, act),
      now: now ?? (() => performance.now()),
    };
    for (const other of people) this.#pairs.set(other, new Pair(other, seat > other, tools));
  }

  /** The game is loaded, and joined in the Worker: channels can be given to it. */
  begin() {
    if (this.#begun) return;
    this.#begun = true;
    for (const pair of this.#pairs.values()) pair.begin();
    if (this.#pairs.size === 0) for (const to of this.#options.people) this.#refuse(to);
  }

  /**
   * Something came from the page of a seat.
   *
   * @returns {boolean} whether it was of any use
   */
  hear(from, data) {
    const pair = this.#pairs.get(from);
    if (pair) return pair.hear(data);
    if (data?.kind === 'want' && this.#options.people.includes(from)) this.#refuse(from);
    return false;
  }

  /**
   * The Worker says which way packets take.
   *
   * @param {{ seat: number, path: string | null }[]} paths
   */
  looked(paths) {
    for (const { seat, path } of paths) this.#pairs.get(seat)?.looked(path === 'direct');
  }

  /** Closes every connection; nothing follows. */
  close() {
    for (const pair of this.#pairs.values()) pair.close();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Whoever asks is told that there is only the relay, some times. */
  #refuse(to) {
    this.#refusals += 1;
    if (this.#refusals < 40) this.#options.say(to, { kind: 'bye', id: NOBODY });
  }

  #later(ms, act) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }
}
