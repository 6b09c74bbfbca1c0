// The control socket's connection, pure: opening, silence, losing it and coming back. What is said over it is control.js's business.
import { codeOf } from './codes.js';
import { serverProtocol } from '../protocol.js';
import { Deadlines, waits } from './waits.js';

/**
 * What happens.
 *
 * @typedef {{ type: 'open' }
 *   | { type: 'text', data: unknown }
 *   | { type: 'closed', code: number, reason?: string }
 *   | { type: 'rang' }
 *   | { type: 'ready', models?: object[] }
 *   | { type: 'validated', attempt: number, paths: { seat: number, path: string, rtt_ms: number }[] }
 *   | { type: 'failed', reason: string }
 *   | { type: 'away', away: boolean }
 *   | { type: 'finished', frames: number, planned: boolean }
 *   | { type: 'signal', to: number, data: unknown }
 *   | { type: 'leave', reason: string }} ControlEvent
 */

/**
 * What is to be done, in order.
 *
 * @typedef {{ type: 'connect' }
 *   | { type: 'send', text: string }
 *   | { type: 'close', code: number }
 *   | { type: 'keep', participant: string, token: string }
 *   | { type: 'forget' }
 *   | { type: 'timer', at: number | undefined }
 *   | { type: 'tell', event: { type: string, [field: string]: any } }} ControlOutput
 */

/** A connection that is kept up. `Control` is one, and says what the methods at the end do. */
export class Connection {
  /** @type {'greeting' | 'waiting' | 'matched' | 'playing' | 'ending' | 'over'} */
  phase = 'greeting';
  _hello;
  _token;
  _random;
  _deadlines = new Deadlines();
  /** @type {'none' | 'opening' | 'open'} */
  _socket = 'none';
  _welcomed = false;
  _attempts = 0;
  /** Since when there has been no connection. */
  _lostSince;
  _away = false;
  /** @type {ControlOutput[]} */
  _out = [];

  /**
   * @param {object} hello what the page says of itself: `lobby`, `participant`, `secret`, `group`, `env_id`, `kwargs`, …
   * @param {{ token?: string, random?: () => number, waitingTimeout?: number }} [options]
   */
  constructor(hello, { token, random = Math.random, waitingTimeout } = {}) {
    this._hello = hello;
    this._token = token;
    this._random = random;
    this.waitingTimeout = waitingTimeout;
  }

  /** Begins: connects. */
  begin(now) {
    this._lostSince = now;
    if (this.waitingTimeout !== undefined) this._deadlines.set('waiting', now + this.waitingTimeout);
    this._connect(now);
    return this._taken();
  }

  /**
   * Takes in what happened at a time. What comes after the end changes nothing.
   *
   * @param {number} now
   * @param {ControlEvent} event
   * @returns {ControlOutput[]}
   */
  handle(now, event) {
    if (this.phase === 'over') return [];
    switch (event.type) {
      case 'open':
        this._opened(now);
        break;
      case 'text':
        this._received(now, event.data);
        break;
      case 'closed':
        this._closed(now, event);
        break;
      case 'rang':
        for (const name of this._deadlines.due(now)) this._late(now, name);
        break;
      default:
        this._asked(now, event);
    }
    return this._taken();
  }

  _taken() {
    const out = this._out;
    this._out = [];
    out.push({ type: 'timer', at: this._deadlines.next });
    return out;
  }

  _tell(type, fields = {}) {
    this._out.push({ type: 'tell', event: { type, ...fields } });
  }

  _send(message) {
    if (this._socket === 'open') this._out.push({ type: 'send', text: JSON.stringify(message) });
  }

  // The connection.

  _connect(now) {
    this._socket = 'opening';
    this._welcomed = false;
    this._deadlines.set('open', now + waits.open);
    this._out.push({ type: 'connect' });
  }

  _opened(now) {
    if (this._socket !== 'opening') return;
    this._socket = 'open';
    this._deadlines.clear('open');
    this._deadlines.set('welcome', now + waits.welcome);
    this._alive(now);
    this._deadlines.set('ping', now + waits.ping);
    this._send({ type: 'hello', protocol: serverProtocol, ...this._hello, ...(this._token && { token: this._token }) });
  }

  _alive(now) {
    this._deadlines.set('silence', now + waits.silence);
  }

  /** The socket is gone, whoever closed it. */
  _dropped() {
    this._socket = 'none';
    this._welcomed = false;
    this._deadlines.clear('open', 'welcome', 'silence', 'ping');
  }

  _closed(now, { code, reason = '' }) {
    if (this._socket === 'none') return;
    this._dropped();
    if (this.phase === 'ending') return this._finish();
    if (code === 4010) return this._replaced('The game goes on in another tab.');
    const known = codeOf.get(code);
    if (known) return this._fail(known, reason || `the server closed the connection (${code})`);
    this._again(now);
  }

  /** Connects again after a pause, if there is still somebody to come back for. */
  _again(now) {
    this._lostSince ??= now;
    if (this.phase !== 'playing' && now - this._lostSince >= waits.reconnect) {
      return this._fail('connection_lost', `expected the server to be reached within ${waits.reconnect / 1000} s`);
    }
    const pause = Math.min(waits.backOff * 2 ** this._attempts, waits.longestBackOff) * (0.5 + this._random() / 2);
    this._attempts = Math.min(this._attempts + 1, 10);
    this._deadlines.set('connect', now + pause);
    this._tell('connection', { connected: false });
  }

  /** Gives the present socket up and connects again. */
  _abandon(now, code = 3000) {
    this._out.push({ type: 'close', code });
    this._dropped();
    this._again(now);
  }

  _late(now, name) {
    if (this.phase === 'over') return;
    switch (name) {
      case 'connect':
        return this._connect(now);
      case 'ping':
        this._deadlines.set('ping', now + waits.ping);
        return this._send({ type: 'ping', t: now });
      case 'open':
      case 'welcome':
      case 'silence':
        if (this.phase === 'ending') return this._finish();
        return this._abandon(now);
      case 'waiting':
        return this._end('timeout', 'waiting_timeout', 'No partner was found in time.', 'closed');
      case 'matched':
        return this._fail('match_silent', 'expected the server to begin the match in time, or to say why not');
      case 'record':
        return this._finish();
    }
  }

  // What Control does.

  /** @param {number} _now @param {unknown} _data */
  _received(_now, _data) {}
  /** @param {number} _now @param {any} _event */
  _asked(_now, _event) {}
  /** @param {string} _message */
  _replaced(_message) {}
  /** @param {string} _reason @param {string} _code @param {string} _message @param {string} _leaving */
  _end(_reason, _code, _message, _leaving) {}
  /** @param {string} _code @param {string} _message */
  _fail(_code, _message) {}
  _finish() {}
}
