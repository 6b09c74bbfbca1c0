// How long a step takes to the Worker and back, beside a Worker that only echoes.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure, percentile } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const environments = [
  { id: 'CartPole-v1', name: 'CartPole' },
  { id: 'MiniGrid-DoorKey-8x8-v0', name: 'DoorKey' },
  { id: 'overcooked_ai/cramped_room', name: 'Overcooked', played: true },
];
const backToBack = { warm: 500, count: 2000 };
const paced = { warm: 20, count: 200, hz: 60 };
const played = { fps: 60, steps: 200 };

/** What each kind of visit measures with; they take turns. `peer` of all is the echo. */
const ways = ['echo', 'messages', 'shared'];
const wayNames = { messages: 'postMessage', shared: 'shared memory' };

export const roundtrip = {
  name: 'roundtrip',
  title: 'Step round trip',
  about:
    'From the call of env.step to its result, in milliseconds, beside a Worker that only echoes a buffer as long as the ' +
    'longest message of the step. Each measurement has a page of its own, which is closed before the next begins, and the ' +
    'kinds take turns. "Played" are the steps of a game with its scene, drawn on a canvas, at the pace of the game: from the last ' +
    'message that reached the Worker before the step to what the step returned, without the time for which it was not yet due there. ' +
    'The Worker plays them by its own clock, so that no game makes its steps back to back.',
  async run({ owner, quick, update }) {
    const site = await openBenchSite(owner);
    const chromium = await measure(await launchEngine('Chromium', owner), site, {
      repeats: quick ? 1 : 3,
      ways,
      update,
    });
    const figures = chromium.figures(true);
    const notes = [...chromium.notes];
    const other = await launchEngine('Firefox', owner);
    if (other) {
      const firefox = await measure(other, site, { repeats: quick ? 1 : 2, ways, update, short: true });
      figures.push(...firefox.figures(false));
      notes.push(...firefox.notes);
    } else {
      notes.push('Firefox is not installed here.');
    }
    return { figures, notes };
  },
};

/** Goes through all kinds of visits, repeatedly, and gives the figures they come to. */
async function measure(browser, site, { repeats, ways, update, short = false }) {
  const url = `${site.url}bench/bench.html`;
  const visit = (body, argument) => withPage(browser, url, (page) => page.evaluate(body, argument));
  const pacedCount = { ...paced, count: short ? 120 : paced.count };
  // kind → way → environment → the times of each repetition
  const measured = {};
  const keep = (kind, way, name, times) => (((measured[kind] ??= {})[way] ??= {})[name] ??= []).push(times);
  let shares = true;
  // way → the stretches of a played step, of the last repetition
  const parts = {};

  for (const environment of environments) environment.bytes = await visit(longestMessage, environment);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const environment of environments) {
      const turns = ways.map((_, i) => ways[(i + repeat) % ways.length]).filter((way) => way !== 'shared' || shares);
      for (const way of turns) {
        const { id, name, bytes } = environment;
        update(`${browser.name}, ${repeat + 1} of ${repeats}: ${name}, ${way}`);
        const asked = { way, id, bytes: bytes.step, backToBack, paced: pacedCount };
        const steps = await visit(stepTimes, asked);
        if (way === 'shared' && !steps.shared) {
          shares = false;
          continue;
        }
        keep('backToBack', way, name, steps.backToBack);
        keep('paced', way, name, steps.paced);
        // Games go by messages in any case.
        if (!environment.played || short || way === 'shared') continue;
        const games = { way, id, bytes: bytes.game, played };
        const { times, stretches } = await visit(playedTimes, games);
        keep('played', way, name, times);
        if (stretches) parts[way] = stretches;
      }
    }
  }
  const notes = environments.map(
    ({ name, bytes }) =>
      `${browser.name}: the echo for ${name} is of ${bytes.step} bytes${bytes.game ? `, with the scene of ${bytes.game}` : ''}.`,
  );
  for (const [way, stretches] of Object.entries(parts)) {
    const medians = Object.entries(stretches).map(
      ([part, times]) => `${part} ${Math.round(1000 * percentile(times, 0.5))}`,
    );
    notes.push(
      `${browser.name}, ${wayNames[way]}, the stretches of a step of Overcooked played at 60 Hz, medians in µs: ${medians.join(', ')}.`,
    );
  }
  if (!shares) notes.push(`${browser.name}: steps do not go through shared memory here.`);
  return { notes, figures: (judged) => figuresOf(browser, measured, judged) };
}

const kinds = {
  backToBack: 'back to back',
  paced: 'at 60 Hz',
  played: 'played at 60 Hz, with the scene',
};
const shares = [
  { name: 'p50', of: (times) => percentile(times, 0.5) },
  { name: 'p95', of: (times) => percentile(times, 0.95) },
  { name: 'p99', of: (times) => percentile(times, 0.99) },
];
const meanOfThousand = {
  name: 'mean of 1,000 in a row',
  of: (times) => times.slice(-1000).reduce((sum, time) => sum + time, 0) / Math.min(times.length, 1000),
};

function figuresOf(browser, measured, judged) {
  const figures = [];
  for (const [kind, byWay] of Object.entries(measured)) {
    for (const way of Object.keys(wayNames).filter((way) => byWay[way])) {
      for (const [name, repetitions] of Object.entries(byWay[way])) {
        const measures = kind === 'backToBack' ? [...shares, meanOfThousand] : shares;
        for (const measure of measures) {
          const echoes = byWay.echo[name];
          figures.push(
            figure({
              name: `${browser.name}, ${wayNames[way]}, ${name} ${kinds[kind]}: ${measure.name}`,
              unit: 'ms',
              ours: repetitions.map(measure.of),
              peer: { label: 'echo', values: echoes.map(measure.of) },
              bound: judged ? bound(kind, way, measure) : undefined,
            }),
          );
        }
      }
    }
  }
  return figures;
}

/** The median back to back by messages, which every page has. */
function bound(kind, way, measure) {
  const judged = kind === 'backToBack' && way === 'messages' && measure.name === 'p50';
  return judged ? { target: 1, of: 'ratio', at: 'most', value: 1.4 } : undefined;
}

// What follows runs in the page.

async function longestMessage({ id, played: game }) {
  const bench = await import('./roundtrip.js');
  bench.withoutSharedMemory();
  const palaestra = await import('../palaestra.js');
  const most = ({ request, reply }) => Math.max(request, reply);
  const step = await bench.messageBytes(async () => {
    const way = await bench.stepWay(palaestra, id);
    await bench.backToBack(way, { warm: 0, count: 50 });
    await way.close();
  });
  const drawn = game && (await bench.messageBytes(() => bench.playedSteps(palaestra, { id, fps: 60, steps: 50 })));
  return { step: most(step), game: drawn && most(drawn) };
}

async function stepTimes({ way, id, bytes, backToBack, paced }) {
  const bench = await import('./roundtrip.js');
  if (way !== 'shared') bench.withoutSharedMemory();
  const shares = bench.watchSharedMemory();
  const steps = way === 'echo' ? await bench.echoWay(bytes) : await bench.stepWay(await import('../palaestra.js'), id);
  const shared = shares();
  if (way === 'messages' && shared) throw new Error('steps were to go by messages, but memory was shared');
  const unused = way === 'shared' && !shared;
  const times = unused
    ? {}
    : { backToBack: await bench.backToBack(steps, backToBack), paced: await bench.paced(steps, paced) };
  await steps.close();
  return { shared, ...times };
}

async function playedTimes({ way, id, bytes, played: { fps, steps } }) {
  const bench = await import('./roundtrip.js');
  if (way !== 'shared') bench.withoutSharedMemory();
  if (way !== 'echo') {
    const played = await bench.playedSteps(await import('../palaestra.js'), { id, fps, steps });
    return { times: bench.durations(played), stretches: bench.stretches(played) };
  }
  const echo = await bench.echoWay(bytes);
  const times = await bench.whileDrawing(echo, { count: steps, hz: fps });
  await echo.close();
  return { times };
}
