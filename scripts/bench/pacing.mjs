// Whether ticks come when they should, and how long a key takes to the screen.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure, percentile } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const busy = { busyMs: 8, everyMs: 16 };
const rates = [30, 60];
const kitchen = 'overcooked_ai/cramped_room';
const game = { id: kitchen, seats: { agent_0: 'random', agent_1: 'random' }, busy };
const seconds = 4;
const keys = 40;

export const pacing = {
  name: 'pacing',
  title: 'Pacing, and from the key to the screen',
  about:
    'Ticks of a game of Overcooked on a canvas while a timer keeps the main thread busy 8 ms in every 16. Jitter: how far the ' +
    'time from the beginning of one step in the Worker to that of the next is from what it should be, its 99th percentile; ' +
    'beside a bare timer of a Worker under the same load. A loop of animation frames that draws a rectangle and has its ticks after the ' +
    'paint stands below. ' +
    'Input to paint: from the time of the key event until the browser has painted the picture in which it counted.',
  async run({ owner, quick, update }) {
    const repeats = quick ? 1 : 3;
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const url = `${site.url}bench/bench.html`;
    const visit = (body, argument) => withPage(chromium, url, (page) => page.evaluate(body, argument));
    const figures = [];
    for (const fps of rates) {
      const steps = fps * seconds;
      const [ours, loop, worker, lost, slowed] = [[], [], [], [], []];
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        update(`${fps} Hz, ${repeat + 1} of ${repeats}`);
        const played = await visit(playGame, { ...game, fps, steps });
        ours.push(jitter(played.began, fps));
        lost.push(steps - inOrder(played.steps));
        slowed.push(played.slowed);
        loop.push(jitter(await visit(loopTicks, { fps, steps, busy }), fps));
        worker.push(jitter(await visit(workerTicks, { fps, steps, busy }), fps));
      }
      const name = (what) => `Chromium, busy main thread, ${fps} Hz: ${what}`;
      figures.push(
        figure({
          name: name('tick jitter p99'),
          unit: 'ms',
          ours,
          peer: { label: "a bare Worker's timer", values: worker },
          bound: { target: 7, of: 'ratio', at: 'most', value: 1.2 },
        }),
        figure({ name: name('jitter p99 of a bare loop of frames'), unit: 'ms', ours: loop }),
        figure({
          name: name('lost steps'),
          unit: 'steps',
          ours: lost,
          bound: { target: 7, of: 'figure', at: 'most', value: 0 },
        }),
        figure({ name: name('time by which the game slowed down'), unit: 'ms', ours: slowed }),
      );
    }
    const [ours, floor] = [[], []];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      update(`keys, ${repeat + 1} of ${repeats}`);
      ours.push(await withPage(chromium, url, keysOfGame));
      floor.push(await withPage(chromium, url, keysOfPage));
    }
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ]) {
      figures.push(
        figure({
          name: `Chromium, input to paint, Overcooked at 60 Hz: ${name}`,
          unit: 'ms',
          ours: ours.map((times) => percentile(times, share)),
          peer: { label: 'a page that draws at the key', values: floor.map((times) => percentile(times, share)) },
        }),
      );
    }
    return { figures, notes: [] };
  },
};

/** The 99th percentile of how far the intervals are from that of `fps`; the first second is the start. */
function jitter(called, fps) {
  const settled = called.slice(fps);
  const intervals = settled.slice(1).map((at, i) => at - settled[i]);
  return percentile(
    intervals.map((interval) => Math.abs(interval - 1000 / fps)),
    0.99,
  );
}

/** How many of the steps' numbers are there, each once and in order. */
const inOrder = (numbers) => numbers.filter((t, i) => i === 0 || t === numbers[i - 1] + 1 || t === 1).length;

/** Strikes keys at times that have nothing to do with those of the display. */
async function strikes(page, count) {
  for (let i = 0; i < count; i += 1) {
    await new Promise((later) => setTimeout(later, 60 + ((i * 37) % 50)));
    await page.keyboard.press(i % 2 === 0 ? 'ArrowLeft' : 'ArrowRight');
  }
  await new Promise((later) => setTimeout(later, 150));
}

async function keysOfGame({ page, evaluate }) {
  await evaluate(startPlaying, { id: kitchen, fps: 60 });
  await strikes(page, keys);
  return evaluate(() => {
    const { keypressTimestamp, paintTimestamp } = window.game.pipelineMetrics.history();
    window.game.dispose('complete');
    const times = Array.from(paintTimestamp, (at, i) => at - keypressTimestamp[i]);
    return times.filter((time) => !Number.isNaN(time));
  });
}

async function keysOfPage({ page, evaluate }) {
  await evaluate(async () => void (window.times = (await import('./pacing.js')).drawAtKeys()));
  await strikes(page, keys);
  return evaluate(() => window.times);
}

// What follows runs in the page.

const playGame = async (options) => (await import('./pacing.js')).ticksOfGame(await import('../palaestra.js'), options);

const loopTicks = async (options) => (await import('./pacing.js')).ticksOfLoop(options);

const workerTicks = async (options) => (await import('./pacing.js')).ticksOfWorker(options);

async function startPlaying({ id, fps }) {
  const { play } = await import('../palaestra.js');
  window.game = play({ env: id, canvas: document.getElementById('canvas'), fps, seed: 1, verify: false });
  await window.until('the game to play', () => window.game.state === 'playing');
}
