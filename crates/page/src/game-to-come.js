// A game whose page's module is still on its way: what a page sees of it, and what it says to it, until then.
import { needed } from './loading.js';
import { asItIs, freshSeed, PalaestraError, tell } from './page.js';
import { stations } from './protocol.js';

/** Those that only games of a match have. */
const OF_A_MATCH = 2;
const SPANS = ['queue', 'wait', 'crossing', 'step', 'roundTrip', 'render', 'total'];
const NONE = { count: 0, p50: NaN, p95: NaN, p99: NaN, max: NaN };

/** The games that wait. */
const waiting = new Set();
export const countWaiting = () => waiting.size;

/** The stations of a game's steps. */
export const stationsOf = (options) => (options?.match ? stations : stations.slice(0, -OF_A_MATCH));

/** What every game may be asked for: the part `options` of the module reads all else, and refuses what nobody knows. */
const USUAL =
  'env canvas fps seed episodes maxSteps onStep onTransition verify save touchControls gamepad pointer controls'.split(
    ' ',
  );

/** Whether a game is asked for more. */
const asksForMore = (options) =>
  typeof options === 'object' &&
  options !== null &&
  Object.keys(options).some((name) => options[name] !== undefined && !USUAL.includes(name));

/**
 * The parts of the page's module that a game needs before it begins: what reads options that few games have, and seats with a model or an
 * expert, and what reads steps for those who hear of each.
 */
export function partsOf(options) {
  const isPolicy = (seat) => seat === 'expert' || (seat?.onnx ?? seat?.expert ?? null) !== null;
  const parts = {
    options: asksForMore(options),
    policy: Object.values(options?.seats ?? {}).some(isPolicy),
    steps: typeof options?.onStep === 'function',
  };
  return Object.keys(parts).filter((name) => parts[name]);
}

/** A seed as the module has it: a number, or a bigint where that would not be exact. What is neither is refused there. */
const exact = (seed) => (typeof seed === 'bigint' && seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed);

/** Stands for the module's `GameHandle`, with what that has before a game's first step. */
export class GameToCome {
  frameNumber = 0;
  state = 'created';
  episode = 0;
  score = [];
  paused = false;
  spec = null;
  recordedBytes = 0;
  #options;
  /** @type {{ reason?: string } | undefined} */
  #disposed;
  /** @type {boolean | undefined} whether it is to stand still, as the page said last */
  #stands;

  /**
   * @param {any} options those of `play`, which nobody has looked at yet
   * @param {(options: any) => any} begin begins the game and gives its handle
   * @param {(options: any) => Promise<any>} [prepare] what has to be there besides, which gives the options anew
   */
  constructor(options, begin, prepare) {
    const given = typeof options === 'object' && options !== null;
    // Known from the start, and not changed by whoever changes the object later.
    this.#options = given ? { ...options, kwargs: asItIs(options.kwargs), seed: options.seed ?? freshSeed() } : options;
    this.seed = given ? exact(this.#options.seed) : NaN;
    this.paused = given && (options.startPaused === true || options.startPaused === 'key');
    this.finished = this.#wait(begin, prepare);
  }

  async #wait(begin, prepare) {
    waiting.add(this);
    let handle;
    try {
      await needed(partsOf(this.#options), { loadTimeout: this.#options?.loadTimeout });
      if (prepare) {
        this.#options = await prepare(this.#options);
        await needed(partsOf(this.#options), { loadTimeout: this.#options?.loadTimeout });
      }
      handle = begin(this.#options);
      // Whatever `handle.paused` says: a hidden tab pauses a game as well, and does not for ever.
      if (this.#stands !== undefined) this.#stands ? handle.pause() : handle.resume();
      if (this.#disposed) handle.dispose(this.#disposed.reason);
    } catch (error) {
      // Nobody may be waiting for `finished`, and there is nobody to throw it to.
      tell(error);
      this.state = 'disposed';
      handle?.dispose();
      throw error;
    } finally {
      waiting.delete(this);
    }
    return handle.finished;
  }

  pause() {
    this.#standStill(true);
  }

  resume() {
    this.#standStill(false);
  }

  #standStill(paused) {
    if (this.#options?.match) {
      const text = 'expected a game that is played alone, found one of a match: others play on';
      throw new PalaestraError('out_of_order', text);
    }
    this.#stands = this.paused = paused;
  }

  act() {
    this.#notYet('act');
  }

  press() {
    this.#notYet('press');
  }

  release() {
    this.#notYet('release');
  }

  snapshot() {
    this.#notYet('snapshot');
  }

  /** @returns {never} */
  #notYet(call) {
    const text = `${call}: expected a game that is played, found one that is still ${this.state}`;
    throw new PalaestraError('out_of_order', text);
  }

  dispose(reason) {
    this.#disposed ??= { reason };
    if (this.state === 'created') this.state = 'ended';
  }

  lastRow() {
    return Object.fromEntries(stationsOf(this.#options).map((station) => [station, NaN]));
  }

  lastInput() {
    return [NaN, NaN];
  }

  rowCount() {
    return 0;
  }

  columns() {
    const columns = stationsOf(this.#options).map((station) => [station, new Float64Array()]);
    return { firstFrame: 0, ...Object.fromEntries(columns) };
  }

  summary() {
    const spans = Object.fromEntries(SPANS.map((span) => [span, NONE]));
    return { count: 0, ...spans, animationFrames: 0, droppedFrames: 0 };
  }
}
