import { entries } from '../palaestra_registry.js';
import { GameToCome, partsOf, stationsOf } from '../game-to-come.js';
import { Hands } from '../hands.js';
import { isLoaded } from '../loading.js';
import { areHere, part } from '../module-parts.js';
import { isFailure, tell } from '../page.js';
import { Saving } from '../saving.js';
import { startGame } from './guarded.js';
import { invited, isGuest } from './guests.js';
import { PipelineMetrics } from './metrics.js';
import { GameRecord } from './record.js';
import { context, recordingOf, rescued } from './recorded.js';

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
    const guest = isGuest(options?.env) ? (given) => invited(options.env, given, this.#handle.finished) : undefined;
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
    if (typeof options !== 'object' || options === null) return (this.#handle = startGame(options, false));
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
      if (transition.to === 'playing')
        hands.begin(
          this,
          entries.find(({ id }) => id === options.env),
          this.#match?.seat,
        );
      told?.(transition);
    };
    // What is no function is refused as it came.
    const heard = told === undefined || typeof told === 'function' ? { onTransition } : {};
    this.#handle = startGame({ ...rest, ...heard }, partsOf(rest).includes('options'));
    const end = () => hands.end();
    this.#handle.finished.then(end, end);
    if (options.match) this.#join(this.#handle, options);
    return this.#handle;
  }

  /** Keeps the record from the first picture on, which does not wait for that. */
  #save({ env }) {
    const begin = () => this.#saving.begin(this.#handle, { envId: env });
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
    if (isFailure(error)) this.#together?.failed();
    if (!isFailure(error) || !this.#recording?.chunks.steps) throw error;
    const record = new GameRecord(rescued(this.#recording, error), this.#saving);
    this.#saving.over();
    return record;
  }

  #over(handle) {
    this.#recording = undefined;
    const record = new GameRecord(handle, this.#saving);
    const [header] = handle.about();
    if (record.steps > 0) this.#saving.over(header);
    else this.#saving.nothing(header);
    return record;
  }

  /** Waits in a lobby for others: see `page/match.js`. */
  async #join(handle, options) {
    const told = options.onMatch;
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
      this.#together = join({ handle, options, cancel: () => void this.dispose('closed'), show, part });
    } catch (error) {
      // A module that has failed has told everybody already.
      if (!isFailure(error)) handle.noMatch(error.message);
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
  /** The present episode's return: a number, or one per agent. */
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
