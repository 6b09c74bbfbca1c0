// The direct connection to the page of one other seat: made, made again when it was lost, and closed. The page of the higher seat asks
// for it, that of the lower seat offers. Whatever fails here, the game goes on through the server.
import { readSignal } from './signals.js';

/** How long an attempt may take, and the pauses before another one, in milliseconds. */
const ATTEMPT_MS = 8_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Attempts of the other page that are gone along with in one match, and how far apart they have to be. */
const MOST_ATTEMPTS = 40;
const APART_MS = 400;
/** What is heard within one attempt. */
const MOST_SIGNALS = 64;
/** How long candidates are collected before they are told. */
const COLLECT_MS = 20;

/** Packets may come late or get lost: each says all that the one before said. Both pages know the channel without asking. */
const CHANNEL = Object.freeze({ negotiated: true, id: 0, ordered: false, maxRetransmits: 0 });

/**
 * What a pair needs of its page.
 *
 * @typedef {object} Tools
 * @property {(to: number, data: object) => void} say says something to the page of a seat
 * @property {() => RTCPeerConnection} connection makes one; may throw
 * @property {(seat: number, channel: RTCDataChannel, passedOn: boolean) => () => void} give gives the Worker a channel; gives what lets go of it
 * @property {(seat: number, comes: boolean) => void} expect has the Worker wait for a channel, or not
 * @property {(ms: number, act: () => void) => () => void} later calls `act` once, unless it is called off
 * @property {() => number} now
 */

/**
 * An attempt.
 *
 * @typedef {object} Attempt
 * @property {string} id
 * @property {RTCPeerConnection | undefined} connection
 * @property {() => void} letGo
 * @property {Promise<void>} steps one after another
 * @property {number} signals
 * @property {boolean} described
 * @property {boolean} worked
 * @property {object[]} candidates that are to be told
 */

export class Pair {
  #seat;
  #asks;
  #tools;
  #begun = false;
  #closed = false;
  /** @type {Attempt | undefined} */
  #attempt;
  /** Wanted, or refused, before this page was ready: its Worker may not even have been told what to be. */
  #wanted;
  #refused = false;
  /** Whether packets go directly, by the Worker's last word. */
  #direct;
  /** Channels that were given away did not work: the page passes packets on. */
  #passesOn = false;
  #attempts = 0;
  #latest = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** @type {(() => void) | undefined} */
  #callOff;

  /**
   * @param {number} seat the other's
   * @param {boolean} asks whether this page's seat is the higher one
   * @param {Tools} tools
   */
  constructor(seat, asks, tools) {
    this.#seat = seat;
    this.#asks = asks;
    this.#tools = tools;
  }

  /** The Worker can take a channel from here on. */
  begin() {
    if (this.#begun || this.#closed) return;
    this.#begun = true;
    if (!this.#refused) this.#tools.expect(this.#seat, true);
    if (this.#asks) this.#want();
    else if (this.#wanted !== undefined) this.#offer(this.#wanted);
  }

  /**
   * Something came from the other page.
   *
   * @returns {boolean} whether it was of any use
   */
  hear(data) {
    const signal = readSignal(data);
    if (!signal || this.#closed) return false;
    if (signal.kind === 'want') return this.#hearWant(signal.id);
    const attempt = this.#attempt;
    if (signal.kind === 'bye') {
      this.#drop();
      this.#rest();
      this.#wanted = undefined;
      this.#refused = true;
      if (this.#begun) this.#tools.expect(this.#seat, false);
      return true;
    }
    if (attempt?.id !== signal.id || ++attempt.signals > MOST_SIGNALS) return false;
    if (signal.kind === 'candidates') {
      this.#then(attempt, async ({ connection }) => {
        // One that is none, or comes too late, is nothing to give the others up for.
        for (const candidate of signal.candidates) await connection?.addIceCandidate(candidate).catch(() => {});
      });
      return true;
    }
    const { description } = signal;
    if (attempt.described || description.type !== (this.#asks ? 'offer' : 'answer')) return false;
    attempt.described = true;
    if (this.#asks && !this.#open(attempt)) return true;
    this.#then(attempt, async ({ connection }) => {
      await connection?.setRemoteDescription(description);
      if (this.#asks) await this.#describe(attempt);
    });
    return true;
  }

  /** The Worker says whether packets go directly. */
  looked(direct) {
    if (this.#closed || !this.#begun) return;
    this.#direct = direct;
    if (direct) {
      if (this.#attempt) this.#attempt.worked = true;
      this.#failures = 0;
      this.#rest();
    } else if (this.#asks && !this.#callOff && this.#attempt) this.#again();
  }

  /** Ends it; nothing follows. */
  close() {
    this.#closed = true;
    this.#rest();
    this.#drop();
  }

  // Asking, and being asked.

  #want() {
    this.#rest();
    this.#drop();
    const id = crypto.randomUUID?.() ?? `${Math.random()}`;
    this.#attemptNamed(id);
    this.#tools.say(this.#seat, { kind: 'want', id });
    this.#callOff = this.#tools.later(ATTEMPT_MS, () => this.#late());
  }

  #hearWant(id) {
    const now = this.#tools.now();
    if (this.#asks || id === this.#attempt?.id) return false;
    if (now - this.#latest < APART_MS || ++this.#attempts > MOST_ATTEMPTS) return false;
    this.#latest = now;
    this.#refused = false;
    if (this.#begun) this.#offer(id);
    else this.#wanted = id;
    return true;
  }

  #offer(id) {
    this.#drop();
    this.#tools.expect(this.#seat, true);
    const attempt = this.#attemptNamed(id);
    if (this.#open(attempt)) this.#then(attempt, () => this.#describe(attempt));
  }

  /** The attempt's time is over. */
  #late() {
    this.#callOff = undefined;
    if (this.#direct) return;
    const silent = this.#direct === undefined && this.#attempt?.connection?.connectionState === 'connected';
    // The Worker has not said anything yet: the match has not begun.
    if (silent) this.#callOff = this.#tools.later(ATTEMPT_MS, () => this.#late());
    else this.#again();
  }

  /** Asks again, after a pause. */
  #again() {
    this.#rest();
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures = Math.min(this.#failures + 1, 10);
    this.#callOff = this.#tools.later(pause, () => this.#want());
  }

  // An attempt.

  #attemptNamed(id) {
    this.#attempt = {
      id,
      connection: undefined,
      letGo: () => {},
      steps: Promise.resolve(),
      signals: 0,
      described: false,
      worked: false,
      candidates: [],
    };
    return this.#attempt;
  }

  /** Makes the connection and gives its channel away; says whether that could be done. */
  #open(attempt) {
    try {
      const connection = this.#tools.connection();
      attempt.connection = connection;
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.candidate) this.#collect(attempt, candidate.toJSON());
      };
      connection.onconnectionstatechange = () => {
        if (connection.connectionState === 'failed') this.#failed(attempt);
      };
      const channel = connection.createDataChannel('palaestra', CHANNEL);
      attempt.letGo = this.#tools.give(this.#seat, channel, this.#passesOn);
      return true;
    } catch (error) {
      // Servers that are none, or no Worker any more: nothing that another attempt would change.
      console.warn('palaestra: no direct connection:', error);
      this.#drop();
      this.#rest();
      this.#tools.expect(this.#seat, false);
      this.#tools.say(this.#seat, { kind: 'bye', id: attempt.id });
      return false;
    }
  }

  async #describe(attempt) {
    const { connection, id } = attempt;
    await connection?.setLocalDescription();
    const description = connection?.localDescription;
    if (attempt !== this.#attempt || !description) return;
    const { type, sdp } = description;
    this.#tools.say(this.#seat, { kind: 'description', id, description: { type, sdp } });
  }

  #collect(attempt, candidate) {
    if (attempt !== this.#attempt) return;
    attempt.candidates.push(candidate);
    if (attempt.candidates.length > 1) return;
    this.#tools.later(COLLECT_MS, () => {
      const candidates = attempt.candidates.splice(0, attempt.candidates.length).slice(0, 32);
      if (attempt === this.#attempt) this.#tools.say(this.#seat, { kind: 'candidates', id: attempt.id, candidates });
    });
  }

  /** Does a step of an attempt after those before, unless another attempt has begun. */
  #then(attempt, step) {
    attempt.steps = attempt.steps
      .then(() => (attempt === this.#attempt ? step(attempt) : undefined))
      .catch(() => this.#failed(attempt));
  }

  #failed(attempt) {
    if (attempt !== this.#attempt || this.#closed) return;
    if (this.#asks) this.#again();
    this.#drop();
    this.#tools.expect(this.#seat, false);
  }

  /** Gives the attempt up that there is. */
  #drop() {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (!attempt) return;
    const { connection, letGo, worked } = attempt;
    // It was connected, and yet nothing came through: not every browser that gives a channel away gets it across.
    if (connection?.connectionState === 'connected' && this.#direct === false && !worked) this.#passesOn = true;
    if (connection) connection.onicecandidate = connection.onconnectionstatechange = null;
    letGo();
    connection?.close();
  }

  #rest() {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
