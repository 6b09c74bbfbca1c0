// How large the record of an hour is, of every environment, kept in the page and packed; and of a very long game.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure } from './figures.mjs';
import { keptSizes } from './kept.mjs';
import { openBenchSite } from './site.mjs';

/** Steps in an hour at 60 Hz, and in a game that lasts for hours. */
const hour = 216_000;
const long = { id: 'Overcooked-CrampedRoom-V0', steps: 1_000_000 };
/** What a quick run makes of it. */
const tenth = 0.1;

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
      const seen = await withPage(chromium, `${site.url}bench/bench.html`, ({ evaluate }) =>
        evaluate(play, { id, steps }),
      );
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

// What follows runs in the page.

async function play(request) {
  const { record } = await import('./record.js');
  return record(request);
}
