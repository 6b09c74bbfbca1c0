// What it takes to go back and forth in a game: what playing together will do whenever it hears late of a partner's key.
import { launchEngine, withPage } from '../browser/engines.mjs';
import { figure } from './figures.mjs';
import { openBenchSite } from './site.mjs';

const frames = 150;
const environments = [
  { id: 'SlimeVolley-v0', name: 'slime volleyball', most: 2 },
  { id: 'overcooked_ai/cramped_room', name: 'Overcooked (overcooked_ai)', most: 2 },
  { id: 'Overcooked-CrampedRoom-V0', name: 'Overcooked (cogrid)', most: 10 },
];

export const rewind = {
  name: 'rewind',
  title: 'Going back',
  about:
    `In the Worker in Chromium: restoring the snapshot of ${frames} frames ago and playing ${frames} steps again, each with a ` +
    'snapshot of its own, policies and generators included. The state afterwards has the hash it had before, or nothing is measured. That ' +
    'nothing is allocated is a test (crates/play/tests/play/rewinding.rs).',
  async run({ owner, quick, update }) {
    const site = await openBenchSite(owner);
    const chromium = await launchEngine('Chromium', owner);
    const figures = [];
    for (const { id, name, most } of environments) {
      update(`${name}: ${frames} frames back and forth`);
      const visit = (argument) =>
        withPage(chromium, `${site.url}bench/bench.html`, (page) => page.evaluate(rewindTimes, argument));
      const { ms, hashes } = await visit({ id, frames, times: quick ? 10 : 60 });
      if (hashes !== 1) throw new Error(`${id}: expected one state after each rewind, found ${hashes}`);
      // The first ones warm the engine up.
      const ours = ms.slice(Math.min(5, ms.length - 1));
      figures.push(figure({ name, unit: 'ms', ours, bound: { target: 8, of: 'figure', at: 'most', value: most } }));
    }
    return { figures, notes: [] };
  },
};

async function rewindTimes({ id, frames, times }) {
  const registry = await (await fetch('../page/registry.json')).json();
  const { rewinds } = await import('./rewind.js');
  return rewinds(registry, id, frames, times);
}
