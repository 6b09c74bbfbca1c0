// How long a step takes to the Worker and back, beside a Worker that only echoes.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure, median, percentile } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const environments = [
  { id: 'CartPole-v1', name: 'CartPole' },
  { id: 'MiniGrid-DoorKey-8x8-v0', name: 'DoorKey' },
  { id: 'overcooked_ai/cramped_room', name: 'Overcooked', played: true },
];
const backToBack = { warm: 300, blocks: 24, block: 100 };
const paced = { warm: 20, count: 200, hz: 60 };
const played = { fps: 60, steps: 200 };

const wayNames = { messages: 'postMessage', shared: 'shared memory' };

export const roundtrip = {
  name: 'roundtrip',
  title: 'Step round trip',
  about:
    'From the call of env.step to its result, in milliseconds, beside a Worker that only echoes a buffer as long as the ' +
    'longest message of the step. Both are in one page and take turns: back to back in blocks of ' +
    `${backToBack.block} round trips, of which the mean counts without the slowest tenth, since a single one is of a few steps of the ` +
    'clock; the ratio is the median of those of neighbouring blocks. "Played" are the steps of a game with its scene, drawn on a canvas, at the pace of the game: from the last ' +
    'message that reached the Worker before the step to what the step returned, without the time for which it was not yet due there. ' +
    'The Worker plays them by its own clock, so that no game makes its steps back to back.',
  async run({ owner, quick, update }) {
    const site = await openBenchSite(owner);
    const chromium = await measure(await launchEngine('Chromium', owner), site, {
      repeats: quick ? 1 : 3,
      update,
    });
    const figures = chromium.figures(true);
    const notes = [...chromium.notes];
    const other = await launchEngine('Firefox', owner);
    if (other) {
      const firefox = await measure(other, site, { repeats: quick ? 1 : 2, update, short: true });
      figures.push(...firefox.figures(false));
      notes.push(...firefox.notes);
    } else {
      notes.push('Firefox is not installed here.');
    }
    return { figures, notes };
  },
};

/** Goes through all kinds of visits, repeatedly, and gives the figures they come to. */
async function measure(browser, site, { repeats, update, short = false }) {
  const url = `${site.url}bench/bench.html`;
  const visit = (body, argument) => withPage(browser, url, (page) => page.evaluate(body, argument));
  const pacedCount = { ...paced, count: short ? 120 : paced.count };
  // kind → way → environment → of each repetition `{ step, echo }`
  const measured = {};
  const keep = (kind, way, name, seen) => (((measured[kind] ??= {})[way] ??= {})[name] ??= []).push(seen);
  let shares = true;
  // The stretches of a played step, of the last repetition.
  let stretches;

  for (const environment of environments) environment.bytes = await visit(longestMessage, environment);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const { id, name, bytes, played: inGame } of environments) {
      for (const way of Object.keys(wayNames).filter((way) => way !== 'shared' || shares)) {
        update(`${browser.name}, ${repeat + 1} of ${repeats}: ${name}, ${way}`);
        const turned = repeat % 2 === 1;
        const steps = await visit(stepTimes, { way, id, bytes: bytes.step, backToBack, paced: pacedCount, turned });
        if (!steps) {
          shares = false;
          continue;
        }
        keep('backToBack', way, name, steps.backToBack);
        keep('paced', way, name, steps.paced);
      }
      if (!inGame || short) continue;
      // Games go by messages in any case.
      const game = await visit(playedTimes, { id, played });
      stretches = game.stretches;
      const echo = await visit(echoTimes, { bytes: bytes.game, played });
      keep('played', 'messages', name, { step: game.times, echo });
    }
  }
  const notes = environments.map(
    ({ name, bytes }) =>
      `${browser.name}: the echo for ${name} is of ${bytes.step} bytes${bytes.game ? `, with the scene of ${bytes.game}` : ''}.`,
  );
  notes.push(...ratioNotes(browser, measured.backToBack));
  if (stretches) {
    const medians = Object.entries(stretches).map(
      ([part, times]) => `${part} ${Math.round(1000 * percentile(times, 0.5))}`,
    );
    notes.push(
      `${browser.name}, the stretches of a step of Overcooked played at 60 Hz, medians in µs: ${medians.join(', ')}.`,
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

/** A block's time: the mean of its round trips without the slowest tenth, during which something else ran. */
function blockTime(times) {
  const kept = [...times].sort((a, b) => a - b).slice(0, Math.ceil(times.length * 0.9));
  return kept.reduce((sum, time) => sum + time, 0) / kept.length;
}

/** How many times longer than its neighbouring echoes each block of steps took. */
const blockRatios = ({ step, echo }) => step.map((block, i) => blockTime(block) / blockTime(echo[i]));

const blocks = {
  name: 'median of blocks',
  of: (blocks) => median(blocks.map(blockTime)),
  ratio: (seen) => median(blockRatios(seen)),
};
const rest = shares.slice(1).map(({ name, of }) => ({ name, of: (blocks) => of(blocks.flat()) }));
const measures = { backToBack: [blocks, ...rest], paced: shares, played: shares };

/** Where the middle half of the ratios lies. */
function ratioNotes(browser, byWay) {
  const text = (ratios, share) => percentile(ratios, share).toFixed(2);
  return Object.entries(byWay).map(([way, byName]) => {
    const each = Object.entries(byName).map(([name, repetitions]) => {
      const ratios = repetitions.flatMap(blockRatios);
      return `${name} ${text(ratios, 0.25)} to ${text(ratios, 0.75)}`;
    });
    return `${browser.name}, ${wayNames[way]}: the middle half of the blocks' ratios is ${each.join(', ')}.`;
  });
}

function figuresOf(browser, measured, judged) {
  const figures = [];
  for (const [kind, byWay] of Object.entries(measured)) {
    for (const way of Object.keys(wayNames).filter((way) => byWay[way])) {
      for (const [name, repetitions] of Object.entries(byWay[way])) {
        for (const measure of measures[kind]) {
          figures.push(
            figure({
              name: `${browser.name}, ${wayNames[way]}, ${name} ${kinds[kind]}: ${measure.name}`,
              unit: 'ms',
              ours: repetitions.map(({ step }) => measure.of(step)),
              peer: { label: 'echo', values: repetitions.map(({ echo }) => measure.of(echo)) },
              ratios: measure.ratio && repetitions.map(measure.ratio),
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
  const judged = kind === 'backToBack' && way === 'messages' && measure === blocks;
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
    await bench.inTurns({ way }, { warm: 50, blocks: 0, block: 0 });
    await way.close();
  });
  const drawn = game && (await bench.messageBytes(() => bench.playedSteps(palaestra, { id, fps: 60, steps: 50 })));
  return { step: most(step), game: drawn && most(drawn) };
}

/** Of a page with a Worker that steps and one that echoes; nothing if steps do not go this way here. */
async function stepTimes({ way, id, bytes, backToBack, paced, turned }) {
  const bench = await import('./roundtrip.js');
  if (way !== 'shared') bench.withoutSharedMemory();
  const shares = bench.watchSharedMemory();
  const step = await bench.stepWay(await import('../palaestra.js'), id);
  if (way === 'messages' && shares()) throw new Error('steps were to go by messages, but memory was shared');
  const echo = await bench.echoWay(bytes);
  const close = () => Promise.all([step.close(), echo.close()]);
  if (way === 'shared' && !shares()) {
    await close();
    return undefined;
  }
  const ways = turned ? { step, echo } : { echo, step };
  const times = { backToBack: await bench.inTurns(ways, backToBack), paced: {} };
  for (const [name, way] of Object.entries(ways)) times.paced[name] = await bench.paced(way, paced);
  await close();
  return times;
}

async function playedTimes({ id, played: { fps, steps } }) {
  const bench = await import('./roundtrip.js');
  bench.withoutSharedMemory();
  const played = await bench.playedSteps(await import('../palaestra.js'), { id, fps, steps });
  return { times: bench.durations(played), stretches: bench.stretches(played) };
}

async function echoTimes({ bytes, played: { fps, steps } }) {
  const bench = await import('./roundtrip.js');
  const echo = await bench.echoWay(bytes);
  const times = await bench.whileDrawing(echo, { count: steps, hz: fps });
  await echo.close();
  return times;
}
