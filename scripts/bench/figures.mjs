// What numbers come to: medians, spreads, ratios, slopes.

/** The nearest-rank percentile: a value that was measured, not one between two. NaN of nothing. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? NaN : sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)];
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  if (sorted.length === 0) return NaN;
  return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}

/** The median of several measurements with the least and the greatest. */
export const spread = (values) => ({ median: median(values), low: Math.min(...values), high: Math.max(...values) });

export const geometricMean = (values) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** The straight line through points, by least squares: how much y changes for one x, and the standard error of that. */
export function slope(xs, ys) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const xx = xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  const perX = xs.reduce((sum, x, i) => sum + (x - x0) * (ys[i] - y0), 0) / xx;
  const rest = xs.reduce((sum, x, i) => sum + (ys[i] - y0 - perX * (x - x0)) ** 2, 0);
  return { perX, error: xs.length > 2 ? Math.sqrt(rest / (xs.length - 2) / xx) : NaN };
}

/**
 * @typedef {ReturnType<typeof spread>} Spread
 * @typedef {object} Bound what a figure has to show
 * @property {number} target its number in the list of targets
 * @property {string} of 'ratio' or 'figure'
 * @property {string} at 'most' or 'least'
 * @property {number} value
 */

/**
 * One line of the report.
 *
 * @param {object} measured
 * @param {string} measured.name what is measured
 * @param {string} measured.unit
 * @param {number[]} measured.ours one value a repetition
 * @param {{ label: string, values: number[] }} [measured.peer] what it stands beside in the same run; absent where there is nothing
 *   to compare with
 * @param {number[]} [measured.ratios] one a repetition, of what was measured side by side; otherwise those of the medians
 * @param {Bound} [measured.bound]
 * @param {boolean} [measured.invert] asks for peer / ours, for "so many times less"
 * @param {string} [measured.note]
 */
export function figure({ name, unit, ours, peer, ratios, bound, invert = false, note }) {
  /**
   * @type {{
   *   name: string, unit: string, ours: Spread, repetitions: number, note?: string,
   *   peer?: Spread & { label: string }, ratio?: Spread & { invert: boolean }, bound?: Bound & { reached: boolean },
   * }}
   */
  const result = { name, unit, ours: spread(ours), repetitions: ours.length };
  if (peer) {
    result.peer = { label: peer.label, ...spread(peer.values) };
    const ratio = (a, b) => (invert ? b / a : a / b);
    const pairs = Math.min(ours.length, peer.values.length);
    const each = Array.from({ length: pairs }, (_, i) => ratio(ours[i], peer.values[i]));
    const ofMedians = { ...spread(each), median: ratio(result.ours.median, result.peer.median) };
    result.ratio = { ...(ratios ? spread(ratios) : ofMedians), invert };
  }
  if (bound) {
    const judged = bound.of === 'ratio' ? result.ratio.median : result.ours.median;
    // A figure that is not a number reaches nothing.
    const reached = bound.at === 'most' ? judged <= bound.value : judged >= bound.value;
    result.bound = { ...bound, reached };
  }
  if (note) result.note = note;
  return result;
}
