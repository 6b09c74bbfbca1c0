// Pictures of figures, as SVG that takes its colours from the page.

export const escaped = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character],
  );

const at = (number) => Number(number.toFixed(1));

/** Two bars on one scale from 0, ours above its peer's, each with the range from its least to its greatest. */
export function bars({ ours, peer, limit }, label) {
  const width = 260;
  const finite = [ours, peer]
    .filter(Boolean)
    .flatMap(({ median, high }) => [median, high])
    .concat(limit ?? [])
    .filter(Number.isFinite);
  // One wild repetition must not shrink all the rest to nothing.
  const most = Math.min(Math.max(...finite, 1e-12), 4 * Math.max(ours.median, peer?.median ?? 0, limit ?? 0) || 1);
  const x = (value) => at(Math.min(Math.max(value, 0) / most, 1) * (width - 4) || 0);
  const bar = ({ median, low, high }, y, kind) =>
    `<rect class="${kind}" x="0" y="${y}" width="${Math.max(x(median), 1)}" height="9" rx="1.5"/>` +
    (low === high
      ? ''
      : `<path class="range" d="M${x(low)} ${y + 4.5}H${x(high)}M${x(low)} ${y + 2}v5M${x(high)} ${y + 2}v5"/>`);
  const height = peer ? 24 : 12;
  const mark = limit === undefined ? '' : `<path class="limit" d="M${x(limit)} 0v${height}"/>`;
  return `<svg role="img" aria-label="${escaped(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${bar(ours, 1, 'ours')}${peer ? bar(peer, 13, 'peer') : ''}${mark}</svg>`;
}

/** Points along x joined by a line, with the least and the greatest value written at the side. */
export function line({ title, unit, x: along, points }, short) {
  const [width, height, left, right, top, bottom] = [420, 130, 62, 8, 8, 22];
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  // From 0, so that what looks level is level.
  const most = Math.max(...ys, 1);
  const x = (value) => at(left + ((value - x0) / (x1 - x0 || 1)) * (width - left - right));
  const y = (value) => at(top + (1 - value / most) * (height - top - bottom));
  const d = points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
  const text = (px, py, anchor, words) => `<text x="${px}" y="${py}" text-anchor="${anchor}">${escaped(words)}</text>`;
  return (
    `<figure><figcaption>${escaped(title)}, ${escaped(unit)}</figcaption>` +
    `<svg role="img" aria-label="${escaped(`${title}: from ${short(ys[0])} to ${short(ys.at(-1))} ${unit}`)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<path class="axis" d="M${left} ${top}V${height - bottom}H${width - right}"/><path class="curve" d="${d}"/>` +
    text(left - 6, y(most) + 4, 'end', short(most)) +
    text(left - 6, y(0) + 4, 'end', '0') +
    text(x(x0), height - 6, 'start', short(x0)) +
    text(x(x1), height - 6, 'end', `${along} ${short(x1)}`) +
    '</svg></figure>'
  );
}
