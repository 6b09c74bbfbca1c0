import { plain } from '../lib/say.mjs';

/** A number as people read it: three digits that mean something. */
export function short(number) {
  if (!Number.isFinite(number)) return '-';
  const size = Math.abs(number);
  if (size === 0) return '0';
  if (size >= 1e6) return `${digits(number / 1e6)}M`;
  if (size >= 1e4) return `${digits(number / 1e3)}k`;
  return digits(number);
}

const digits = (number) => {
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1000) return String(number);
  if (size >= 100) return number.toFixed(0);
  return size >= 1 ? number.toPrecision(3) : number.toPrecision(2);
};

const ranged = ({ median, low, high }) =>
  low === high ? short(median) : `${short(median)} (${short(low)} to ${short(high)})`;

export const ratioText = (ratio) => `${short(ratio.median)}x`;

export const boundText = ({ of, at, value, target }, unit) =>
  `target ${target}: ${at === 'most' ? 'at most' : 'at least'} ${short(value)}${of === 'ratio' ? 'x' : ` ${unit}`}`;

/** A section's lines: figure, floor or peer, ratio, bound, whether it is reached. */
export function printSection(section, result) {
  plain(`\n${section.title}`);
  if (result.failed) {
    plain(`  FAILED: ${result.failed}`);
    return;
  }
  const rows = result.figures.map(({ name, unit, ours, peer, ratio, bound }) => [
    name,
    `${ranged(ours)} ${unit}`,
    peer ? `${peer.label} ${ranged(peer)} ${unit}` : '',
    ratio ? ratioText(ratio) : '',
    bound ? boundText(bound, unit) : '',
    bound ? (bound.reached ? 'reached' : 'NOT REACHED') : '',
  ]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) plain(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd());
  for (const note of result.notes) plain(`  note: ${note}`);
}

const judgedOf = (results) =>
  Object.values(results).flatMap(({ figures = [] }) => figures.filter(({ bound }) => bound));

/** How each target stands: of its figures, how many reach it, and which do not. */
export function verdicts(targets, results) {
  return targets.map((target) => {
    const own = judgedOf(results).filter(({ bound }) => bound.target === target.number);
    const missed = own.filter(({ bound }) => !bound.reached);
    return { ...target, figures: own.length, reached: own.length - missed.length, missed };
  });
}

/** So many of a target's figures are named that do not reach it; the sections above have all. */
const namedFigures = 8;

/** What is left to say at the end: a line a target, and what is known of those that are not reached. */
export function printTargets(targets, results) {
  const judged = judgedOf(results);
  plain(`\n${judged.filter(({ bound }) => bound.reached).length} of ${judged.length} figures with a target reach it.`);
  for (const { number, text, unreached, figures, reached, missed } of verdicts(targets, results)) {
    if (figures === 0) continue;
    plain(`\n  ${number}. ${text}`);
    plain(`     ${missed.length === 0 ? 'reached' : 'NOT REACHED'}, ${reached} of ${figures} figures`);
    for (const { name, unit, ours, ratio, bound } of missed.slice(0, namedFigures)) {
      const found = bound.of === 'ratio' ? ratioText(ratio) : `${short(ours.median)} ${unit}`;
      plain(`     - ${name}: ${found}, ${boundText(bound, unit)}`);
    }
    if (missed.length > namedFigures) plain(`     - and ${missed.length - namedFigures} more`);
    if (missed.length > 0 && unreached) plain(`     ${unreached}`);
  }
}
