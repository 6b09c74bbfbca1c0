import { only } from './only.js';

/** How many of the latest steps are asked for. */
function lastOf(place, options) {
  only(place, options, ['last']);
  return options.last === undefined ? undefined : Number(options.last);
}

/** When each step passed each station from key to pixel, in milliseconds of the page's `performance.now()`. */
export class PipelineMetrics {
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
