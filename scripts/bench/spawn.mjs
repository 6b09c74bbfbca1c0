// How long it takes until a Worker is there, and until one that hangs is gone.
import { eventually } from '../browser/until.mjs';
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure, median } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const environments = [
  { id: 'CartPole-v1', name: 'CartPole' },
  { id: 'MiniGrid-DoorKey-8x8-v0', name: 'DoorKey' },
  { id: 'overcooked_ai/cramped_room', name: 'Overcooked' },
];
const spawns = 8;

export const spawn = {
  name: 'spawn',
  title: 'Starting and ending',
  about:
    'Warm: from make to the first observation once the module is compiled, beside an empty module Worker from its making to ' +
    'its first message. Cold: from the navigation, in a fresh profile with an empty cache, to the first painted frame of the ' +
    'game, beside a page that paints a rectangle. Hung: from the rejection of a step that never returns until the browser has ' +
    'no such Worker any more.',
  faults: true,
  async run({ owner, quick, update }) {
    const repeats = quick ? 1 : 3;
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const figures = await warm(chromium, site, repeats, update, true);
    const other = await launchEngine('Firefox', owner);
    if (other) figures.push(...(await warm(other, site, quick ? 1 : 2, update, false)));
    figures.push(...(await cold(chromium, site, repeats, update)));
    figures.push(await hung(owner, chromium, repeats, update));
    return { figures, notes: other ? [] : ['Firefox is not installed here.'] };
  },
};

async function warm(browser, site, repeats, update, judged) {
  const url = `${site.url}bench/bench.html`;
  const visit = (body, argument) => withPage(browser, url, (page) => page.evaluate(body, argument));
  const empty = [];
  const ours = environments.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    update(`${browser.name}, ${repeat + 1} of ${repeats}: warm`);
    empty.push(median(await visit(async (count) => (await import('./spawn.js')).emptyWorkers(count), spawns)));
    for (const [index, { id }] of environments.entries())
      ours[index].push(median(await visit(spawnTimes, { id, spawns })));
  }
  return environments.map(({ name }, index) =>
    figure({
      name: `${browser.name}, warm spawn to first observation, ${name}`,
      unit: 'ms',
      ours: ours[index],
      peer: { label: 'empty module Worker', values: empty },
      bound: judged ? { target: 2, of: 'ratio', at: 'most', value: 1.5 } : undefined,
    }),
  );
}

async function cold(browser, site, repeats, update) {
  const painted = (page) =>
    withPage(browser, `${site.url}bench/${page}`, ({ evaluate }) => evaluate(() => window.painted));
  const floor = [];
  const ours = environments.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    update(`${repeat + 1} of ${repeats}: cold`);
    floor.push(await painted('cold-floor.html'));
    for (const [index, { id }] of environments.entries()) {
      ours[index].push(await painted(`cold.html?env=${encodeURIComponent(id)}`));
    }
  }
  return environments.map(({ name }, index) =>
    figure({
      name: `Chromium, cold, navigation to first painted frame, ${name}`,
      unit: 'ms',
      ours: ours[index],
      peer: { label: 'a page that paints a rectangle', values: floor },
    }),
  );
}

async function hung(owner, chromium, repeats, update) {
  const site = await openBenchSite(owner, { faults: true });
  const seconds = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    update(`${repeat + 1} of ${repeats}: a step that hangs`);
    seconds.push(
      await withPage(chromium, `${site.url}bench/bench.html`, ({ page }) => untilGone(chromium.browser, page)),
    );
  }
  return figure({
    name: 'Chromium, hung step: rejection to the Worker gone',
    unit: 's',
    ours: seconds,
    bound: { target: 2, of: 'figure', at: 'most', value: 2.5 },
  });
}

/** Seconds from the rejection of a step that hangs until the browser's list of targets has no Worker of the page left. */
async function untilGone(browser, page) {
  const code = await page.evaluate(async () => {
    const { make } = await import('../palaestra.js');
    const env = await make('Faults-v0', {}, { stepTimeout: 500 });
    await env.reset();
    return env.step(2).then(
      () => 'returned',
      (error) => error.code,
    );
  });
  const rejected = performance.now();
  if (code !== 'deadline_exceeded') throw new Error(`a step that hangs: ${code}`);
  await eventually('the hung Worker to be gone', async () => (await browser.dedicatedWorkers(page)).length === 0, {
    timeoutMs: 20_000,
    everyMs: 10,
  });
  return (performance.now() - rejected) / 1000;
}

// What follows runs in the page.

async function spawnTimes({ id, spawns }) {
  const { environments } = await import('./spawn.js');
  return environments(await import('../palaestra.js'), id, spawns);
}
