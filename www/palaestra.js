// The module that pages import. It wraps the page's WebAssembly module (crates/page), which does the work. The build puts the
// generated JavaScript of that module into it.
import init, {
  callGuard,
  configure,
  EnvHandle,
  errorClass,
  GameHandle,
  liveSessions as countSessions,
  makeEnv,
  PainterHandle,
  play as start,
  RecordFile,
  RecordHandle,
} from './page/palaestra_page.js';

/** How long each file that this module needs may take, in milliseconds. */
const LOAD_MOST = 60 * 1000;
const LOOK_MS = 250;

const base = new URL('.', import.meta.url).href;

// Whoever imports this module finds it ready: `play` can then give its game at once, without a promise around it. All that it
// needs is asked for at once.
const [{ text, entries }, main] = await Promise.all([
  loaded('page/registry.json', readRegistry),
  loaded('page/palaestra_page_bg.wasm', (response) => init({ module_or_path: response })),
]);
configure(base, text, part);

/** @type {Promise<Map<string, object>> | undefined} */
let described;

/**
 * What has been split off the module, by name: each is loaded once, when it is needed, and what is in it may be called from then on.
 *
 * @type {Map<string, { coming: Promise<any[]>, controller: AbortController, waiting: number }>}
 */
const parts = new Map();

/**
 * Waits for a part for as long as who needs it waits; gives the script that belongs to it. Where it does not come, the next to need it
 * tries again.
 *
 * @param {string} name
 * @param {{ loadTimeout?: number, signal?: AbortSignal, script?: string }} [needed]
 */
async function part(name, { loadTimeout, signal, script } = {}) {
  let own = parts.get(name);
  if (!own) {
    const controller = new AbortController();
    const instantiated = async (response) => WebAssembly.instantiate(await response.arrayBuffer(), { p: main });
    const wasm = loaded(`page/palaestra_page_${name}.wasm`, instantiated, { controller, most: Infinity });
    const coming = Promise.all([script && import(new URL(script, base).href), wasm]);
    own = { coming, controller, waiting: 0 };
    parts.set(name, own);
    own.coming.catch(() => forget(name, own));
  }
  own.waiting += 1;
  let timer;
  let off;
  const givenUp = new Promise((_, reject) => {
    const fail = (code, message) => reject(new PalaestraError(code, message));
    off = () => fail('session_closed', 'the session was closed');
    // What is no number of milliseconds is refused by the module, once it can say so.
    const most = loadTimeout !== undefined && loadTimeout > 0 ? loadTimeout : LOAD_MOST;
    timer = counted(most, () => fail('deadline_exceeded', `expected part ${name} of the module within ${most} ms`));
    signal?.addEventListener?.('abort', off);
    if (signal?.aborted) off();
  });
  try {
    return (await Promise.race([own.coming, givenUp]))[0];
  } catch (error) {
    if (own.waiting === 1) {
      forget(name, own);
      own.controller.abort();
    }
    throw error instanceof PalaestraError ? error : new PalaestraError(error.code ?? 'load_failed', error.message);
  } finally {
    own.waiting -= 1;
    clearInterval(timer);
    signal?.removeEventListener?.('abort', off);
  }
}

function forget(name, own) {
  if (parts.get(name) === own) parts.delete(name);
}

/** Calls `end` after so many milliseconds of waiting. Counted, not timed: a machine that sleeps is not a server that hangs. */
function counted(most, end) {
  let waited = 0;
  return setInterval(() => {
    waited += LOOK_MS;
    if (waited >= most) end();
  }, LOOK_MS);
}

async function loaded(path, read, { controller = new AbortController(), most = LOAD_MOST } = {}) {
  const timer = counted(most, () => controller.abort(new Error(`expected it within ${most} ms`)));
  try {
    const response = await fetch(new URL(path, base), { signal: controller.signal });
    if (!response.ok) throw new Error(`expected status 200, found ${response.status}`);
    return await read(response);
  } catch (error) {
    throw Object.assign(new Error(`palaestra: ${path} could not be loaded: ${error?.message ?? error}`), {
      name: 'PalaestraError',
      code: 'load_failed',
      cause: error,
    });
  } finally {
    clearInterval(timer);
  }
}

async function readRegistry(response) {
  const text = await response.text();
  const entries = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error('expected a list of environments');
  return { text, entries };
}

// Every call of the module: where it fails, a page gets an error of ours, at that call and at each later one.
const guarded = callGuard();
for (const handle of [EnvHandle, GameHandle, PainterHandle, RecordHandle, RecordFile]) {
  const handedOver = handle === RecordHandle || handle === RecordFile;
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(handle.prototype))) {
    if (name === 'constructor') continue;
    const own = get ? { get: guarded(get, handedOver) } : { value: guarded(value, handedOver) };
    Object.defineProperty(handle.prototype, name, own);
  }
}
const startGame = guarded(start);
const beginEnv = guarded(makeEnv);
const countGuarded = guarded(countSessions);

/** The class of every error: `code` for programs, `message` for people. */
export const PalaestraError = errorClass();

/** Every registered environment by id, with its title, keys and keyword arguments. */
export const registry = new Map(entries.map((entry) => [entry.id, Object.freeze(entry)]));

/** Words for people, which no game needs: by id, what there is to do, and what each keyword argument is for. */
export async function descriptions() {
  const read = async (response) => new Map(Object.entries(await response.json()));
  described ??= loaded('page/descriptions.json', read).catch((error) => {
    described = undefined;
    throw new PalaestraError(error.code, error.message);
  });
  return described;
}

/** How many sessions the page holds; none once all are disposed of. */
export const liveSessions = () => {
  try {
    return countGuarded();
  } catch {
    return 0; // The module has failed, and every session with it.
  }
};

/** Makes an environment in a Worker of its own. */
export async function make(id, kwargs = {}, options = {}) {
  await part('make', options ?? {});
  return new Env(await beginEnv(String(id), kwargs, options));
}

/** An environment in a Worker, driven by promises. */
export class Env {
  #handle;

  constructor(handle) {
    this.#handle = handle;
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

/** Starts a game; throws a PalaestraError for options that are none. */
export function play(options) {
  if (!options?.match) return new Game(startGame(options));
  let game;
  // Whoever plays together hears of every state before the page does.
  const onTransition = (transition) => {
    game?.[entered](transition.to);
    options.onTransition?.(transition);
  };
  game = new Game(startGame({ ...options, onTransition }));
  game[joins](options);
  return game;
}

const entered = Symbol('entered');
const joins = Symbol('joins');

/** Shows a match that others play: see `page/watch.js`, which only pages load that watch. */
export async function watch(options) {
  const { loadTimeout } = options ?? {};
  const [{ begin }] = await Promise.all([
    part('watch', { loadTimeout, script: 'page/watch.js' }),
    part('make', { loadTimeout }),
  ]);
  return begin(options, { base, makeEnv: beginEnv, PainterHandle, PalaestraError });
}

/** A running game. */
export class Game {
  #handle;
  #finished;
  #match = null;
  #together;

  constructor(handle) {
    this.#handle = handle;
    this.pipelineMetrics = new PipelineMetrics(handle);
    this.#finished = handle.finished.then((record) => new GameRecord(record));
    // Whoever awaits it hears of an error all the same; a page that only watches `state` is not told off for it.
    this.#finished.catch(() => {});
  }

  /** Waits in a lobby for others: see `page/match.js`. */
  async [joins](options) {
    const handle = this.#handle;
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
      const { join } = await part('match', { loadTimeout: options.loadTimeout, script: 'page/match.js' });
      if (handle.state !== 'waiting') return;
      this.#together = join({ handle, options, cancel: () => void this.dispose('closed'), show });
    } catch (error) {
      handle.noMatch(`page/match.js: ${error?.message ?? error}`);
    }
  }

  [entered](state) {
    this.#together?.entered(state);
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

  constructor(handle) {
    this.#handle = handle;
    const stations = Object.keys(handle.lastRow());
    for (const station of stations) {
      if (station === 'keypressTimestamp' || station === 'queueExitTimestamp') continue;
      Object.defineProperty(this, station, { enumerable: true, get: () => handle.lastRow()[station] });
    }
  }

  /** Of the latest input, which may be some steps old. */
  get lastInputTimestamps() {
    const [keypressTimestamp, queueExitTimestamp] = this.#handle.lastInput();
    return { keypressTimestamp, queueExitTimestamp };
  }

  /** How many steps there have been. */
  get count() {
    return this.#handle.rowCount();
  }

  /**
   * Every step kept or the `last` ones, as columns: `firstFrame` and a Float64Array per station; NaN for one not passed.
   *
   * @param {{ last?: number }} [options]
   */
  history({ last } = {}) {
    return this.#handle.columns(last);
  }

  /**
   * Count, percentiles and maximum of queue, wait, crossing, step, roundTrip, render and total, and dropped frames.
   *
   * @param {{ last?: number }} [options]
   */
  summary({ last } = {}) {
    return this.#handle.summary(last);
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
