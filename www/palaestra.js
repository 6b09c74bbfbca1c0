// The module that pages import. It wraps the page's WebAssembly module (crates/page), which does the work. The build puts the
// generated JavaScript of that module into it, and what it has to know of the other files.
import { EnvHandle, GameHandle, liveSessions as countSessions, makeEnv, modulesOf } from './page/palaestra_page.js';
import { openRollout, PainterHandle, play as start, replayModules } from './page/palaestra_page.js';
import { RecordFile, RecordHandle, RolloutHandle } from './page/palaestra_page.js';
import { entries } from './page/palaestra_registry.js';
import { address, handedOver, verifier } from '../crates/page/src/files.js';
import { countWaiting, GameToCome, partsOf, stationsOf } from '../crates/page/src/game-to-come.js';
import { loadedFrom } from '../crates/page/src/fetching.js';
import { Hands } from '../crates/page/src/hands.js';
import { initialise, isLoaded, needed } from '../crates/page/src/loading.js';
import { areHere, part } from '../crates/page/src/module-parts.js';
import { optionProblem } from '../crates/page/src/options.js';
import { guarded, guests, isFailure, PalaestraError, tell } from '../crates/page/src/page.js';
import { preloaded } from '../crates/page/src/preloading.js';
import { runPacker } from '../crates/page/src/record.js';
import { Saving } from '../crates/page/src/saving.js';

/** The class of every error: `code` for programs, `message` for people. */
export { PalaestraError };

/** Loads the page's module, which `make`, `play` and `watch` do as well; says where the files are, where they are not beside this one. */
export const init = (options) => initialise(options);

/** Refuses options that nobody knows. */
function only(place, options, known) {
  const problem = optionProblem(place, options, known);
  if (problem) throw new PalaestraError('bad_argument', problem);
}

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
const filesOf = guarded(modulesOf);

/** Saves a file of the participant's. */
function download(blob, name) {
  const url = URL.createObjectURL(blob);
  try {
    Object.assign(document.createElement('a'), { href: url, download: name }).click();
  } finally {
    // The browser takes what it needs when it handles the click.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

/** What `page/save.js` needs of this script. */
const modulesThatReplay = guarded(replayModules, true);
const context = {
  address,
  download,
  GameHandle,
  handedOver,
  modulesOf: modulesThatReplay,
  PalaestraError,
  runPacker,
  verifier,
};

/** What is recorded, as it is known outside the module, which may fail, and without the handle, which may be forgotten. */
const recordingOf = (handle) => ({ about: handle.about(), chunks: handle.chunks });

/** A record's handle, as `RecordHandle`, where the module has failed: see `page/save.js`. */
function rescued({ about, chunks }, error) {
  const pack = async () => (await part('save')).packRescued({ about, chunks }, error, context);
  return {
    header: JSON.parse(about[0]),
    reason: 'error',
    error,
    disposal: null,
    steps: chunks.steps,
    returns: [],
    pack,
    text: async () => new Response((await pack()).blob.stream().pipeThrough(new DecompressionStream('gzip'))).text(),
    free() {},
  };
}

/** Environments that a program has forgotten without a word: nothing more is recorded of them. */
const forgotten = new FinalizationRegistry((saving) => saving.over());

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

/** Loads and compiles what an environment needs, so that it is there when `make` or `play` asks for it. */
export async function preload(id, options = {}) {
  only('preload', options, ['make', 'loadTimeout', 'signal']);
  await needed(options.make ? ['make'] : [], options);
  await preloaded(String(id), filesOf(String(id), Boolean(options.make)), options);
}

/** Whether it is an environment in Python: then `page/guest.js` is needed, which takes what it alone understands from the options. */
const isGuest = (id) => String(id).startsWith('guest/');
const invited = async (id, options) =>
  (await part('guest', options)).invite(id, options, { address, entries, guests, PalaestraError });

/**
 * Makes an environment in a Worker of its own.
 *
 * @param {string} id
 * @param {object} [kwargs]
 * @param {any} [options]
 */
export async function make(id, kwargs = {}, options = {}) {
  const { save, ...rest } = options ?? {};
  const saving = rest.record ? new Saving(save, context) : undefined;
  await needed(['make'], rest);
  const known = isGuest(id) ? await invited(String(id), rest) : rest;
  return new Env(await beginEnv(String(id), kwargs, known), { id: String(id), kwargs }, saving);
}

/** What is left in this browser of records that nobody has taken, from tabs that are gone. */
export async function recover() {
  // What replays a record is asked of the page's module.
  await needed([]);
  return (await part('save')).recover(context);
}

/** An environment in a Worker, driven by promises. */
export class Env {
  #handle;
  #made;
  #saving;
  /** What is recorded, from the first reset on. */
  #recording;

  constructor(handle, made, saving) {
    this.#handle = handle;
    this.#made = made;
    this.#saving = saving;
    if (saving) forgotten.register(this, saving);
    const spec = handle.spec;
    const many = spec.agents.length > 1;
    const byAgent = (spaces) =>
      many ? Object.fromEntries(spec.agents.map((agent, i) => [agent, spaces[i]])) : spaces[0];
    this.spec = Object.freeze(spec);
    this.agents = Object.freeze(spec.agents);
    this.actionSpace = byAgent(spec.actionSpaces);
    this.observationSpace = byAgent(spec.observationSpaces);
  }

  /** The seed of the latest reset that had one, given or drawn: null before the first, and after `restore`. */
  get npRandomSeed() {
    return this.#handle.npRandomSeed;
  }

  async reset(options = {}) {
    const returned = await this.#handle.reset(options);
    if (this.#saving && !this.#recording) {
      // Without the handle: an environment is let go of, with its Worker, when the program forgets it.
      this.#recording = recordingOf(this.#handle);
      this.#saving.begin(this.#recording, { envId: this.spec.id });
    }
    return returned;
  }

  /** How the record is kept and sent; null where nothing is recorded. */
  get saving() {
    return this.#saving?.view ?? null;
  }

  step(action) {
    return this.#handle.step(action);
  }

  async stepMany(actions, options = {}) {
    only('stepMany', options, ['autoreset']);
    if (typeof actions?.[Symbol.iterator] !== 'function') {
      throw new PalaestraError('bad_action', `stepMany: expected an array of actions, found ${actions}`);
    }
    const indexed = Array.isArray(actions) || ArrayBuffer.isView(actions);
    return new Steps(await this.#handle.stepMany(indexed ? actions : Array.from(actions), Boolean(options.autoreset)));
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
    const [{ begin }] = await needed(['rollout', 'policy'], options);
    return begin(this.#made, options, { openRollout: beginRollout, PalaestraError });
  }

  /**
   * What was played so far, of an environment made with `record: true`.
   *
   * @param {{ policy?: string }} [options]
   */
  record(options = {}) {
    only('record', options, ['policy']);
    try {
      return new GameRecord(this.#handle.record(options.policy), this.#saving);
    } catch (error) {
      if (!isFailure(error) || !this.#recording) throw error;
      return new GameRecord(rescued(this.#recording, error), this.#saving);
    }
  }

  /** Ends the Worker. Idempotent: every call gives the same report, when the Worker is gone. */
  async close() {
    this.#saving?.over();
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
  /** Whether somebody has asked for `finished`. */
  #awaited = false;
  #saving;
  /** @type {any} */
  #match = null;
  #together;
  /** What is recorded, while it is played. */
  #recording;

  constructor(options) {
    const begin = (given) => this.#begin(given);
    this.#saving = new Saving(options?.save, context);
    const guest = isGuest(options?.env) ? (given) => invited(options.env, given) : undefined;
    const isReady = isLoaded() && areHere(partsOf(options)) && !guest;
    this.#handle = isReady ? begin(options) : new GameToCome(options, begin, guest);
    this.pipelineMetrics = new PipelineMetrics(() => this.#handle, stationsOf(options));
    this.#finished = this.#handle.finished.then(
      (record) => this.#over(record),
      (error) => this.#rescue(error),
    );
    // Whoever awaits it hears of an error. Where nobody does, the console does.
    this.#finished.catch((error) => {
      this.#saving.nothing();
      if (!this.#awaited) tell(error);
    });
  }

  /** Begins it in the page's module; gives its handle. */
  #begin(options) {
    if (typeof options !== 'object' || options === null) return (this.#handle = startGame(options));
    const { save: _, ...rest } = options;
    const hands = new Hands(options);
    const told = options.onTransition;
    const onTransition = (transition) => {
      if (transition.to === 'playing') {
        this.#recording = recordingOf(this.#handle);
        this.#save(options);
      }
      // Whoever plays together hears of every state before the page does.
      this.#together?.entered(transition.to);
      if (transition.to === 'playing') hands.begin(this, registry.get(options.env), this.#match?.seat);
      told?.(transition);
    };
    // What is no function is refused as it came.
    const heard = told === undefined || typeof told === 'function' ? { onTransition } : {};
    this.#handle = startGame({ ...rest, ...heard });
    const end = () => hands.end();
    this.#handle.finished.then(end, end);
    if (options.match) this.#join(this.#handle, options);
    return this.#handle;
  }

  /** Keeps the record from the first picture on, which does not wait for that. */
  #save({ env, participant, match }) {
    const begin = () =>
      this.#saving.begin(this.#handle, { envId: env, participant: participant ?? match?.participant });
    let begun = false;
    const once = () => {
      if (!begun) begin();
      begun = true;
    };
    requestAnimationFrame(() => setTimeout(once));
    // A page that is not shown has no frames.
    setTimeout(once, 500);
  }

  /** The module has failed: what was recorded up to there is outside of it. */
  #rescue(error) {
    if (!isFailure(error) || !this.#recording?.chunks.steps) throw error;
    const record = new GameRecord(rescued(this.#recording, error), this.#saving);
    this.#saving.over();
    return record;
  }

  #over(handle) {
    this.#recording = undefined;
    const record = new GameRecord(handle, this.#saving);
    if (record.steps > 0) this.#saving.over(handle.about()[0]);
    else this.#saving.nothing();
    return record;
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

  /** How the record is kept in this browser, and sent on. */
  get saving() {
    return this.#saving.view;
  }
  /** Settles, with `saving`, when the game is over and nothing more becomes of it. */
  get saved() {
    return this.#saving.done;
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
    this.#awaited = true;
    return this.#finished;
  }

  /**
   * An agent's action at the next tick, whatever keys say: for input of one's own.
   *
   * @param {string} agent
   * @param {unknown} action
   */
  act(agent, action) {
    this.#handle.act(String(agent), action);
  }

  /** As if a key of the game went down, by its `KeyboardEvent.code`. */
  press(code) {
    this.#handle.press(String(code));
  }

  /** As if it came up. */
  release(code) {
    this.#handle.release(String(code));
  }

  /** What was played so far, as a record that says that it is unfinished. */
  async snapshot() {
    await part('record');
    return new GameRecord(this.#handle.snapshot());
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
    this.#awaited = true;
    return this.#finished;
  }
}

/** How many of the latest steps are asked for. */
function lastOf(place, options) {
  only(place, options, ['last']);
  return options.last === undefined ? undefined : Number(options.last);
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
  history(options = {}) {
    return this.#handle().columns(lastOf('history', options));
  }

  /**
   * Count, percentiles and maximum of queue, wait, crossing, step, roundTrip, render and total, and dropped frames.
   *
   * @param {{ last?: number }} [options]
   */
  summary(options = {}) {
    return this.#handle().summary(lastOf('summary', options));
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
  #saving;

  constructor(handle, saving) {
    this.#handle = handle;
    this.#saving = saving;
    this.header = handle.header;
    this.reason = handle.reason;
    this.error = handle.error;
    this.disposal = handle.disposal;
    this.steps = handle.steps;
    this.returns = handle.returns.map((scores) => (scores.length === 1 ? scores[0] : scores));
  }

  /**
   * Packs and replays the record off the main thread: {blob, gzip, identical, steps, message}. Whoever takes a record has it: what is
   * kept of it in this browser is deleted, unless it is to be kept.
   *
   * @param {{ keep?: boolean }} [options]
   */
  async pack(options = {}) {
    only('pack', options, ['keep']);
    const { whole: _, ...packed } = await this.#pack();
    return this.#took(packed, options);
  }

  #took(what, { keep = false } = {}) {
    if (!keep) this.discard();
    return what;
  }

  #pack() {
    if (!this.#packed) {
      // Not yet awaited: what is refused is thrown at whoever asks.
      const packing = (async () => this.#live().pack())();
      this.#packed = packing;
      // Once, if it comes to its end; what could not be done is tried again when somebody asks again.
      const forget = () => {
        if (this.#packed === packing) this.#packed = undefined;
      };
      packing.then(({ whole }) => {
        if (!whole) forget();
      }, forget);
    }
    return this.#packed;
  }

  /** Whoever asks has the record, or needs none: what is kept of it in this browser is deleted. */
  discard() {
    this.#saving?.taken(this.steps);
  }

  /** What the replay found: {identical, steps, message}. */
  async verification() {
    const { identical, steps, message } = await this.#pack();
    // In a Worker with Python, where the packer has none.
    if (/^not verifiable/.test(message)) return (await part('guest')).replayed(await this.#live().text(), make);
    return { identical, steps, message };
  }

  /** The record as a Blob: gzipped JSON Lines. */
  async blob(options) {
    return (await this.pack(options)).blob;
  }

  /** The record as text: JSON Lines. */
  async text(options) {
    return this.#took(await this.#live().text(), options);
  }

  /** Its steps as CSV, a row per step and agent, as `palaestra export` writes it: a Blob. Rejects for a record that does not replay. */
  csv(options) {
    return this.#table('csv', options);
  }

  /** The same as JSON Lines, an object per step and agent. */
  jsonl(options) {
    return this.#table('jsonlines', options);
  }

  async #table(format, options) {
    const [packed, { table }] = await Promise.all([this.#pack(), part('save')]);
    return this.#took(await table(packed.blob, this.header, this.#named(packed), format, context), options);
  }

  /** A file name that says what it holds. */
  async filename() {
    return this.#named(await this.#pack());
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
    download(packed.blob, this.#named(packed));
  }
}
