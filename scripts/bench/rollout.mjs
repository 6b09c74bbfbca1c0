// How many steps a second policies play by themselves in a Worker, beside the native build: the same episodes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchEngine, withPage } from '../browser/engines.mjs';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain, progress } from '../lib/say.mjs';
import { figure, geometricMean } from './figures.mjs';
import { openBenchSite } from './site.mjs';

/** Milliseconds that a side plays in a turn, as far as the first try says. */
const turnMs = 300;
const firstSteps = 4_000;
const program = join(nativeTargetDir, 'release/palaestra');

/** The command with all optimisations, which the one that tests use is without. */
async function buildRelease() {
  const command = ['cargo', 'build', '--release', '-p', 'palaestra-cli'];
  const work = progress('rollout', command.join(' '));
  const { code, output } = await run(command, { cwd: root, env: { CARGO_TARGET_DIR: nativeTargetDir } }).finally(
    work.done,
  );
  if (code === 0) return;
  plain(errorsOf(output));
  throw new PlainError('bench', `${command.join(' ')} ended with ${code}; the reason is above`);
}

export const rollout = {
  name: 'rollout',
  title: 'Rollouts',
  about:
    'Steps a second of env.rollout in Chromium, in its Worker, beside `palaestra rollout --threads 1`: random players, the same seeds and ' +
    'the same episodes, which are compared. With experts: the same of two cooks and of a policy that thinks at every step.',
  minutes: 15,
  prepare: buildRelease,
  async run({ owner, quick, update }) {
    const turns = quick ? 1 : 3;
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const entries = await withPage(chromium, `${site.url}bench/bench.html`, ({ evaluate }) => evaluate(listed));
    const figures = [];
    for (const { id, expert } of entries) {
      for (const policy of expert && expertsOf.includes(id) ? ['random', 'expert'] : ['random']) {
        update(`${id}, ${policy}`);
        const seen = await withPage(chromium, `${site.url}bench/bench.html`, (page) =>
          inTurns(page, { id, policy, turns }),
        );
        const peer = { label: 'native', values: seen.native };
        figures.push(
          figure({ name: policy === 'random' ? id : `${id}, experts`, unit: 'steps/s', ours: seen.here, peer }),
        );
      }
    }
    const random = figures.filter(({ name }) => !name.endsWith(', experts'));
    const mean = figure({
      name: `Rollouts at random, geometric mean of ${random.length} environments, over native`,
      unit: 'x',
      ours: [geometricMean(random.map(({ ratio }) => ratio.median))],
      bound: { target: 10, of: 'figure', at: 'least', value: 0.7 },
    });
    return { figures: [mean, ...figures], notes: [] };
  },
};

/** Some whose experts are measured as well. */
const expertsOf = ['CartPole-v1', 'overcooked_ai/cramped_room', 'MiniGrid-FourRooms-v0', 'SlimeVolley-v0'];

async function inTurns({ evaluate }, { id, policy, turns }) {
  const seen = { here: [], native: [] };
  let steps = firstSteps;
  // The engine compiles a module quickly at first and well after a while: the first two are to warm up and to learn how long they take.
  for (let turn = -2; turn < turns; turn += 1) {
    const here = await evaluate(play, { id, policy, steps });
    const there = await native(id, policy, steps);
    if (here.last.hash !== there.last.hash || here.episodes !== there.episodes) {
      throw new Error(`${id}: not the same episodes natively and in the browser`);
    }
    if (turn >= 0) {
      seen.here.push(here.steps / (here.playMs / 1000));
      seen.native.push(there.perSecond);
    }
    if (turn < 0) steps = Math.max(1000, Math.min(2_000_000, Math.round((steps * turnMs) / here.playMs)));
  }
  return seen;
}

async function native(id, policy, steps) {
  const words = [
    'rollout',
    id,
    '--policy',
    policy,
    '--steps',
    String(steps),
    '--seed',
    '1',
    '--threads',
    '1',
    '--json',
  ];
  const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 1 << 30 });
  const lines = stdout.trimEnd().split('\n');
  const { episodes, steps_per_second: perSecond } = JSON.parse(lines.at(-1));
  return { episodes, perSecond, last: JSON.parse(lines.at(-2)) };
}

// What follows runs in the page.

async function listed() {
  const { registry } = await import('../palaestra.js');
  return [...registry.values()].map(({ id, expert }) => ({ id, expert }));
}

async function play({ id, policy, steps }) {
  const { make } = await import('../palaestra.js');
  window.env ??= await make(id);
  const { episodes, playMs, steps: played } = await window.env.rollout({ policies: policy, steps, seed: 1 });
  return { episodes: episodes.length, last: episodes.at(-1), playMs, steps: played };
}
