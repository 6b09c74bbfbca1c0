// What is said on the control socket and what follows from it, pure: what happens comes in with its time, and what is to be done goes
// out as data. It knows no browser, so that every order of events can be tested (scripts/match/control.test.mjs). The shell is socket.js.
import { serverProtocol } from '../protocol.js';
import { passing } from './codes.js';
import { Connection } from './connection.js';
import { MalformedMessage, readMessage } from './message.js';
import { waits } from './waits.js';

/** The longest `data` of a signal, in characters of JSON. */
const MOST_SIGNAL = 32 * 1024;

/**
 * One participant's stay in a lobby.
 *
 * It is in one of these phases: `greeting` (until the first welcome), `waiting`, `matched` (until the start), `playing`, `ending` (the end
 * was told, the record's fate is awaited) and `over`, which it never leaves.
 */
export class Control extends Connection {
  /** @type {Connection['phase']} */
  phase = 'greeting';
  /**
   * The match this participant is in, if any: its `id`, and what the server was told of it, `ready` with `models`, and `finished`.
   *
   * @type {any}
   */
  _match;

  // What the server says.

  _received(now, data) {
    if (this._socket !== 'open') return;
    let message;
    try {
      message = readMessage(data);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this._fail('malformed', `message of the server: ${error.message}`);
    }
    this._alive(now);
    if (!this._welcomed && !['welcome', 'error', 'ended', 'ping', 'pong'].includes(message.type)) {
      return this._fail('malformed', `message of the server: expected welcome first, found ${message.type}`);
    }
    const about = message.match;
    const hear = this._hears[message.type];
    const ofMatch = ['validate', 'start', 'partner', 'pronounced'].includes(message.type);
    // One about a match that is over crossed with its end.
    if (ofMatch && about !== this._match?.id) return;
    if (this.phase === 'ending' && !['record', 'replaced', 'ping', 'pong', 'error'].includes(message.type)) return;
    hear.call(this, now, message);
  }

  /** @type {Record<string, (now: number, message: any) => void>} */
  _hears = {
    welcome: (_, { participant, token, ...rest }) => {
      if (rest.protocol !== serverProtocol) {
        const found = `protocol: expected version ${serverProtocol} of what pages and servers say to each other`;
        return this._fail(
          'wrong_protocol',
          `${found}, found ${rest.protocol}: this page and the server are of different versions`,
        );
      }
      this._welcomed = true;
      this._attempts = 0;
      this._lostSince = undefined;
      this._deadlines.clear('welcome');
      this._token = token;
      this._hello = { ...this._hello, participant };
      this._out.push({ type: 'keep', participant, token });
      this._tell('connection', { connected: true });
      this._tell('welcome', { participant, resumed: rest.resumed, replaced: rest.replaced, size: rest.size });
      // Of somebody who is back the server may have heard that they went, and not that they came.
      if (this._away || rest.resumed) this._send({ type: 'away', away: this._away });
    },
    waiting: (now, message) => {
      if (this.phase === 'playing') return this._lostMatch();
      if (this._match) this._requeue({ code: 'partner_left', message: 'The match came to nothing.' });
      this.phase = 'waiting';
      this._deadlines.set('waiting', now + this._patience(message.timeout_left_ms));
      this._tell('waiting', {
        position: message.position,
        count: message.count,
        size: message.size,
        timeLeft: message.timeout_left_ms,
        estimate: message.estimate_ms ?? null,
      });
    },
    are_you_there: () => this._send({ type: 'here' }),
    ping: (_, { t }) => this._send({ type: 'pong', t }),
    pong: (now, { t }) => this._tell('ping', { ms: Math.max(0, now - t) }),
    matched: (now, message) => this._matched(now, message),
    signal: (_, { from, data }) => this._tell('signal', { from, data }),
    validate: (now, message) => {
      if (this.phase !== 'matched') return;
      this._deadlines.set('matched', now + message.within_ms + waits.slack);
      this._tell('validate', { attempt: message.attempt, relay: message.transport === 'relay' });
    },
    start: (_, message) => {
      if (this.phase !== 'matched') return;
      this.phase = 'playing';
      this._deadlines.clear('matched', 'waiting');
      this._tell('start', { in: message.in_ms, inputDelay: message.input_delay, resume: message.resume });
    },
    partner: (_, message) =>
      this._tell('partner', {
        seat: message.seat,
        state: message.state,
        away: message.away,
        reason: message.reason ?? null,
        graceLeft: message.grace_left_ms ?? null,
      }),
    pronounced: (_, { seat, frames, policy }) => this._tell('pronounced', { seat, frames, policy }),
    requeued: (now, message) => {
      if (this.phase === 'playing') return this._lostMatch();
      this._requeue(message);
      this._deadlines.set('matched', now + waits.slack);
    },
    ended: (now, message) => {
      this._ended(message.reason, message.code, message.message, message.completion_code ?? null);
      if (message.match === null || message.match === undefined) return this._finish();
      this._deadlines.clearAll();
      this._alive(now);
      this._deadlines.set('record', now + waits.record);
    },
    record: (_, message) => {
      this._tell('record', {
        frames: message.frames,
        verified: message.verified ?? null,
        difference: message.difference ?? null,
        seatsDiffer: message.seats_differ,
        modelActions: message.model_actions ?? null,
      });
      if (this.phase === 'ending') this._finish();
    },
    replaced: (_, { message }) => this._replaced(message),
    error: (now, { code, message, fatal, completion_code: completionCode }) => {
      if (!fatal) return this._tell('warning', { code, message });
      if (this.phase === 'ending') return this._finish();
      if (code === 'bad_token' && this._token !== undefined) {
        // Of another server, or of one that made itself a new key: nobody is harmed by saying hello as a stranger.
        this._token = undefined;
        this._out.push({ type: 'forget' });
        return this._abandon(now);
      }
      if (code === 'replaced') return this._replaced(message);
      if (passing.has(code)) return this._abandon(now);
      this._fail(code, message, completionCode);
    },
  };

  /** How long to wait in the pool: as the page said, else as the server says. */
  _patience(left) {
    return this.waitingTimeout === undefined ? left + waits.slack : Math.min(left + waits.slack, this.waitingTimeout);
  }

  _matched(now, message) {
    const again = this._match?.id === message.match;
    if (!again && this.phase === 'playing') return this._lostMatch();
    if (!again && this._match) this._requeue({ code: 'partner_left', message: 'The match came to nothing.' });
    this._deadlines.clear('waiting');
    if (again) {
      // The control socket came back; the Worker has been in the match all the while.
      this._tell('ticket', { playUrl: message.play_url, ticket: message.ticket });
      if (this._match.ready) this._sayReady();
      if (this._match.finished !== undefined) this._sayFinished();
      return;
    }
    this.phase = 'matched';
    this._match = { id: message.match, ready: false, models: undefined, finished: undefined };
    this._deadlines.set('matched', now + message.within_ms + waits.slack);
    this._tell('matched', { matched: message });
  }

  _requeue({ code, message }) {
    this._match = undefined;
    this.phase = 'waiting';
    this._deadlines.clear('matched');
    this._tell('requeued', { code, message });
  }

  /** The server knows nothing of a match that is played. */
  _lostMatch() {
    this._end('disconnected', 'disconnected', 'The server has given the game up.', 'error');
  }

  // The end.

  _replaced(message) {
    this._ended('closed', 'replaced', message, null);
    this._finish();
  }

  _ended(reason, code, message, completionCode) {
    // The first end is the one that counts.
    if (this.phase === 'ending') return;
    this.phase = 'ending';
    this._tell('ended', { reason, code, message, completionCode });
  }

  /** Ends from here. */
  _end(reason, code, message, leaving) {
    this._send({ type: 'leave', reason: leaving });
    this._ended(reason, code, message, null);
    this._finish();
  }

  /** Ends with an error, which is told once; with a code for a match that was played before. */
  _fail(code, message, completionCode) {
    if (this.phase === 'ending') return this._finish();
    this._send({ type: 'leave', reason: 'error' });
    this._tell('failed', { code, message, ...(completionCode && { completionCode }) });
    this._finish();
  }

  _finish() {
    if (this._socket !== 'none') this._out.push({ type: 'close', code: 1000 });
    this._dropped();
    this._deadlines.clearAll();
    this.phase = 'over';
    this._tell('over');
  }

  // What the page asks.

  _asked(now, event) {
    const match = this._match?.id;
    switch (event.type) {
      case 'ready':
        if (!this._match || this.phase !== 'matched') return;
        this._match.ready = true;
        this._match.models = event.models;
        return this._sayReady();
      case 'validated':
        if (this.phase !== 'matched') return;
        return this._send({ type: 'validated', match, attempt: event.attempt, paths: event.paths });
      case 'failed':
        if (this._match) this._send({ type: 'failed', match, reason: event.reason });
        return;
      case 'away':
        this._away = event.away;
        if (this._welcomed) this._send({ type: 'away', away: event.away });
        return;
      case 'finished':
        if (!this._match) return;
        this._match.finished = { frames: event.frames, planned: event.planned };
        this._deadlines.set('record', now + waits.record);
        return this._sayFinished();
      case 'signal': {
        const text = JSON.stringify(event.data) ?? 'null';
        if (!this._match || text.length > MOST_SIGNAL) return;
        return this._send({ type: 'signal', to: event.to, data: event.data });
      }
      case 'leave':
        if (this.phase === 'ending') return this._finish();
        this._send({ type: 'leave', reason: event.reason });
        this._deadlines.clearAll();
        if (this.phase !== 'playing' || this._socket !== 'open') return this._finish();
        // What becomes of the record is worth hearing.
        this.phase = 'ending';
        this._alive(now);
        this._deadlines.set('record', now + waits.record);
        return;
    }
  }

  _sayReady() {
    const { id: match, models } = this._match;
    this._send({ type: 'ready', match, ...(models && { models }) });
  }

  _sayFinished() {
    this._send({ type: 'finished', match: this._match.id, ...this._match.finished });
  }
}
