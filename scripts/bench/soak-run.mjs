// Two hundred sessions in one page, and what they leave behind.
import { withProtocol } from '../browser/protocol.mjs';
import { memoryIsReadable, processMemory } from '../browser/processes.mjs';
import { until } from '../browser/until.mjs';
import { figure, slope } from './figures.mjs';

/** From which session on nothing may grow: by then the page has done everything at least once. */
export const warm = 20;
/**
 * What Chromium is started with for a soak: its JavaScript is interpreted and never compiled. V8 compiles a function once it has run often
 * enough, and what it compiles stands in the heap, 400 kB of it within two hundred sessions, at moments of its own choosing: more than
 * a leak of a hundred bytes per session would be. WebAssembly is compiled as ever; it is not in that heap.
 */
export const interpreted = ['--js-flags=--no-opt --no-maglev --no-sparkplug --no-lazy-feedback-allocation'];
/** How long a Worker that hangs may take to be gone. */
const goneMs = 5000;

const expected = {
  complete: ['complete', null, null],
  packed: ['complete', null, true],
  disposed: ['closed', null, null],
  panicked: ['error', 'panicked', null],
  hung: ['error', 'deadline_exceeded', null],
};

/**
 * Plays `sessions` in a page of Chromium's that is at bench.html; of a site with faults, unless `choose(index)` gives an `id`
 * and an `ending` that need none. Gives `{ samples, endings }`, a sample every `every` sessions; rejects if a session does not
 * end as it should.
 *
 * @param {import('../browser/chromium.mjs').TestBrowser} browser
 * @param {import('playwright-core').Page} page
 * @param {object} options
 * @param {number} options.sessions
 * @param {number} [options.every]
 * @param {(index: number) => { id: string, ending: string }} [options.choose]
 * @param {(line: string) => void} [options.update]
 */
export async function soakPage(browser, page, { sessions, every = 5, choose, update }) {
  await page.evaluate(async () => {
    window.soak = await import('./soak.js');
    window.palaestra = await import('../palaestra.js');
  });
  const pid = memoryIsReadable ? await browser.rendererProcess(page) : undefined;
  const samples = [];
  const endings = {};
  for (let index = 1; index <= sessions; index += 1) {
    const { id, ending, reason, error, identical, live } = await page.evaluate(
      ([index, chosen]) => window.soak.session(window.palaestra, index, chosen),
      [index, choose?.(index) ?? {}],
    );
    const found = JSON.stringify([reason, error, identical]);
    const wanted = JSON.stringify(expected[ending]);
    if (found !== wanted || live !== 0) {
      throw new Error(
        `session ${index}, ${id}, ${ending}: expected ${wanted} and no live session, found ${found} and ${live}`,
      );
    }
    endings[ending] = (endings[ending] ?? 0) + 1;
    update?.(`session ${index} of ${sessions}: ${id}, ${ending}`);
    if (index % every === 0) samples.push({ session: index, ...(await sample(browser, page, pid)) });
  }
  return { samples, endings };
}

/** What the page holds once everything that can be freed is. */
async function sample(browser, page, pid) {
  let targets = [];
  const gone = async () => (targets = await browser.dedicatedWorkers(page)).length === 0;
  // A Worker that does not go is what is being counted.
  await until('no Worker to be left', gone, goneMs, 100).catch(() => {});
  let heap = Infinity;
  let resident = Infinity;
  // Freed pages go back to the system in their own time, and finalisers run after a collection.
  for (let round = 0; round < 4; round += 1) {
    heap = Math.min(heap, await browser.liveHeap(page));
    if (pid) resident = Math.min(resident, (await processMemory(pid)).resident);
    await new Promise((later) => setTimeout(later, 100));
  }
  const metrics = await withProtocol(page, async (protocol) => {
    await protocol.send('Performance.enable');
    const { metrics } = await protocol.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  });
  const counts = await page.evaluate(() => window.soak.counts());
  return {
    heap: heap / 1000,
    ...(pid ? { resident: resident / 1e6 } : {}),
    targets: targets.length,
    listeners: metrics.JSEventListeners,
    nodes: metrics.Nodes,
    ...counts,
  };
}

/** What is sampled, in words; `atMost` is how much a session may add beyond the noise of the samples. */
export const quantities = {
  heap: { name: 'JavaScript heap after collection', unit: 'kB', atMost: 0.5 },
  resident: { name: "memory of the page's process in RAM", unit: 'MB', atMost: 0 },
  targets: { name: 'Workers of the page that the browser knows', unit: 'Workers', atMost: 0 },
  listeners: { name: 'event listeners', unit: 'listeners', atMost: 0 },
  nodes: { name: 'DOM nodes', unit: 'nodes', atMost: 0 },
  urls: { name: 'object URLs', unit: 'URLs', atMost: 0 },
  closures: { name: 'closures of the WebAssembly module', unit: 'closures', atMost: 0 },
  handles: { name: "objects of the WebAssembly module's in JavaScript", unit: 'objects', atMost: 0 },
};

/** The figures that samples come to, each with its bound. */
export function soakFigures(samples) {
  const later = samples.filter(({ session }) => session >= warm);
  const figures = [];
  for (const [key, { name, unit, atMost }] of Object.entries(quantities)) {
    if (later[0]?.[key] === undefined || key === 'resident') continue;
    const { perX, error } = slope(
      later.map(({ session }) => session),
      later.map((sample) => sample[key]),
    );
    figures.push(
      figure({
        name: `${name}, added by a session (from ${later[0][key]} to ${later.at(-1)[key]})`,
        unit,
        ours: [perX],
        note: `standard error ${error.toPrecision(2)}`,
        // Twice the standard error is what noise alone makes of a level line.
        bound: { target: 6, of: 'figure', at: 'most', value: Math.max(atMost, 2 * error) },
      }),
    );
  }
  if (later[0]?.resident !== undefined) {
    figures.push(
      figure({
        name: `${quantities.resident.name}, after the last session`,
        unit: 'MB',
        ours: [later.at(-1).resident],
        peer: { label: `after session ${later[0].session}`, values: [later[0].resident] },
        bound: { target: 6, of: 'ratio', at: 'most', value: 1.05 },
      }),
    );
  }
  return figures;
}
