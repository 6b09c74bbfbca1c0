import { needed } from '../loading.js';
import { isFailure, PalaestraError } from '../page.js';
import { beginRollout } from './guarded.js';
import { only } from './only.js';
import { GameRecord } from './record.js';
import { recordingOf, rescued } from './recorded.js';

/** Environments that a program has forgotten without a word: nothing more is recorded of them. */
const forgotten = new FinalizationRegistry((saving) => saving.closed());

/** An environment in a Worker, driven by promises. */
export class Env {
  #handle;
  #made;
  #saving;
  /** Steps that need nothing of the module: see `codec/steps.js`. */
  #steps;
  /** What is recorded, from the first reset on. */
  #recording;

  constructor(handle, made, saving) {
    this.#handle = handle;
    this.#made = made;
    this.#saving = saving;
    this.#steps = handle.steps;
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
    return this.#steps?.step(action, this.#handle) ?? this.#handle.step(action);
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
    // Read when its parts have come, whatever is changed meanwhile.
    const own = Object(options) === options ? { ...options } : options;
    const [{ begin }] = await needed(['rollout', 'policy'], own);
    return begin({ ...this.#made, agents: this.agents }, own, { openRollout: beginRollout, PalaestraError });
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
    this.#saving?.closed();
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
