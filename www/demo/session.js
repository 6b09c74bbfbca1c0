// One session after another in the same page. There is at most one that runs and one record of the last.
import { recruitment } from './query.js';
import { matchOptions, ONLINE } from './together.js';
import { agentsOf } from './words.js';

/** A session as the page follows it. */
class Session {
  /** The states it has been in, each with the time it got there. */
  states = [];
  reason = undefined;
  game = undefined;
  record = undefined;
  /** What became of the record as a file, in words. */
  file = undefined;
  /** How many bytes were recorded when it was last seen. */
  recordedBytes = 0;
  /** The game's figures when it was last asked: one whose page's module has failed tells none. */
  last = { score: /** @type {number | number[]} */ (0), episode: 0, shared: true };

  constructor(entry, settings) {
    this.entry = entry;
    this.settings = settings;
    this.states.push({ name: 'created', at: performance.now() });
  }

  /** Whether there is still something that runs. */
  get live() {
    return this.game !== undefined && this.game.state !== 'disposed';
  }

  /** Whether it is played with people at other browsers. */
  get online() {
    return this.settings.partner === ONLINE;
  }

  get shared() {
    return this.game?.spec?.reward !== 'per_agent';
  }
}

/** Who sits where, as `play` wants it. */
function seatsOf(entry, { partner, kwargs }) {
  if (partner === undefined) return undefined;
  const others = Array.from({ length: Math.max(0, agentsOf(entry, kwargs) - 1) }, (_, i) => i + 1);
  // Where there are more seats than sets of keys, nobody could play the last ones.
  const able = (agent) => (partner === 'human' && agent >= entry.keys.length ? 'random' : partner);
  const seat = (agent) => ({ human: 'human', random: 'random', still: 'idle', expert: 'expert' })[able(agent)];
  return Object.fromEntries(others.map((agent) => [`agent_${agent}`, seat(agent)]));
}

/** What the address says to the page and not to the game. */
const pageSettings = ['autostart', 'lobby', 'server', 'network', 'transport', 'participant', ...recruitment];
const withoutPageSettings = (settings) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !pageSettings.includes(name)));

/** The options of `play` for these settings. */
export function playOptions(entry, settings, canvas) {
  const { partner, ...rest } = settings;
  const options = withoutPageSettings(rest);
  const tween = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  const recordAddress = true;
  if (partner !== ONLINE)
    // Fingers play with the legend's keys.
    return {
      ...options,
      touchControls: false,
      env: entry.id,
      canvas,
      seats: seatsOf(entry, settings),
      tween,
      recordAddress,
    };
  // The match says the seed and the pace.
  return {
    ...options,
    seed: undefined,
    fps: undefined,
    env: entry.id,
    canvas,
    touchControls: false,
    tween,
    recordAddress,
    match: matchOptions(entry, settings),
  };
}

export class Sessions {
  /** The one that runs, or ran last. */
  current = undefined;
  #play;
  #canvas;
  #listener;

  /** `listener` has `entered(session, state)`, `matched(session)`, `over(session)` and `failed(session, error)`. */
  constructor(play, canvas, listener) {
    this.#play = play;
    this.#canvas = canvas;
    this.#listener = listener;
  }

  /** Starts a session, or throws what `play` throws. */
  start(entry, settings) {
    const session = new Session(entry, settings);
    const onTransition = ({ to, reason, at }) => {
      session.states.push({ name: to, at });
      session.reason ??= reason;
      // The first ones are made before `play` has given its game.
      if (session.game && session === this.current) this.#listener.entered(session, to);
    };
    const onMatch = () => session === this.current && this.#listener.matched(session);
    const options = { ...playOptions(entry, settings, this.#canvas), onTransition, onMatch };
    session.game = this.#play(options);
    this.current = session;
    window.game = session.game;
    this.#follow(session);
    return session;
  }

  /** Ends the one that runs, if there is one, and waits until it is gone. */
  async end() {
    try {
      await this.current?.game.dispose('closed');
    } catch {
      // It was told where it is shown, or the page's module has failed, and the game with it.
    }
  }

  async #follow(session) {
    try {
      const record = await session.game.finished;
      window.record?.free();
      window.record = record;
      session.record = record;
      if (session === this.current) this.#listener.over(session);
    } catch (error) {
      this.#listener.failed(session, error);
    }
  }
}
