// What another person costs: from a key to the screen in a match, beside the same game played alone in the same run.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchEngine, withPage } from '../browser/engines.mjs';
import { buildServer } from '../build/server.mjs';
import { root } from '../lib/paths.mjs';
import { startServer } from '../serve/palaestra-server.mjs';
import { figure, percentile } from './figures.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const fps = 60;
const tick = 1000 / fps;
const strokes = 40;
const frames = 150;
/** What each person's packets meet on their way. */
const networks = [
  { name: 'no delay', network: undefined },
  { name: '100 ms each way', network: { delay: 100 } },
];

export const together = {
  name: 'together',
  title: 'Together',
  about:
    'A kitchen for two at 60 Hz (overcooked_ai/cramped_room) through the server of this machine, two pages of one Chromium, real keys on one of them while the ' +
    'other plays too. Input to paint: from the time of the key event until the browser has painted the picture in which it counted, in the match and ' +
    'beside it, in turns, with the same two pages each playing alone. Packets of the match are held back for as long as the name says. Ticks until the picture: ' +
    'from the first tick that came after the key to the one whose picture showed it.',
  prepare: buildServer,
  async run({ owner, quick, update }) {
    const repeats = quick ? 1 : 5;
    const server = await openServer(owner);
    const chromium = await launchEngine('Chromium', owner);
    const url = `${server.url}bench/bench.html`;
    const alone = [];
    const matches = networks.map(() => []);
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      update(`alone, ${repeat + 1} of ${repeats}`);
      alone.push(await strikesOfTwo(chromium, url, undefined));
      for (const [index, { name, network }] of networks.entries()) {
        update(`${name}, ${repeat + 1} of ${repeats}`);
        matches[index].push(await strikesOfTwo(chromium, url, { lobby: 'bench', transport: 'relay', network }));
      }
    }
    const figures = networks.flatMap(({ name }, index) => of(name, matches[index], alone));
    update(`${frames} frames back and forth`);
    const { ms, hashes } = await withPage(chromium, url, (page) =>
      page.evaluate(rewindTimes, { id: kitchen, frames, times: quick ? 10 : 60 }),
    );
    if (hashes !== 1) throw new Error(`expected one state after each rewind, found ${hashes}`);
    figures.push(
      figure({
        name: `Going back ${frames} frames and playing them again`,
        unit: 'ms',
        ours: ms.slice(Math.min(5, ms.length - 1)),
        bound: { target: 9, of: 'figure', at: 'most', value: tick },
      }),
    );
    return { figures, notes: [] };
  },
};

function of(name, matches, alone) {
  /** @type {[string, number, import('./figures.mjs').Bound | undefined][]} */
  const shares = [
    ['p50', 0.5, { target: 9, of: 'ratio', at: 'most', value: 1.2 }],
    ['p95', 0.95, undefined],
  ];
  const times = (runs, share) => runs.map(({ toPaint }) => percentile(toPaint, share));
  return [
    ...shares.map(([label, share, bound]) =>
      figure({
        name: `Input to paint, ${name}: ${label}`,
        unit: 'ms',
        ours: times(matches, share),
        peer: { label: 'the same game alone', values: times(alone, share) },
        bound,
      }),
    ),
    figure({
      name: `Ticks from the key's own until its picture, ${name}: p95`,
      unit: 'ticks',
      ours: matches.map(({ ticks }) => percentile(ticks, 0.95)),
      bound: { target: 9, of: 'figure', at: 'most', value: 1 },
    }),
    figure({ name: `Steps played again in a second, ${name}`, unit: 'steps', ours: matches.map((one) => one.again) }),
  ];
}

/** The server with the built site and the benchmarks' pages, its data in a folder of its own, until `owner` is done with it. */
async function openServer(owner) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-bench-'));
  owner.after(() => rm(folder, { recursive: true, force: true }));
  const site = join(folder, 'site');
  await cp(join(root, 'dist'), site, { recursive: true });
  await cp(join(root, 'bench/pages'), join(site, 'bench'), { recursive: true });
  const lobbies = join(folder, 'lobbies.json');
  await writeFile(lobbies, JSON.stringify({ lobbies: { bench: { env_id: kitchen, kwargs: {}, fps } } }));
  const server = await startServer(await buildServer(), { site, data: join(folder, 'data'), lobbies });
  owner.after(() => server.close());
  return server;
}

/** Two pages play, in one match or each alone; what real keys on the first took. */
async function strikesOfTwo(chromium, url, match) {
  return withPage(chromium, url, (first) =>
    withPage(chromium, url, async (second) => {
      const pages = [first, second];
      await Promise.all(pages.map(({ evaluate }) => evaluate(startPlaying, { id: kitchen, fps, match })));
      await Promise.all(pages.map(({ evaluate }) => evaluate(playing)));
      // The first second is the start.
      await new Promise((later) => setTimeout(later, 1000));
      for (let i = 0; i < strokes; i += 1) {
        // At times that have nothing to do with those of the display, and longer than the way to the partner and back at times.
        await new Promise((later) => setTimeout(later, 60 + ((i * 37) % 90)));
        await first.page.keyboard.press(i % 2 === 0 ? 'ArrowLeft' : 'ArrowRight');
        if (i % 3 === 0) await second.page.keyboard.press(i % 2 === 0 ? 'ArrowUp' : 'ArrowDown');
      }
      await new Promise((later) => setTimeout(later, 600));
      const measured = await first.evaluate(measure);
      await Promise.all(pages.map(({ evaluate }) => evaluate(() => void window.game.dispose('complete'))));
      return measured;
    }),
  );
}

// What follows runs in the page.

async function startPlaying({ id, fps, match }) {
  const { play } = await import('../palaestra.js');
  const options = { env: id, canvas: document.getElementById('canvas'), fps, seed: 1, verify: false, maxSteps: 36_000 };
  window.game = match ? play({ ...options, match }) : play({ ...options, seats: { agent_1: 'random' } });
}

const playing = () => window.until('the game to play', () => window.game.state === 'playing', 40_000);

function measure() {
  const { keypressTimestamp, paintTimestamp, ...others } = window.game.pipelineMetrics.history();
  const began = others.stepBeginTimestamp;
  const toPaint = [];
  const ticks = [];
  for (let i = 0; i < paintTimestamp.length; i += 1) {
    const time = paintTimestamp[i] - keypressTimestamp[i];
    if (Number.isNaN(time)) continue;
    toPaint.push(time);
    // The tick that came first after the key had the first chance to play it.
    let first = i;
    while (first > 0 && began[first - 1] >= keypressTimestamp[i]) first -= 1;
    ticks.push(i - first);
  }
  const seconds = paintTimestamp.length / 60;
  return { toPaint, ticks, again: (window.game.match?.rolledBack ?? 0) / seconds };
}

async function rewindTimes({ id, frames, times }) {
  const registry = await (await fetch('../page/registry.json')).json();
  const { rewinds } = await import('./rewind.js');
  return rewinds(registry, id, frames, times);
}
