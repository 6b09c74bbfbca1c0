// Figures of several turns, and the lines they are shown in.

/** The median, and from the slowest to the fastest. */
export function spread(speeds) {
  const sorted = speeds.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], slowest: sorted[0], fastest: sorted.at(-1) };
}

export const geometricMean = (ratios) =>
  Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

const short = (speed) => (speed >= 1e6 ? `${(speed / 1e6).toFixed(2)}M` : `${(speed / 1e3).toFixed(0)}k`);

const figures = ({ median, slowest, fastest }) => `${short(median)} (${short(slowest)} to ${short(fastest)})`;

const line = (id, native, wasm, ratio) =>
  `${id.padEnd(40)}${native.padStart(30)}${wasm.padStart(30)}${ratio.padStart(8)}`;

export const rowHead = line('environment', 'native', 'wasm', 'ratio');

export const row = (id, { native, wasm }) =>
  line(id, figures(native), figures(wasm), (wasm.median / native.median).toFixed(2));
