// CartPole here and in plain Python under Pyodide, in Workers of the same page.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { memoryIsReadable, processMemory } from '../browser/processes.mjs';
import { root } from '../lib/paths.mjs';
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const batch = 10_000;
const turnMs = 400;

export const python = {
  name: 'python',
  title: 'Beside Python under Pyodide',
  about:
    'CartPole, ours and the same environment written in plain Python, from local files, each in a Worker of one and the same ' +
    'page, in a fresh profile. Cold start: from asking for it to the first observation, nothing loaded before. Steps: random ' +
    'actions drawn beforehand, many in one crossing. Downloads: the files that were asked for, each compressed with gzip -9. ' +
    "Memory: what the page's process has more in RAM than before, after a garbage collection.",
  async run({ owner, quick, update }) {
    const repeats = quick ? 1 : 3;
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const seen = { ours: [], python: [] };
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      for (const side of repeat % 2 === 0 ? ['ours', 'python'] : ['python', 'ours']) {
        update(`${repeat + 1} of ${repeats}: ${side}`);
        seen[side].push(await visit(chromium, site, side));
      }
    }
    const compare = (name, unit, field, more) =>
      figure({
        name: `CartPole, ${name}`,
        unit,
        ours: seen.ours.map(field),
        peer: { label: 'Python under Pyodide', values: seen.python.map(field) },
        ...more,
      });
    const { version } = JSON.parse(await readFile(join(root, 'node_modules/pyodide/package.json'), 'utf8'));
    const figures = [
      compare('cold start to the first observation', 'ms', ({ coldMs }) => coldMs, {
        invert: true,
        bound: { target: 3, of: 'ratio', at: 'least', value: 50 },
      }),
      compare('stepMany', 'steps/s', ({ perSecond }) => perSecond, {
        bound: { target: 3, of: 'ratio', at: 'least', value: 100 },
      }),
      compare('download, gzip', 'kB', ({ bytes }) => bytes / 1000, {
        invert: true,
        bound: { target: 3, of: 'ratio', at: 'least', value: 25 },
      }),
    ];
    if (memoryIsReadable) {
      figures.push(compare('memory after play', 'MB', ({ megabytes }) => megabytes, { invert: true }));
    }
    return { figures, notes: [`Pyodide ${version}, without numpy or any other package.`] };
  },
};

/** Sizes by path: brotli of Pyodide would take longer than all the rest. */
const compressed = new Map();

async function visit(chromium, site, side) {
  return withPage(chromium, `${site.url}bench/bench.html`, async ({ page, evaluate }) => {
    const pid = memoryIsReadable ? await chromium.browser.rendererProcess(page) : undefined;
    const resident = async () => (pid ? (await processMemory(pid)).resident : NaN);
    const before = await resident();
    const from = site.requests.length;
    const coldMs = await evaluate(side === 'ours' ? startOurs : startPython);
    const paths = new Set(site.requests.slice(from).map(({ path }) => path));
    // The files of the benchmark itself are no part of either side, but for the Python source.
    const files = [...paths].filter((path) => !path.startsWith('/bench/') || path.endsWith('.py'));
    const perSecond = await evaluate(side === 'ours' ? playOurs : playPython, { batch, turnMs });
    const bytes = (await Promise.all(files.map((path) => sizeOf(site, path)))).reduce((sum, size) => sum + size, 0);
    await chromium.browser.liveHeap(page);
    return { coldMs, perSecond, bytes, megabytes: ((await resident()) - before) / 1e6 };
  });
}

async function sizeOf(site, path) {
  if (!compressed.has(path)) {
    const response = await fetch(new URL(path, site.url));
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    compressed.set(path, gzipSync(Buffer.from(await response.arrayBuffer()), { level: 9 }).length);
  }
  return compressed.get(path);
}

// What follows runs in the page.

async function startOurs() {
  const began = performance.now();
  const { make } = await import('../palaestra.js');
  window.env = await make('CartPole-v1');
  await window.env.reset({ seed: 1 });
  return performance.now() - began;
}

async function playOurs({ batch, turnMs }) {
  const { randomActions, stepsPerSecond } = await import('./steps.js');
  const actions = randomActions(window.env, batch);
  await stepsPerSecond(window.env, actions, turnMs);
  return (await stepsPerSecond(window.env, actions, turnMs)).perSecond;
}

async function startPython() {
  const { startPython } = await import('./steps.js');
  window.python = await startPython();
  return window.python.coldMs;
}

async function playPython({ batch, turnMs }) {
  const random = Uint8Array.from(
    { length: batch },
    (_, i) => Math.floor(Math.abs(Math.sin(i * 12.9898) * 43758.5453)) & 1,
  );
  await window.python.perSecond(random, turnMs);
  return window.python.perSecond(random, turnMs);
}
