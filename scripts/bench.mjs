// npm run bench [-- SECTION...] [--quick] [--as-built]: measures, prints and writes bench/results.json and bench/index.html.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { join, relative } from 'node:path';
import { newOwner } from './browser/owner.mjs';
import { reportPage } from './bench/page.mjs';
import { choose } from './bench/choose.mjs';
import { targets } from './bench/targets.mjs';
import { printSection, printTargets } from './bench/terminal.mjs';
import { buildSite } from './build/site.mjs';
import { findChromium } from './browser/find.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { ask } from './lib/run.mjs';
import { plain, progress, say, since } from './lib/say.mjs';
import { setUpForBrowser, setUpForBuild, setUpNodeModules } from './setup/index.mjs';

const folder = join(root, 'bench');
const resultsFile = join(folder, 'results.json');

/** What it was measured on; nothing that says whose machine it is. */
async function machine() {
  const [cpu] = cpus();
  const chromium = findChromium();
  return {
    cpu: cpu?.model.trim(),
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    // Whatever else a wrapper around it may print.
    chromium: chromium && (await ask([chromium, '--version']))?.match(/\b(?:Chromium|Google Chrome) [\d.]+/)?.[0],
  };
}

/** A page that never answers must not keep the others from being measured. */
const limitMinutes = ({ apart, minutes }) => minutes ?? (apart ? 20 : 8);

async function runSection(section, quick) {
  const owner = newOwner();
  const start = Date.now();
  const work = progress(section.name, section.title);
  let timer;
  const minutes = limitMinutes(section);
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${minutes} minutes`)), minutes * 60_000);
  });
  try {
    const measuring = section.run({ owner, quick, update: work.update });
    const result = await Promise.race([measuring, late]);
    return { ...result, seconds: Math.round((Date.now() - start) / 1000) };
  } catch (error) {
    // The others can still be measured. Where in the code it happened is for the terminal, not for the report.
    plain(error.stack ?? String(error));
    return { failed: String(error.message ?? error).split('\n')[0], figures: [], notes: [] };
  } finally {
    clearTimeout(timer);
    await owner.release().catch((error) => say('note', section.name, `not all was closed: ${error.message}`));
    work.done();
  }
}

/** What is known from earlier runs of the sections that were not asked for. */
async function earlier() {
  try {
    return JSON.parse(await readFile(resultsFile, 'utf8')).sections;
  } catch {
    return {};
  }
}

await main(async () => {
  await setUpNodeModules();
  // They need the npm packages, which a fresh clone has only now.
  const { sections } = await import('./bench/sections.mjs');
  const { chosen, quick, build } = choose(process.argv.slice(2), sections);
  const start = Date.now();
  await setUpForBrowser();
  if (build) {
    const environment = await setUpForBuild();
    await buildSite({ environment });
    if (chosen.some(({ faults }) => faults)) await buildSite({ environment, faults: true });
    for (const { prepare } of chosen) await prepare?.();
  }
  const results = {};
  for (const section of chosen) {
    const result = await runSection(section, quick);
    results[section.name] = { ...result, quick, measured: new Date().toISOString().slice(0, 10) };
    printSection(section, result);
  }
  printTargets(targets, results);

  const all = { ...(await earlier()), ...results };
  const ordered = Object.fromEntries(sections.filter(({ name }) => all[name]).map(({ name }) => [name, all[name]]));
  const report = { machine: await machine(), sections: ordered };
  await mkdir(folder, { recursive: true });
  await writeFile(resultsFile, `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(folder, 'index.html'), reportPage(report, sections, targets));
  plain(`\nIn ${since(start)}; ${relative(root, resultsFile)} and ${relative(root, folder)}/index.html are written.`);
  const failed = chosen.filter(({ name }) => results[name].failed);
  if (failed.length > 0)
    throw new PlainError('bench', `could not be measured: ${failed.map(({ name }) => name).join(', ')}`);
});
