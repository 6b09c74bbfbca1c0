// A match that others play, shown on a page: puts the client of the server and the environment that follows together. Only pages that
// watch load it (`page/watch.js` of the site).
import { lobbyAddress, playAddress, serverAddress } from '../match/address.js';
import { watchHead } from './head.js';
import { check } from './options.js';
import { openWatchClient } from './socket.js';
import { View } from './view.js';

/** How long after the match's end a step may still come, in milliseconds; how long the first state may take, and loading before it. */
const LAST_STEPS = 1_500;
const FIRST_STATE = 30_000;
const LOADING = 60_000;

/** The close code of a match that has ended. */
const MATCH_OVER = 4012;

/**
 * Begins to watch.
 *
 * @param {any} options those of `watch`
 * @param {import('./view.js').Page} page
 */
export function begin(options, page) {
  const refuse = (code, message) => new page.PalaestraError(code, message);
  check(options, refuse);
  try {
    return new Spectator(options, serverAddress(options.server, location.href), page, refuse);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw refuse('bad_argument', `server: ${error.message}`);
  }
}

class Spectator {
  #options;
  #server;
  #page;
  #refuse;
  #view;
  #leave;
  /** Nobody has to tell it of the failure of the page's module any more. */
  #letGo;
  #timer;
  /** How the server ended it. */
  #end;
  #facts = Object.freeze({
    state: 'connecting',
    connected: false,
    frameNumber: 0,
    episode: 0,
    differs: null,
    match: null,
    ended: null,
  });
  #settle;

  constructor(options, server, page, refuse) {
    [this.#options, this.#server, this.#page, this.#refuse] = [options, server, page, refuse];
    this.finished = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever awaits it hears of an error all the same.
    this.finished.catch(() => {});
    this.#letGo = page.keepRequests({ reject: (error) => this.#fail(error) });
    const { match, lobby, token } = options;
    const asked = { match, ...(lobby !== undefined && { lobby }), ...(token !== undefined && { token }) };
    this.#leave = openWatchClient(lobbyAddress(server), asked, (event) => this.#heardOfMatch(event));
  }

  get state() {
    return this.#facts.state;
  }
  /** What is played, and by how many: null until the server has said so. */
  get match() {
    return this.#facts.match;
  }
  /** Whether the steps of the match come in. */
  get connected() {
    return this.#facts.connected;
  }
  /** The latest step that was shown, from 1 on in the match. */
  get frameNumber() {
    return this.#facts.frameNumber;
  }
  get episode() {
    return this.#facts.episode;
  }
  get differs() {
    return this.#facts.differs;
  }
  get ended() {
    return this.#facts.ended;
  }

  /** Ends watching, from any state and any number of times; gives `finished`. */
  dispose() {
    this.#finish({ reason: 'closed', code: 'left', message: 'Nobody watches any more.' });
    return this.finished;
  }

  get #live() {
    return this.#facts.state === 'connecting' || this.#facts.state === 'watching';
  }

  #change(fields) {
    this.#facts = Object.freeze({ ...this.#facts, ...fields });
    this.#call(this.#options.onChange, this);
  }

  /** What a page's function throws is reported as its other uncaught errors are. */
  #call(hears, argument) {
    try {
      hears?.(argument);
    } catch (error) {
      reportError(error);
    }
  }

  #after(ms, act) {
    clearTimeout(this.#timer);
    // A browser takes longer ones, and one without end, for none.
    this.#timer = setTimeout(act, Math.min(ms, 2 ** 31 - 1));
  }

  // What the server says.

  #heardOfMatch({ type, ...event }) {
    if (!this.#live) return;
    switch (type) {
      case 'watching':
        return this.#begin(event.watching);
      case 'ended':
        this.#end = { reason: event.reason, code: event.code, message: event.message };
        return this.#after(LAST_STEPS, () => this.#finish(this.#end));
      case 'failed':
        return this.#fail(this.#refuse('match_failed', `${event.code}: ${event.message}`));
    }
  }

  async #begin(watching) {
    const { match: id, lobby, env_id: env, kwargs, agents, size, fps } = watching;
    const { canvas, loadTimeout, tween = true, resetOptions } = this.#options;
    this.#change({ match: Object.freeze({ id, lobby, env, kwargs, agents: Object.freeze(agents), size, fps }) });
    if (!this.#live) return;
    const view = new View();
    this.#view = view;
    const late = () => this.#fail(this.#refuse('match_failed', 'expected the match to be shown in time'));
    if (!this.#end) this.#after((loadTimeout ?? LOADING) + FIRST_STATE, late);
    try {
      const url = playAddress(this.#server, watching.play_url, watching.ticket);
      await view.make({ env, kwargs, canvas, duration: tween ? 1000 / fps : 0, loadTimeout }, this.#page);
      if (!this.#live) return;
      this.spec = view.spec;
      await view.follow(watchHead(watching, url, canvas !== undefined), resetOptions, (event) =>
        this.#heardOfWorker(event),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  // What the Worker says.

  #heardOfWorker(event) {
    if (!this.#live) return;
    const { first, second, text } = event;
    switch (event.type) {
      case 'open':
        return this.#change({ connected: true });
      case 'lost':
        return this.#change({ connected: false });
      case 'joined':
        if (!this.#end) clearTimeout(this.#timer);
        return this.#change({ state: 'watching', episode: first + 1, frameNumber: second });
      case 'began':
        return this.#change({ episode: event.episode + 1 });
      case 'step':
        return this.#stepped(event);
      case 'differs':
        return this.#change({ differs: first + 1 });
      case 'closed':
        return this.#closed(first, text);
      case 'failed':
        return this.#fail(event.error);
    }
  }

  #stepped(event) {
    const { frame: frameNumber, hash } = event;
    // Many a second: whoever wants to hear of each has `onStep`.
    this.#facts = Object.freeze({ ...this.#facts, frameNumber });
    const { onStep } = this.#options;
    if (onStep) this.#call(onStep, { ...this.#view.returned(event), frameNumber, episode: this.#facts.episode, hash });
    if (this.#end && this.#live) this.#after(LAST_STEPS, () => this.#finish(this.#end));
  }

  #closed(code, text) {
    const over = { reason: 'closed', code: 'match_over', message: 'The match is over.' };
    if (this.#end || code === MATCH_OVER) return this.#finish(this.#end ?? over);
    this.#fail(this.#refuse('match_failed', `${text || 'the connection was closed'} (${code})`));
  }

  // The end.

  #finish(ended) {
    this.#close(() => this.#settle.resolve(Object.freeze({ ...ended, frames: this.#facts.frameNumber })), ended);
  }

  #fail(error) {
    const ended = { reason: 'error', code: error.code ?? 'error', message: String(error.message) };
    this.#close(() => this.#settle.reject(error), ended);
  }

  async #close(settle, ended) {
    if (!this.#live) return;
    this.#letGo();
    clearTimeout(this.#timer);
    this.#change({ state: 'ended', connected: false, ended: Object.freeze(ended) });
    for (const end of [() => this.#leave?.(), () => this.#view?.close()]) {
      try {
        await end();
      } catch {
        // The page's module has failed, and the Worker has ended with it.
      }
    }
    this.#view = undefined;
    this.#change({ state: 'disposed' });
    settle();
  }
}
