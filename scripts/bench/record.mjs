// How large the record of an hour is, of every environment, kept in the page and packed; and of a very long game.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { until } from '../browser/until.mjs';
import { figure } from './figures.mjs';
import { keptSizes } from './kept.mjs';
import { openBenchSite } from './site.mjs';

/** Steps in an hour at 60 Hz, and in a game that lasts for hours. */
const hour = 216_000;
const long = { id: 'Overcooked-CrampedRoom-V0', steps: 1_000_000 };
/** What a quick run makes of it. */
const tenth = 0.1;
/** How long one game may take, from its first step to its replay: the longest has some minutes. */
const longestMs = 30 * 60_000;

export const record = {
  name: 'record',
  title: 'Records',
  about:
    'An hour at 60 Hz of every environment, driven faster than time by random actions, with the hash of every state. "Kept": the ' +
    'chunks that the page keeps, measured natively at the browser\'s level of compression. "Packed": the file that is handed over, ' +
    'made in Chromium, and replayed there. Beside them what the environment returned.',
  apart: true,
  minutes: 120,
  async run({ owner, quick, update }) {
    const scale = quick ? tenth : 1;
    const jobs = (await keptSizes(Math.round(hour * scale), update)).map((kept) => ({
      ...kept,
      steps: Math.round(hour * scale),
    }));
    const [kitchen] = await keptSizes(Math.round(long.steps * scale), update, [long.id]);
    jobs.push({ ...kitchen, steps: Math.round(long.steps * scale) });
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const [figures, rows, notes] = [[], [], []];
    for (const { id, steps, returned, written, kept } of jobs) {
      update(`${id}, ${steps} steps`);
      let seen;
      try {
        seen = await withPage(chromium, `${site.url}bench/bench.html`, ({ evaluate }) =>
          recorded(evaluate, { id, steps }, (played) => update(`${id}, ${played} of ${steps} steps`)),
        );
      } catch (error) {
        // The others can still be measured.
        notes.push(`${id}, ${steps} steps: ${error.message.split('\n')[0]}`);
        continue;
      }
      const verified = seen.identical === true && seen.replayed === steps;
      if (!verified) notes.push(`${id}, ${steps} steps: ${seen.message}`);
      rows.push([
        `${id}, ${steps} steps`,
        returned,
        written,
        kept,
        seen.packed / steps,
        (kept * steps) / 1e6,
        seen.packed / 1e6,
        seen.packedMs / 1000,
        verified ? 'identical' : 'no',
      ]);
      if (steps !== Math.round(hour * scale)) continue;
      figures.push(figure({ name: `${id}, an hour kept`, unit: 'MB', ours: [(kept * hour) / 1e6] }));
    }
    const most = Math.max(...figures.map(({ ours }) => ours.median));
    const all = [
      figure({ name: 'The largest hour kept', unit: 'MB', ours: [most] }),
      figure({ name: 'Records that did not verify', unit: '', ours: [notes.length] }),
    ];
    const head = [
      'environment',
      'returned, B/step',
      'written, B/step',
      'kept, B/step',
      'packed, B/step',
      'kept, MB',
      'packed, MB',
      'packed and replayed, s',
      'replay',
    ];
    return { figures: [...all, ...figures], notes, table: { head, rows } };
  },
};

/** Plays in the page, packs and replays. No single question takes a page minutes: how far it is, is asked every second. */
async function recorded(evaluate, request, update) {
  await evaluate(begin, request);
  let now = { played: 0 };
  await until(
    () => `${request.id}, ${now.played} of ${request.steps} steps played, to be packed and replayed`,
    async () => {
      now = await evaluate(stands);
      update(now.played);
      return now.result || now.failed;
    },
    longestMs,
    1000,
  );
  if (now.failed) throw new Error(`${request.id}: ${now.failed}`);
  return now.result;
}

// What follows runs in the page.

async function begin(request) {
  const { record } = await import('./record.js');
  const now = { played: 0 };
  window.recorded = now;
  record(request, (played) => {
    now.played = played;
  }).then(
    (result) => {
      now.result = result;
    },
    (error) => {
      now.failed = String(error?.message ?? error);
    },
  );
}

const stands = () => window.recorded;
