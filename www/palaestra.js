// The module that pages import. It wraps the page's WebAssembly module (crates/page), which does the work. The build puts the
// generated JavaScript of that module into it, and what it has to know of the other files.
import { EnvHandle, GameHandle, liveSessions as countSessions, makeEnv } from './page/palaestra_page.js';
import { openRollout, PainterHandle, play as start } from './page/palaestra_page.js';
import { RecordFile, RecordHandle, RolloutHandle } from './page/palaestra_page.js';
import { entries } from './page/palaestra_registry.js';
import { address } from '../crates/page/src/files.js';
import { countWaiting, GameToCome, stationsOf } from '../crates/page/src/game-to-come.js';
import { loadedFrom } from '../crates/page/src/fetching.js';
import { initialise, isLoaded, needed } from '../crates/page/src/loading.js';
import { part } from '../crates/page/src/module-parts.js';
import { guarded, PalaestraError } from '../crates/page/src/page.js';

/** The class of every error: `code` for programs, `message` for people. */
export { PalaestraError };

/** Loads the page's module, which `make`, `play` and `watch` do as well; says where the files are, where they are not beside this one. */
export const init = (options) => initialise(options);

// Every call of the module: where it fails, a page gets an error of ours, at that call and at each later one.
for (const handle of [EnvHandle, GameHandle, PainterHandle, RecordHandle, RecordFile, RolloutHandle]) {
  const handedOver = handle === RecordHandle || handle === RecordFile;
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(handle.prototype))) {
    if (name === 'constructor') continue;
    const own = get ? { get: guarded(get, handedOver) } : { value: guarded(value, handedOver) };
    Object.defineProperty(handle.prototype, name, own);
  }
}
const startGame = guarded(start);
const beginEnv = guarded(makeEnv);
const beginRollout = guarded(openRollout);
const countGuarded = guarded(countSessions);

/** Every registered environment by id, with its title, keys and keyword arguments. */
export const registry = new Map(entries.map((entry) => [entry.id, Object.freeze(entry)]));

/** @type {Promise<Map<string, object>> | undefined} */
let described;

/** Words for people, which no game needs: by id, what there is to do, and what each keyword argument is for. */
export async function descriptions() {
  const read = async (response) => new Map(Object.entries(await response.json()));
  described ??= loadedFrom('page/descriptions.json', read);
  return described.catch((error) => {
    described = undefined;
    throw error;
  });
}

/** How many sessions the page holds; none once all are disposed of. */
export const liveSessions = () => {
  try {
    return countWaiting() + (isLoaded() ? countGuarded() : 0);
  } catch {
    return 0; // The module has failed, and every session with it.
  }
};

/** Makes an environment in a Worker of its own. */
export async function make(id, kwargs = {}, options = {}) {
  await needed(['make'], options);
  return new Env(await beginEnv(String(id), kwargs, options), { id: String(id), kwargs });
}

/** An environment in a Worker, driven by promises. */
export class Env {
  #handle;
  #made;

  constructor(handle, made) {
    this.#handle = handle;
    this.#made = made;
    const spec = handle.spec;
    const many = spec.agents.length > 1;
    const byAgent = (spaces) =>
      many ? Object.fromEntries(spec.agents.map((agent, i) => [agent, spaces[i]])) : spaces[0];
    this.spec = Object.freeze(spec);
    this.agents = Object.freeze(spec.agents);
    this.actionSpace = byAgent(spec.actionSpaces);
    this.observationSpace = byAgent(spec.observationSpaces);
  }

  async reset(options = {}) {
    return this.#handle.reset(options ?? {});
  }

  step(action) {
    return this.#handle.step(action);
  }

  async stepMany(actions, { autoreset = false } = {}) {
    if (typeof actions?.[Symbol.iterator] !== 'function') {
      throw new PalaestraError('bad_action', `stepMany: expected an array of actions, found ${actions}`);
    }
    const indexed = Array.isArray(actions) || ArrayBuffer.isView(actions);
    return new Steps(await this.#handle.stepMany(indexed ? actions : Array.from(actions), Boolean(autoreset)));
  }

  async save() {
    return this.#handle.save();
  }

  async restore(bytes) {
    await this.#handle.restore(bytes);
  }

  async hash() {
    return this.#handle.hash();
  }

  /** Has policies play episodes of such an environment, in a Worker of their own: see `page/rollout.js`. */
  async rollout(options) {
    const [{ begin }] = await needed(['rollout'], options);
    return begin(this.#made, options, { openRollout: beginRollout, PalaestraError });
  }

  /**
   * What was played so far, of an environment made with `record: true`.
   *
   * @param {{ policy?: string }} [options]
   */
  record({ policy } = {}) {
    return new GameRecord(this.#handle.record(policy));
  }

  /** Ends the Worker. Idempotent: every call gives the same report, when the Worker is gone. */
  async close() {
    return this.#handle.close();
  }
}

/** The returns of many steps. They are read when somebody asks for them. */
export class Steps {
  #at;
  #read = [];

  constructor({ length, rewards, at }) {
    this.length = length;
    /** With several agents, an agent after another within a step. */
    this.rewards = rewards;
    this.#at = at;
  }

  at(index) {
    const whole = Math.trunc(index) || 0;
    const i = whole < 0 ? this.length + whole : whole;
    if (i < 0 || i >= this.length) return undefined;
    return (this.#read[i] ??= this.#at(i));
  }

  *[Symbol.iterator]() {
    for (let i = 0; i < this.length; i += 1) yield this.at(i);
  }
}

/**
 * Starts a game, at once or when the page's module has come. For options that are none it throws a PalaestraError at once, or
 * `finished` rejects with it then.
 */
export const play = (options) => new Game(options);

/** Shows a match that others play: see `page/watch.js`, which only pages load that watch. */
export async function watch(options) {
  const [{ begin }] = await needed(['watch', 'make'], { loadTimeout: options?.loadTimeout });
  return begin(options, { address, makeEnv: beginEnv, PainterHandle, PalaestraError });
}

/** A running game. */
export class Game {
  #handle;
  #finished;
  #match = null;
  #together;

  constructor(options) {
    const begin = (given) => this.#begin(given);
    this.#handle = isLoaded() ? begin(options) : new GameToCome(options, begin);
    this.pipelineMetrics = new PipelineMetrics(() => this.#handle, stationsOf(options));
    this.#finished = this.#handle.finished.then((record) => new GameRecord(record));
    // Whoever awaits it hears of an error all the same; a page that only watches `state` is not told off for it.
    this.#finished.catch(() => {});
  }

  /** Begins it in the page's module; gives its handle. */
  #begin(options) {
    if (!options?.match) return (this.#handle = startGame(options));
    // Whoever plays together hears of every state before the page does.
    const onTransition = (transition) => {
      this.#together?.entered(transition.to);
      options.onTransition?.(transition);
    };
    this.#handle = startGame({ ...options, onTransition });
    this.#join(this.#handle, options);
    return this.#handle;
  }

  /** Waits in a lobby for others: see `page/match.js`. */
  async #join(handle, options) {
    const told = handle.onMatch;
    const show = (view) => {
      this.#match = Object.freeze(view);
      try {
        told?.(this.#match);
      } catch (error) {
        reportError(error);
      }
    };
    try {
      const { join } = await part('match', options);
      if (handle.state !== 'waiting') return;
      this.#together = join({ handle, options, cancel: () => void this.dispose('closed'), show });
    } catch (error) {
      handle.noMatch(error.message);
    }
  }

  /** How the match stands: null of a game that is played alone. */
  get match() {
    return this.#match;
  }
  get frameNumber() {
    return this.#handle.frameNumber;
  }
  get state() {
    try {
      return this.#handle.state;
    } catch {
      return 'disposed'; // The module has failed, and the session with it.
    }
  }
  get episode() {
    return this.#handle.episode;
  }
  /** The present episode's return: a number, or one an agent. */
  get score() {
    const score = this.#handle.score;
    return score.length === 1 ? score[0] : Array.from(score);
  }
  get seed() {
    return this.#handle.seed;
  }
  get paused() {
    return this.#handle.paused;
  }
  get spec() {
    return this.#handle.spec;
  }
  get recordedBytes() {
    return this.#handle.recordedBytes;
  }

  /** Settles when the session is disposed of: with its GameRecord, or with the error that kept it from starting. */
  get finished() {
    return this.#finished;
  }

  pause() {
    this.#handle.pause();
  }
  resume() {
    this.#handle.resume();
  }

  /** Ends the session, from any state and any number of times; gives `finished`. */
  dispose(reason) {
    this.#handle.dispose(reason);
    return this.#finished;
  }
}

/** When each step passed each station from key to pixel, in milliseconds of the page's `performance.now()`. */
class PipelineMetrics {
  #handle;

  /** `handle` gives the game's, which is another one once the page's module is there. */
  constructor(handle, stations) {
    this.#handle = handle;
    for (const station of stations) {
      if (station === 'keypressTimestamp' || station === 'queueExitTimestamp') continue;
      Object.defineProperty(this, station, { enumerable: true, get: () => handle().lastRow()[station] });
    }
  }

  /** Of the latest input, which may be some steps old. */
  get lastInputTimestamps() {
    const [keypressTimestamp, queueExitTimestamp] = this.#handle().lastInput();
    return { keypressTimestamp, queueExitTimestamp };
  }

  /** How many steps there have been. */
  get count() {
    return this.#handle().rowCount();
  }

  /**
   * Every step kept or the `last` ones, as columns: `firstFrame` and a Float64Array per station; NaN for one not passed.
   *
   * @param {{ last?: number }} [options]
   */
  history({ last } = {}) {
    return this.#handle().columns(last);
  }

  /**
   * Count, percentiles and maximum of queue, wait, crossing, step, roundTrip, render and total, and dropped frames.
   *
   * @param {{ last?: number }} [options]
   */
  summary({ last } = {}) {
    return this.#handle().summary(last);
  }

  /** Every step kept as an array of objects, for `console.table`. */
  table() {
    const { firstFrame, ...columns } = this.history();
    const names = Object.keys(columns);
    return Array.from(columns[names[0]], (_, i) => ({
      frame: firstFrame + i,
      ...Object.fromEntries(names.map((name) => [name, columns[name][i]])),
    }));
  }
}

/** What a finished session hands over. */
export class GameRecord {
  #handle;
  #packed;

  constructor(handle) {
    this.#handle = handle;
    this.header = handle.header;
    this.reason = handle.reason;
    this.error = handle.error;
    this.disposal = handle.disposal;
    this.steps = handle.steps;
    this.returns = handle.returns.map((scores) => (scores.length === 1 ? scores[0] : scores));
  }

  /** Packs and replays the record off the main thread: {blob, gzip, identical, steps, message}. */
  async pack() {
    if (!this.#packed) {
      const packing = this.#live().pack();
      this.#packed = packing;
      // Once, if it comes to its end; what could not be done is tried again when somebody asks again.
      const forget = () => {
        if (this.#packed === packing) this.#packed = undefined;
      };
      packing.then(({ whole }) => {
        if (!whole) forget();
      }, forget);
    }
    const { whole: _, ...packed } = await this.#packed;
    return packed;
  }

  /** What the replay found: {identical, steps, message}. */
  async verification() {
    const { identical, steps, message } = await this.pack();
    return { identical, steps, message };
  }

  /** The record as a Blob: gzipped JSON Lines. */
  async blob() {
    return (await this.pack()).blob;
  }

  /** The record as text: JSON Lines. */
  async text() {
    return this.#live().text();
  }

  /** A file name that says what it holds. */
  async filename() {
    return this.#named(await this.pack());
  }

  #named({ gzip }) {
    const name = `${this.header.env_id}.seed${this.header.seed}.${this.steps}steps`.replace(/[^\w.-]+/g, '_');
    return `${name}.jsonl${gzip ? '.gz' : ''}`;
  }

  #live() {
    if (!this.#handle) throw new PalaestraError('session_closed', 'the record was freed');
    return this.#handle;
  }

  /** Frees the record's memory now instead of when the browser collects it. After that there is nothing to pack. */
  free() {
    this.#handle?.free();
    this.#handle = undefined;
  }

  /** Saves the record as a file of the participant's. */
  async download() {
    const packed = await this.pack();
    const url = URL.createObjectURL(packed.blob);
    try {
      Object.assign(document.createElement('a'), { href: url, download: this.#named(packed) }).click();
    } finally {
      // The browser takes what it needs when it handles the click.
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }
  }
}
