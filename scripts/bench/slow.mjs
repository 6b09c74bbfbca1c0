// What a participant on a slow laptop with a slow line waits for, and whether the game is on time then.
import { launchEngine } from '../browser/engines.mjs';
import { openSlowLine } from '../browser/slow-line.mjs';
import { within } from '../browser/until.mjs';
import { figure } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const line = { bitsPerSecond: 1_600_000, roundTripMs: 150 };
const slower = 6;
const environments = [
  { id: 'CartPole-v1', name: 'CartPole', target: { target: 12, of: 'figure', at: 'most', value: 3500 } },
  { id: 'overcooked_ai/cramped_room', name: 'Overcooked' },
];
const waitMs = 90_000;
const steps = 100;

export const slow = {
  name: 'slow',
  title: 'A slow laptop on a slow line',
  about:
    `From the navigation, in a fresh profile, to the first painted frame of the game, with ${line.bitsPerSecond / 1e6} Mbit/s, ${line.roundTripMs} ms there and back and a processor ${slower} ` +
    'times slower (as the DevTools have it), beside a page that paints a rectangle over the same line. The line is a proxy that delays and paces all connections together, HTTP/1.1 without ' +
    `encryption. Then ${steps} steps of the game: how much later than it is due a step begins.`,
  async run({ owner, quick, update }) {
    const repeats = quick ? 1 : 5;
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const far = await openSlowLine(owner, site.url, line);
    const visit = (path, body) => onSlowLaptop(chromium, `${far}bench/${path}`, body);
    const floor = [];
    const painted = environments.map(() => []);
    const late = environments.map(() => []);
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      update(`${repeat + 1} of ${repeats}`);
      floor.push(await visit('cold-floor.html', (page) => page.evaluate(() => window.painted)));
      for (const [index, { id }] of environments.entries()) {
        await visit(`cold.html?env=${encodeURIComponent(id)}`, async (page) => {
          painted[index].push(await page.evaluate(() => window.painted));
          late[index].push(await page.evaluate(lateness, steps));
        });
      }
    }
    const figures = environments.flatMap(({ name, target }, index) => [
      figure({
        name: `navigation to first painted frame, ${name}`,
        unit: 'ms',
        ours: painted[index],
        peer: { label: 'a page that paints a rectangle', values: floor },
        bound: target,
      }),
      figure({ name: `a step begins after it is due, 95th percentile, ${name}`, unit: 'ms', ours: late[index] }),
    ]);
    return { figures, notes: [] };
  },
};

/** Opens a page with an empty cache and a slow processor. */
/** @param {import('../browser/engines.mjs').LaunchedEngine} engine */
async function onSlowLaptop({ browser }, url, body) {
  const page = await browser.openPage('about:blank');
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await within(`${url} to be opened`, page.goto(url, { timeout: waitMs }), waitMs);
    return await within(`an answer of ${url}`, body(page), waitMs);
  } finally {
    await page.context().close();
  }
}

// What follows runs in the page.

async function lateness(steps) {
  const { game } = window;
  await window.until(`${steps} steps`, () => game.pipelineMetrics.count >= steps, 60_000, 50);
  const { stepDueTimestamp: due, stepBeginTimestamp: begun } = game.pipelineMetrics.history({ last: steps });
  const late = Array.from(due, (at, i) => begun[i] - at).sort((a, b) => a - b);
  return late[Math.floor(late.length * 0.95)];
}
