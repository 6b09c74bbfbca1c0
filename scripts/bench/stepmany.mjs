// How many steps a second stepMany makes in the browser, beside the native build of the same environment.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure, geometricMean, median } from './figures.mjs';
import { buildRollouts, startNative } from './native.mjs';
import { openBenchSite } from './site.mjs';

/** Actions of one crossing. */
const batch = 10_000;
/** Steps of a rollout before it starts anew; and milliseconds of a turn, and to warm up. */
const rolloutSteps = 2000;
const turnMs = 120;
const warmMs = 250;
const rolloutPath = '/bench/rollout.wasm';

export const stepmany = {
  name: 'stepmany',
  title: 'stepMany',
  about:
    `Steps a second of stepMany with autoreset in Chromium, ${batch.toLocaleString('en')} random actions a crossing, from the call to the ` +
    'returns on the page; beside the native build of the same environment with random actions, returns written but sent ' +
    'nowhere. "Alone" is that very native work under WebAssembly in a Worker, to the same last bit of reward: without actions ' +
    'from a page and returns to it. "Asked ahead" is stepMany where the next call is made before the last one is answered, so that ' +
    'neither the page nor the Worker waits for the other. All take turns.',
  prepare: buildRollouts,
  async run({ owner, quick, update }) {
    const turns = quick ? 1 : 3;
    const { program, module } = await buildRollouts();
    const site = await openBenchSite(owner, { files: { [rolloutPath]: module } });
    const chromium = await launchEngine('Chromium', owner);
    const native = startNative(program, owner);
    const [through, ahead, alone, shares, failures] = [[], [], [], [], []];
    for (const id of await native.ids()) {
      update(id);
      const url = `${site.url}bench/bench.html`;
      let seen;
      try {
        seen = await withPage(chromium, url, (page) => inTurns(page, native, id, turns));
      } catch (error) {
        // The others can still be measured.
        failures.push(`${id} could not be measured: ${error.message.split('\n')[0]}`);
        continue;
      }
      const peer = { label: 'native', values: seen.native };
      through.push(figure({ name: id, unit: 'steps/s', ours: seen.through, peer }));
      ahead.push(figure({ name: `${id}, asked ahead`, unit: 'steps/s', ours: seen.ahead, peer }));
      alone.push(figure({ name: `${id}, alone`, unit: 'steps/s', ours: seen.alone, peer }));
      shares.push(`${id} ${Math.round(100 * seen.share)} %`);
    }
    const mean = (figures) => [geometricMean(figures.map(({ ratio }) => ratio.median))];
    const what = `geometric mean of ${through.length} environments, over native`;
    const means = [
      figure({
        name: 'Environments that could not be measured',
        unit: '',
        ours: [failures.length],
        bound: { target: 4, of: 'figure', at: 'most', value: 0 },
      }),
      figure({
        name: `stepMany, ${what}`,
        unit: 'x',
        ours: mean(through),
        bound: { target: 4, of: 'figure', at: 'least', value: 0.4 },
      }),
      figure({ name: `stepMany, asked ahead, ${what}`, unit: 'x', ours: mean(ahead) }),
      figure({ name: `Alone under WebAssembly, ${what}`, unit: 'x', ours: mean(alone) }),
    ];
    const notes = [
      ...failures,
      `The page's own share of stepMany's time, in which it turns actions into bytes: ${shares.join(', ')}.`,
    ];
    return { figures: [...means, ...through, ...ahead, ...alone], notes };
  },
};

async function inTurns({ evaluate }, native, id, turns) {
  await evaluate(open, { id, batch, rollout: { address: rolloutPath, id, steps: rolloutSteps } });
  const many = (ms) => evaluate((ms) => window.steps.stepsPerSecond(window.env, window.actions, ms), ms);
  const manyAhead = (ms) => evaluate((ms) => window.steps.stepsPerSecondAhead(window.env, window.actions, ms), ms);
  const nativeSide = side((times) => native.play({ id, steps: rolloutSteps, times }));
  const aloneSide = side((times) =>
    evaluate((request) => window.rollout.play(request), { steps: rolloutSteps, times }),
  );
  // The engine compiles a module quickly at first and well after a while; the rollouts learn how much fills a turn.
  await many(warmMs);
  for (let i = 0; i < 2; i += 1) {
    await nativeSide();
    await aloneSide();
  }
  const seen = { through: [], ahead: [], alone: [], native: [] };
  const shares = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const { perSecond, onPage } = await many(turnMs);
    seen.through.push(perSecond);
    seen.ahead.push((await manyAhead(turnMs)).perSecond);
    shares.push(onPage);
    const [there, here] = [await nativeSide(), await aloneSide()];
    if (there.earned !== here.earned) throw new Error(`${id}: not the same game natively and under WebAssembly`);
    seen.native.push(there.perSecond);
    seen.alone.push(here.perSecond);
  }
  await evaluate(async () => {
    window.rollout.close();
    await window.env.close();
  });
  return { ...seen, share: median(shares) };
}

/** Rollouts of one side, each as many as fill a turn by the time of the last. */
function side(play) {
  let times = 1;
  return async () => {
    const { seconds, steps, earned } = await play(times);
    times = Math.max(1, Math.ceil((times * turnMs) / 1000 / seconds));
    return { perSecond: steps / seconds, earned };
  };
}

// What follows runs in the page.

async function open({ id, batch, rollout }) {
  const { make } = await import('../palaestra.js');
  window.steps = await import('./steps.js');
  window.rollout = await window.steps.startRollout(rollout);
  window.env = await make(id);
  window.actions = window.steps.randomActions(window.env, batch);
  await window.env.reset({ seed: 1 });
}
