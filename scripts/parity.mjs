// npm run parity [-- FILTER... --steps N --seed S --jobs N --docs]: plays every environment's Python reference and replays it
// in ours, step by step. --docs writes the table into docs/parity.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, palaestraCommand } from './build/command.mjs';
import { main, PlainError } from './lib/main.mjs';
import { resultsDir, root } from './lib/paths.mjs';
import { mustRun } from './lib/run.mjs';
import { someAtOnce } from './lib/some-at-once.mjs';
import { plain, progress, say, since } from './lib/say.mjs';
import { chosen, parse } from './parity/arguments.mjs';
import { compare, reference } from './parity/compare.mjs';
import { replaced, table } from './parity/table.mjs';
import { setUpReferences, setUpRust } from './setup/index.mjs';

/** What there is to compare, what has no reference, and what has one and is not ours yet. */
async function survey({ palaestra, python, filters }) {
  const registered = (await mustRun([palaestra, 'envs'])).split('\n').map((line) => line.split(/\s/)[0]);
  const listed = JSON.parse((await mustRun([python, reference, 'list'], { cwd: root })).split('\n').at(-1));
  const driven = listed.map((entry) => entry.env_id);
  const wanted = (ids) => ids.filter((id) => chosen(id, filters));
  return {
    compared: listed.filter(({ env_id: id }) => registered.includes(id) && chosen(id, filters)),
    undriven: wanted(registered.filter((id) => !driven.includes(id))),
    unported: wanted(driven.filter((id) => !registered.includes(id))),
  };
}

/** Compares every environment, as many at once as there are jobs; the slowest packages come first. */
async function compareAll(entries, { steps, seed, jobs, python, palaestra }) {
  const waiting = [...entries].sort((a, b) => a.share - b.share);
  const [shares, reports] = [new Map(), new Map()];
  const work = progress('parity', `${entries.length} environments, seed ${seed}`);
  const show = () =>
    work.update(
      `${reports.size}/${entries.length} done, ${[...shares].map(([id, share]) => `${Math.floor(share * 100)} % ${id}`).join(', ')}`,
    );
  await someAtOnce(waiting, jobs, async ({ env_id: id, share }) => {
    const onProgress = (part) => {
      shares.set(id, part);
      show();
    };
    onProgress(0);
    const report = await compare({ id, steps: Math.ceil(steps * share), seed, python, palaestra, onProgress });
    shares.delete(id);
    reports.set(id, report);
    tell(report);
  });
  work.done();
  return entries.map((entry) => reports.get(entry.env_id));
}

function tell({ id, steps, episodes, mismatching, ulps, took, differences, problem }) {
  const figures = `${steps} steps, ${episodes} episodes, ${mismatching} mismatching, ${ulps} ulp  (${Math.round(took)} s)`;
  say(problem ? 'fail' : 'ok', id, problem ? `${figures}: ${problem}` : figures);
  for (const difference of differences.slice(0, 10)) plain(`        ${difference.told}`);
}

function keep(reports, { seed, docs }) {
  mkdirSync(resultsDir, { recursive: true });
  writeFileSync(join(resultsDir, 'parity.json'), `${JSON.stringify({ seed, reports }, null, 1)}\n`);
  if (!docs) return;
  const page = join(root, 'docs', 'parity.md');
  const date = new Date().toISOString().slice(0, 10);
  const text = `${date}, \`npm run parity -- --seed ${seed}\`:\n\n${table(reports)}`;
  writeFileSync(page, replaced(readFileSync(page, 'utf8'), text));
}

await main(async () => {
  const start = Date.now();
  const options = parse(process.argv.slice(2));
  await setUpRust();
  const python = await setUpReferences();
  await buildCommand();
  const palaestra = palaestraCommand;
  const { compared, undriven, unported } = await survey({ palaestra, python, filters: options.filters });
  if (compared.length + undriven.length === 0) {
    throw new PlainError('parity', `no environment's id has "${options.filters.join('" or "')}" in it`);
  }
  const reports = await compareAll(compared, { ...options, python, palaestra });
  plain(`\n${table(reports)}\n`);
  for (const id of unported) say('note', id, 'not ported');
  for (const id of undriven) say('fail', id, `no reference: expected a driver in ${reference}`);
  keep(reports, options);
  const failed = [...reports.filter((report) => report.problem).map((report) => report.id), ...undriven];
  plain(`${reports.length + undriven.length - failed.length} passed, ${failed.length} failed, in ${since(start)}`);
  if (failed.length > 0) throw new PlainError('parity', failed.join(', '));
});
