// The report as a page: everything is in it, nothing is loaded.
import { bars, escaped, line } from './plots.mjs';
import { boundText, ratioText, short, verdicts } from './terminal.mjs';

const style = `
:root { color-scheme: light dark; --ink: #1b2430; --faint: #5b6675; --paper: #fff; --rule: #d9dee5; --ours: #2463c9; --peer: #aab4c2; --limit: #b4470f; --good: #1a7f45; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --faint: #9aa6b5; --paper: #14181e; --rule: #323a45; --ours: #6ea4f5; --peer: #566170; --limit: #f0935a; --good: #58c98a; --bad: #f28b82 } }
body { max-width: 76rem; margin: 2rem auto; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1, h2 { line-height: 1.2 } h2 { margin-top: 3rem } p { max-width: 46rem } .faint, small { color: var(--faint) }
table { border-collapse: collapse; width: 100% } td, th { padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: 400 }
thead th { color: var(--faint) } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } .scroll { overflow-x: auto }
.reached { color: var(--good) } .missed { color: var(--bad); font-weight: 600 }
svg { display: block } .ours { fill: var(--ours) } .peer { fill: var(--peer) } .range { stroke: var(--ink); fill: none } .limit { stroke: var(--limit); stroke-width: 2; stroke-dasharray: 3 2 }
.axis { stroke: var(--rule); fill: none } .curve { stroke: var(--ours); stroke-width: 2; fill: none } svg text { fill: var(--faint); font: 11px system-ui, sans-serif }
.plots { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0 } .key i { display: inline-block; width: 1.6em; height: .6em; margin: 0 .3em 0 1em; border-radius: 2px }
`;

const ranged = ({ median, low, high }, unit) =>
  `${short(median)} ${escaped(unit)}${low === high ? '' : `<br><small>${short(low)} to ${short(high)}</small>`}`;

/** What a figure may be at most, or has to be at least, on its own scale. */
function limitOf({ peer, ratio, bound }) {
  if (!bound) return undefined;
  if (bound.of === 'figure') return bound.value;
  return ratio.invert ? peer.median / bound.value : peer.median * bound.value;
}

function row(figure) {
  const { name, unit, ours, peer, ratio, bound, note } = figure;
  const label = `${name}: ${short(ours.median)} ${unit}${peer ? `, ${peer.label} ${short(peer.median)} ${unit}` : ''}`;
  const verdict = bound && (bound.reached ? '<td class="reached">reached' : '<td class="missed">not reached');
  return `<tr><th scope="row">${escaped(name)}${note ? `<br><small>${escaped(note)}</small>` : ''}
<td>${bars({ ours, peer, limit: limitOf(figure) }, label)}
<td class="number">${ranged(ours, unit)}
<td class="number">${peer ? `${ranged(peer, unit)}<br><small>${escaped(peer.label)}</small>` : ''}
<td class="number">${ratio ? `${ratioText(ratio)}<br><small>${short(ratio.low)} to ${short(ratio.high)}</small>` : ''}
<td>${bound ? escaped(boundText(bound, unit)) : ''}
${verdict ?? '<td>'}`;
}

function section({ title, about }, result) {
  if (!result) return '';
  const { figures, notes, table, plots = [], failed, seconds, measured, quick } = result;
  const head =
    '<tr><th>what<th><span class="faint">ours above, beside below</span><th class="number">ours<th class="number">beside<th class="number">ratio<th>has to be<th>';
  return `<h2>${escaped(title)}</h2><p>${escaped(about)}</p>
<p class="faint">Measured on ${escaped(measured)}${seconds ? `, in ${seconds} s` : ''}.${quick ? ' <span class="missed">A quick run, of few repetitions.</span>' : ''}</p>
${failed ? `<p class="missed">It could not be measured: ${escaped(failed)}</p>` : ''}
${figures.length > 0 ? `<div class="scroll"><table><thead>${head}</thead><tbody>${figures.map(row).join('')}</tbody></table></div>` : ''}
${plots.length > 0 ? `<div class="plots">${plots.map((plot) => line(plot, short)).join('')}</div>` : ''}
${table ? tableOf(table) : ''}
${notes.length > 0 ? `<ul class="faint">${notes.map((note) => `<li>${escaped(note)}`).join('')}</ul>` : ''}`;
}

const tableOf = ({ head, rows }) => `<details><summary>All files</summary><div class="scroll"><table>
<thead><tr>${head.map((name, i) => `<th${i > 0 ? ' class="number"' : ''}>${escaped(name)}`).join('')}</thead><tbody>
${rows.map(([first, ...rest]) => `<tr><th scope="row">${escaped(first)}${rest.map((cell) => `<td class="number">${typeof cell === 'number' ? cell.toLocaleString('en') : escaped(cell)}`).join('')}`).join('\n')}
</tbody></table></div></details>`;

function targetRow({ number, text, unreached, figures, reached }) {
  const [mark, word] =
    figures === 0
      ? ['faint', 'not measured']
      : reached === figures
        ? ['reached', 'reached']
        : ['missed', 'not reached'];
  const why = reached < figures && unreached ? `<br><small>${escaped(unreached)}</small>` : '';
  return `<tr><th scope="row">${number}<td>${escaped(text)}${why}<td class="number">${figures === 0 ? '' : `${reached} of ${figures}`}<td class="${mark}">${word}`;
}

/** The whole report. */
export function reportPage({ machine, sections: results }, sections, targets) {
  const judged = Object.values(results).flatMap(({ figures }) => figures.filter(({ bound }) => bound));
  const reached = judged.filter(({ bound }) => bound.reached).length;
  const { cpu, cores, memoryGB, system, node, chromium } = machine;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Palaestra: measurements</title>
<style>${style}</style>
<h1>What Palaestra's speed is beside what it could be at best</h1>
<p>Written by <code>npm run bench</code> from <code>results.json</code>. Each figure stands beside its floor, the least that the
browser makes possible, or beside its peer, measured in the same run in turns with it. A bar is the median of the repetitions, the thin line
their range, the dashed mark what the figure has to reach. Ratios are of the medians.</p>
<p><strong>${reached} of ${judged.length}</strong> figures that have a target reach it.
<span class="key"><i style="background: var(--ours)"></i>ours <i style="background: var(--peer)"></i>floor or peer</span></p>
<p class="faint">${escaped(`${cpu}, ${cores} cores, ${memoryGB} GB, ${system}; ${chromium}; Node ${node}.`)}</p>
<h2>Targets</h2>
<div class="scroll"><table><thead><tr><th>no.<th>what it has to show<th class="number">figures<th></thead><tbody>
${verdicts(targets, results).map(targetRow).join('\n')}
</tbody></table></div>
${sections.map((one) => section(one, results[one.name])).join('\n')}
</html>
`;
}
