// How many steps a second stepMany makes in the browser, beside the native build of the same environment.
import { openChromium, withPage } from './browsers.mjs';
import { figure, geometricMean, median } from './figures.mjs';
import { buildNative, startNative } from './native.mjs';
import { openBenchSite } from './site.mjs';

/** Actions of one crossing. */
const batch = 10_000;
/** Steps of the native program before it starts anew; and milliseconds of a turn. */
const nativeSteps = 2000;
const turnMs = 150;
const warmMs = 250;

export const stepmany = {
  name: 'stepmany',
  title: 'stepMany',
  about:
    `Steps a second of stepMany with autoreset in Chromium, ${batch.toLocaleString('en')} random actions a crossing, from the call to the ` +
    'returns on the page; beside the native build of the same environment with random actions, returns written but sent ' +
    'nowhere. The two take turns.',
  prepare: buildNative,
  async run({ owner, quick, update }) {
    const turns = quick ? 1 : 3;
    const site = await openBenchSite(owner);
    const chromium = await openChromium(owner);
    const native = startNative(await buildNative(), owner);
    const figures = [];
    const onPage = [];
    for (const id of await native.ids()) {
      update(id);
      const { ours, theirs, share } = await withPage(chromium, `${site.url}bench/bench.html`, (page) => inTurns(page, native, id, turns));
      onPage.push(`${id} ${Math.round(100 * share)} %`);
      figures.push(
        figure({
          name: id, unit: 'steps/s', ours, peer: { label: 'native', values: theirs },
          bound: { target: 4, of: 'ratio', at: 'least', value: 0.4 },
        }),
      );
    }
    const mean = geometricMean(figures.map(({ ratio }) => ratio.median));
    figures.unshift(
      figure({
        name: `Geometric mean of ${figures.length} environments, WASM over native`, unit: 'x', ours: [mean],
        bound: { target: 4, of: 'figure', at: 'least', value: 0.6 },
      }),
    );
    return { figures, notes: [`The page's own share of the time, turning actions into bytes: ${onPage.join(', ')}.`] };
  },
};

async function inTurns({ evaluate }, native, id, turns) {
  await evaluate(open, { id, batch });
  const wasm = (ms) => evaluate((ms) => window.steps.stepsPerSecond(window.env, window.actions, ms), ms);
  let times = 1;
  const nativeTurn = async () => {
    const { seconds, steps } = await native.play({ id, steps: nativeSteps, times });
    times = Math.max(1, Math.ceil((times * turnMs) / 1000 / seconds));
    return steps / seconds;
  };
  // The engine compiles a module quickly at first and well after a while; the native program learns how much fills a turn.
  await wasm(warmMs);
  for (let i = 0; i < 3; i += 1) await nativeTurn();
  const [ours, theirs, shares] = [[], [], []];
  for (let turn = 0; turn < turns; turn += 1) {
    const { perSecond, onPage } = await wasm(turnMs);
    ours.push(perSecond);
    shares.push(onPage);
    theirs.push(await nativeTurn());
  }
  await evaluate(() => window.env.close());
  return { ours, theirs, share: median(shares) };
}

// What follows runs in the page.

async function open({ id, batch }) {
  const { make } = await import('../palaestra.js');
  window.steps = await import('./steps.js');
  window.env = await make(id);
  window.actions = window.steps.randomActions(window.env, batch);
  await window.env.reset({ seed: 1 });
}
