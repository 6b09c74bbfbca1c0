const columns = ['environment', 'steps', 'episodes', 'mismatching', 'largest difference, ulp', 'seconds'];

const number = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

const row = ({ id, steps, episodes, mismatching, ulps, took }) => [
  id,
  number(steps),
  number(episodes),
  number(mismatching),
  number(ulps),
  number(Math.round(took)),
];

/** The reports as a table that people read as well as Markdown does. */
export function table(reports) {
  const rows = [columns, ...reports.map(row)];
  const widths = columns.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join('\n');
}

const [begin, end] = ['<!-- the last run -->', '<!-- end of the last run -->'];

/** The text of a page with what stands between its two marks replaced. */
export function replaced(page, content) {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`expected ${begin} and ${end} in the page, found none`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}
