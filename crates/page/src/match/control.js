// The control socket's life, pure: what happens comes in with its time, and what is to be done goes out as data. It knows no browser,
// so that every order of events can be tested (scripts/match/control.test.mjs). The shell is socket.js.
import { MalformedMessage, PROTOCOL, readMessage } from './message.js';
import { Deadlines, waits } from './waits.js';

/**
 * What happens.
 *
 * @typedef {{ type: 'open' }
 *   | { type: 'text', data: unknown }
 *   | { type: 'closed', code: number, reason?: string }
 *   | { type: 'rang' }
 *   | { type: 'ready' }
 *   | { type: 'validated', attempt: number, paths: { seat: number, path: string, rtt_ms: number }[] }
 *   | { type: 'failed', reason: string }
 *   | { type: 'away', away: boolean }
 *   | { type: 'finished', frames: number }
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

/** Codes that say nothing of this participant: the connection is tried again. */
const passing = new Set([
  'hello_timeout',
  'idle_timeout',
  'slow_reader',
  'too_fast',
  'too_many',
  'server_error',
  'server_restarting',
]);

/** What a socket that is closed without a word says by its number. */
const codeOf = new Map([
  [4000, 'malformed'],
  [4003, 'unknown_lobby'],
  [4004, 'bad_token'],
  [4005, 'wrong_environment'],
  [4006, 'played_before'],
  [4007, 'too_large'],
  [4100, 'waiting_timeout'],
  [4101, 'not_needed'],
  [4102, 'not_there'],
  [4103, 'validation_timeout'],
  [4104, 'validation_failed'],
  [4105, 'latency'],
  [4106, 'partner_left'],
  [4107, 'disconnected'],
  [4108, 'absent'],
  [4109, 'match_timeout'],
  [4110, 'excluded'],
  [4111, 'desync'],
]);

/** The longest `data` of a signal, in characters of JSON. */
const MOST_SIGNAL = 32 * 1024;

/**
 * One participant's stay in a lobby.
 *
 * It is in one of these phases: `greeting` (until the first welcome), `waiting`, `matched` (until the start), `playing`, `ending` (the end
 * was told, the record's fate is awaited) and `over`, which it never leaves.
 */
export class Control {
  /** @type {'greeting' | 'waiting' | 'matched' | 'playing' | 'ending' | 'over'} */
  phase = 'greeting';
  /** The match this participant is in: its id, and what the server was told of it. */
  #match;
  #hello;
  #token;
  #random;
  #deadlines = new Deadlines();
  /** @type {'none' | 'opening' | 'open'} */
  #socket = 'none';
  #welcomed = false;
  #attempts = 0;
  /** Since when there has been no connection. */
  #lostSince;
  #away = false;
  /** @type {ControlOutput[]} */
  #out = [];

  /**
   * @param {object} hello what the page says of itself: `lobby`, `participant`, `secret`, `group`, `env_id`, `kwargs`, …
   * @param {{ token?: string, random?: () => number, waitingTimeout?: number }} [options]
   */
  constructor(hello, { token, random = Math.random, waitingTimeout } = {}) {
    this.#hello = hello;
    this.#token = token;
    this.#random = random;
    this.waitingTimeout = waitingTimeout;
  }

  /** Begins: connects. */
  begin(now) {
    this.#lostSince = now;
    if (this.waitingTimeout !== undefined) this.#deadlines.set('waiting', now + this.waitingTimeout);
    this.#connect(now);
    return this.#taken();
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
        this.#opened(now);
        break;
      case 'text':
        this.#received(now, event.data);
        break;
      case 'closed':
        this.#closed(now, event);
        break;
      case 'rang':
        for (const name of this.#deadlines.due(now)) this.#late(now, name);
        break;
      default:
        this.#asked(now, event);
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
    if (this.#socket === 'open') this.#out.push({ type: 'send', text: JSON.stringify(message) });
  }

  // The connection.

  #connect(now) {
    this.#socket = 'opening';
    this.#welcomed = false;
    this.#deadlines.set('open', now + waits.open);
    this.#out.push({ type: 'connect' });
  }

  #opened(now) {
    if (this.#socket !== 'opening') return;
    this.#socket = 'open';
    this.#deadlines.clear('open');
    this.#deadlines.set('welcome', now + waits.welcome);
    this.#alive(now);
    this.#deadlines.set('ping', now + waits.ping);
    this.#send({ type: 'hello', protocol: PROTOCOL, ...this.#hello, ...(this.#token && { token: this.#token }) });
  }

  #alive(now) {
    this.#deadlines.set('silence', now + waits.silence);
  }

  /** The socket is gone, whoever closed it. */
  #dropped() {
    this.#socket = 'none';
    this.#welcomed = false;
    this.#deadlines.clear('open', 'welcome', 'silence', 'ping');
  }

  #closed(now, { code, reason = '' }) {
    if (this.#socket === 'none') return;
    this.#dropped();
    if (this.phase === 'ending') return this.#finish();
    if (code === 4010) return this.#replaced('The game goes on in another tab.');
    const known = codeOf.get(code);
    if (known) return this.#fail(known, reason || `the server closed the connection (${code})`);
    this.#again(now);
  }

  /** Connects again after a pause, if there is still somebody to come back for. */
  #again(now) {
    this.#lostSince ??= now;
    if (this.phase !== 'playing' && now - this.#lostSince >= waits.reconnect) {
      return this.#fail('connection_lost', `expected the server to be reached within ${waits.reconnect / 1000} s`);
    }
    const pause = Math.min(waits.backOff * 2 ** this.#attempts, waits.longestBackOff) * (0.5 + this.#random() / 2);
    this.#attempts = Math.min(this.#attempts + 1, 10);
    this.#deadlines.set('connect', now + pause);
    this.#tell('connection', { connected: false });
  }

  /** Gives the present socket up and connects again. */
  #abandon(now, code = 3000) {
    this.#out.push({ type: 'close', code });
    this.#dropped();
    this.#again(now);
  }

  #late(now, name) {
    if (this.phase === 'over') return;
    switch (name) {
      case 'connect':
        return this.#connect(now);
      case 'ping':
        this.#deadlines.set('ping', now + waits.ping);
        return this.#send({ type: 'ping', t: now });
      case 'open':
      case 'welcome':
      case 'silence':
        if (this.phase === 'ending') return this.#finish();
        return this.#abandon(now);
      case 'waiting':
        return this.#end('timeout', 'waiting_timeout', 'No partner was found in time.', 'closed');
      case 'matched':
        return this.#fail('match_silent', 'expected the server to begin the match in time, or to say why not');
      case 'record':
        return this.#finish();
    }
  }

  // What the server says.

  #received(now, data) {
    if (this.#socket !== 'open') return;
    let message;
    try {
      message = readMessage(data);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this.#fail('malformed', `message of the server: ${error.message}`);
    }
    this.#alive(now);
    if (!this.#welcomed && !['welcome', 'error', 'ended', 'ping', 'pong'].includes(message.type)) {
      return this.#fail('malformed', `message of the server: expected welcome first, found ${message.type}`);
    }
    const about = message.match;
    const hear = this.#hears[message.type];
    const ofMatch = ['validate', 'start', 'partner', 'pronounced'].includes(message.type);
    // One about a match that is over crossed with its end.
    if (ofMatch && about !== this.#match?.id) return;
    if (this.phase === 'ending' && !['record', 'replaced', 'ping', 'pong', 'error'].includes(message.type)) return;
    hear.call(this, now, message);
  }

  /** @type {Record<string, (now: number, message: any) => void>} */
  #hears = {
    welcome: (_, { participant, token, ...rest }) => {
      this.#welcomed = true;
      this.#attempts = 0;
      this.#lostSince = undefined;
      this.#deadlines.clear('welcome');
      this.#token = token;
      this.#hello = { ...this.#hello, participant };
      this.#out.push({ type: 'keep', participant, token });
      this.#tell('connection', { connected: true });
      this.#tell('welcome', { participant, resumed: rest.resumed, replaced: rest.replaced, size: rest.size });
      if (this.#away) this.#send({ type: 'away', away: true });
    },
    waiting: (now, message) => {
      if (this.phase === 'playing') return this.#lostMatch();
      if (this.#match) this.#requeue({ code: 'partner_left', message: 'The match came to nothing.' });
      this.phase = 'waiting';
      this.#deadlines.set('waiting', now + this.#patience(message.timeout_left_ms));
      this.#tell('waiting', {
        position: message.position,
        count: message.count,
        size: message.size,
        timeLeft: message.timeout_left_ms,
        estimate: message.estimate_ms ?? null,
      });
    },
    are_you_there: () => this.#send({ type: 'here' }),
    ping: (_, { t }) => this.#send({ type: 'pong', t }),
    pong: (now, { t }) => this.#tell('ping', { ms: Math.max(0, now - t) }),
    matched: (now, message) => this.#matched(now, message),
    signal: (_, { from, data }) => this.#tell('signal', { from, data }),
    validate: (now, message) => {
      if (this.phase !== 'matched') return;
      this.#deadlines.set('matched', now + message.within_ms + waits.slack);
      this.#tell('validate', { attempt: message.attempt, relay: message.transport === 'relay' });
    },
    start: (_, message) => {
      if (this.phase !== 'matched') return;
      this.phase = 'playing';
      this.#deadlines.clear('matched', 'waiting');
      this.#tell('start', { in: message.in_ms, inputDelay: message.input_delay, resume: message.resume });
    },
    partner: (_, message) =>
      this.#tell('partner', {
        seat: message.seat,
        state: message.state,
        away: message.away,
        reason: message.reason ?? null,
        graceLeft: message.grace_left_ms ?? null,
      }),
    pronounced: (_, { seat, frames, policy }) => this.#tell('pronounced', { seat, frames, policy }),
    requeued: (now, message) => {
      if (this.phase === 'playing') return this.#lostMatch();
      this.#requeue(message);
      this.#deadlines.set('matched', now + waits.slack);
    },
    ended: (now, message) => {
      this.#ended(message.reason, message.code, message.message, message.completion_code ?? null);
      if (message.match === null || message.match === undefined) return this.#finish();
      this.#deadlines.clearAll();
      this.#alive(now);
      this.#deadlines.set('record', now + waits.record);
    },
    record: (_, message) => {
      this.#tell('record', {
        frames: message.frames,
        verified: message.verified ?? null,
        difference: message.difference ?? null,
        seatsDiffer: message.seats_differ,
      });
      if (this.phase === 'ending') this.#finish();
    },
    replaced: (_, { message }) => this.#replaced(message),
    error: (now, { code, message, fatal }) => {
      if (!fatal) return this.#tell('warning', { code, message });
      if (this.phase === 'ending') return this.#finish();
      if (code === 'bad_token' && this.#token !== undefined) {
        // Of another server, or of one that made itself a new key: nobody is harmed by saying hello as a stranger.
        this.#token = undefined;
        this.#out.push({ type: 'forget' });
        return this.#abandon(now);
      }
      if (code === 'replaced') return this.#replaced(message);
      if (passing.has(code)) return this.#abandon(now);
      this.#fail(code, message);
    },
  };

  /** How long to wait in the pool: as the page said, else as the server says. */
  #patience(left) {
    return this.waitingTimeout === undefined ? left + waits.slack : Math.min(left + waits.slack, this.waitingTimeout);
  }

  #matched(now, message) {
    const again = this.#match?.id === message.match;
    if (!again && this.phase === 'playing') return this.#lostMatch();
    if (!again && this.#match) this.#requeue({ code: 'partner_left', message: 'The match came to nothing.' });
    this.#deadlines.clear('waiting');
    if (again) {
      // The control socket came back; the Worker has been in the match all the while.
      this.#tell('ticket', { playUrl: message.play_url, ticket: message.ticket });
      if (this.#match.ready) this.#send({ type: 'ready', match: message.match });
      if (this.#match.finished !== undefined) this.#sayFinished();
      return;
    }
    this.phase = 'matched';
    this.#match = { id: message.match, ready: false, finished: undefined };
    this.#deadlines.set('matched', now + message.within_ms + waits.slack);
    this.#tell('matched', { matched: message });
  }

  #requeue({ code, message }) {
    this.#match = undefined;
    this.phase = 'waiting';
    this.#deadlines.clear('matched');
    this.#tell('requeued', { code, message });
  }

  /** The server knows nothing of a match that is played. */
  #lostMatch() {
    this.#end('disconnected', 'disconnected', 'The server has given the game up.', 'error');
  }

  // The end.

  #replaced(message) {
    this.#ended('closed', 'replaced', message, null);
    this.#finish();
  }

  #ended(reason, code, message, completionCode) {
    // The first end is the one that counts.
    if (this.phase === 'ending') return;
    this.phase = 'ending';
    this.#tell('ended', { reason, code, message, completionCode });
  }

  /** Ends from here. */
  #end(reason, code, message, leaving) {
    this.#send({ type: 'leave', reason: leaving });
    this.#ended(reason, code, message, null);
    this.#finish();
  }

  /** Ends with an error, which is told once. */
  #fail(code, message) {
    if (this.phase === 'ending') return this.#finish();
    this.#send({ type: 'leave', reason: 'error' });
    this.#tell('failed', { code, message });
    this.#finish();
  }

  #finish() {
    if (this.#socket !== 'none') this.#out.push({ type: 'close', code: 1000 });
    this.#dropped();
    this.#deadlines.clearAll();
    this.phase = 'over';
    this.#tell('over');
  }

  // What the page asks.

  #asked(now, event) {
    const match = this.#match?.id;
    switch (event.type) {
      case 'ready':
        if (!this.#match || this.phase !== 'matched') return;
        this.#match.ready = true;
        return this.#send({ type: 'ready', match });
      case 'validated':
        if (this.phase !== 'matched') return;
        return this.#send({ type: 'validated', match, attempt: event.attempt, paths: event.paths });
      case 'failed':
        if (this.#match) this.#send({ type: 'failed', match, reason: event.reason });
        return;
      case 'away':
        this.#away = event.away;
        if (this.#welcomed) this.#send({ type: 'away', away: event.away });
        return;
      case 'finished':
        if (!this.#match) return;
        this.#match.finished = event.frames;
        this.#deadlines.set('record', now + waits.record);
        return this.#sayFinished();
      case 'signal': {
        const text = JSON.stringify(event.data) ?? 'null';
        if (!this.#match || text.length > MOST_SIGNAL) return;
        return this.#send({ type: 'signal', to: event.to, data: event.data });
      }
      case 'leave':
        if (this.phase === 'ending') return this.#finish();
        this.#send({ type: 'leave', reason: event.reason });
        this.#deadlines.clearAll();
        if (this.phase !== 'playing' || this.#socket !== 'open') return this.#finish();
        // What becomes of the record is worth hearing.
        this.phase = 'ending';
        this.#alive(now);
        this.#deadlines.set('record', now + waits.record);
        return;
    }
  }

  #sayFinished() {
    this.#send({ type: 'finished', match: this.#match.id, frames: this.#match.finished });
  }
}
