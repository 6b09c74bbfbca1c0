// What is said on the control socket of whoever watches, and what follows from it, pure: what happens comes in with its time, and what is
// to be done goes out as data (scripts/match/watch.test.mjs). The shell is socket.js.
import { codeOf, passing } from '../match/codes.js';
import { checks, MalformedMessage, readMessage } from '../match/message.js';
import { Deadlines, waits } from '../match/waits.js';

const { count, fields, fps, list, object, text, whole, types } = checks;

/** What each type of message has that whoever watches may hear. */
const heard = {
  watching: fields({
    match: text,
    number: count,
    lobby: text,
    size: whole(255),
    env_id: text,
    kwargs: object,
    agents: list(text, 255),
    fps,
    seed: whole(Number.MAX_SAFE_INTEGER),
    frames: count,
    play_url: text,
    ticket: text,
  }),
  ended: types.ended,
  error: types.error,
  ping: types.ping,
  pong: types.pong,
};

/**
 * What happens.
 *
 * @typedef {{ type: 'open' }
 *   | { type: 'text', data: unknown }
 *   | { type: 'closed', code: number, reason?: string }
 *   | { type: 'rang' }
 *   | { type: 'leave' }} WatchEvent
 */

/**
 * What is to be done, in order. Told are `watching` (once), `ended` and `failed`.
 *
 * @typedef {{ type: 'connect' }
 *   | { type: 'send', text: string }
 *   | { type: 'close', code: number }
 *   | { type: 'timer', at: number | undefined }
 *   | { type: 'tell', event: { type: string, [field: string]: any } }} WatchOutput
 */

/** Asks to watch a match, and hears of its end. A connection that is lost comes back: it is the play socket that counts. */
export class WatchClient {
  #asked;
  #deadlines = new Deadlines();
  /** @type {'none' | 'opening' | 'open'} */
  #socket = 'none';
  #watching = false;
  #over = false;
  #tries = 0;
  /** Since when there has been no answer. */
  #since;
  /** @type {WatchOutput[]} */
  #out = [];

  /** @param {{ match: string, lobby?: string, token?: string }} asked */
  constructor(asked) {
    this.#asked = asked;
  }

  /**
   * @param {number} now
   * @returns {WatchOutput[]}
   */
  begin(now) {
    this.#since = now;
    this.#connect(now);
    return this.#taken();
  }

  /**
   * Takes in what happened at a time. What comes after the end changes nothing.
   *
   * @param {number} now
   * @param {WatchEvent} event
   * @returns {WatchOutput[]}
   */
  handle(now, event) {
    if (this.#over) return [];
    switch (event.type) {
      case 'open':
        if (this.#socket !== 'opening') break;
        this.#socket = 'open';
        this.#deadlines.clear('open');
        this.#deadlines.set('silence', now + waits.silence);
        // Signs of life alone are no answer.
        this.#deadlines.set('answer', now + waits.welcome);
        this.#send({ type: 'watch', ...this.#asked });
        break;
      case 'text':
        if (this.#socket === 'open') this.#hear(now, event.data);
        break;
      case 'closed':
        if (this.#socket !== 'none') this.#closed(now, event);
        break;
      case 'rang':
        for (const name of this.#deadlines.due(now)) this.#late(now, name);
        break;
      case 'leave':
        this.#finish();
        break;
    }
    return this.#taken();
  }

  #taken() {
    const out = this.#out;
    this.#out = [];
    out.push({ type: 'timer', at: this.#deadlines.next });
    return out;
  }

  #tell(type, fields = {}) {
    this.#out.push({ type: 'tell', event: { type, ...fields } });
  }

  #send(message) {
    this.#out.push({ type: 'send', text: JSON.stringify(message) });
  }

  #connect(now) {
    this.#socket = 'opening';
    this.#deadlines.set('open', now + waits.open);
    this.#out.push({ type: 'connect' });
  }

  #hear(now, data) {
    let message;
    try {
      message = readMessage(data, heard);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this.#fail('malformed', `message of the server: ${error.message}`);
    }
    this.#deadlines.set('silence', now + waits.silence);
    switch (message.type) {
      case 'ping':
        return this.#send({ type: 'pong', t: message.t });
      case 'watching':
        this.#deadlines.clear('answer');
        this.#tries = 0;
        this.#since = undefined;
        // A connection that came back asks once more, and is told what is known.
        if (!this.#watching) this.#tell('watching', { watching: message });
        this.#watching = true;
        return;
      case 'ended': {
        const { reason, code, message: text } = message;
        this.#tell('ended', { reason, code, message: text });
        return this.#finish();
      }
      case 'error':
        if (!message.fatal) return;
        if (passing.has(message.code)) return this.#abandon(now);
        return this.#fail(message.code, message.message);
    }
  }

  #closed(now, { code, reason = '' }) {
    this.#dropped();
    const known = codeOf.get(code);
    if (known) return this.#fail(known, reason || `the server closed the connection (${code})`);
    this.#again(now);
  }

  #dropped() {
    this.#socket = 'none';
    this.#deadlines.clear('open', 'silence', 'answer');
  }

  #abandon(now) {
    this.#out.push({ type: 'close', code: 3000 });
    this.#dropped();
    this.#again(now);
  }

  /** Connects again after a pause, if there is still something to hear. */
  #again(now) {
    this.#since ??= now;
    if (!this.#watching && now - this.#since >= waits.reconnect) {
      return this.#fail('connection_lost', `expected the server to be reached within ${waits.reconnect / 1000} s`);
    }
    this.#deadlines.set('connect', now + Math.min(waits.backOff * 2 ** this.#tries, waits.longestBackOff));
    this.#tries = Math.min(this.#tries + 1, 10);
  }

  #late(now, name) {
    if (name === 'connect') this.#connect(now);
    else this.#abandon(now);
  }

  #fail(code, message) {
    // Whoever watches already hears of the end by the play socket.
    if (!this.#watching) this.#tell('failed', { code, message });
    this.#finish();
  }

  #finish() {
    if (this.#socket !== 'none') this.#out.push({ type: 'close', code: 1000 });
    this.#dropped();
    this.#deadlines.clearAll();
    this.#over = true;
  }
}
