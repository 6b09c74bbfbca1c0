// node scripts/python/browser-records.mjs: plays in Chromium, and keeps the records for the tests of the Python package
// (python/tests/data). It needs the built site: npm run build.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../browser/chromium.mjs';
import { newOwner } from '../browser/owner.mjs';
import { main } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';
import { openBarePage, openTestSite } from '../../tests/browser/support/pages.mjs';

const folder = join(root, 'python/tests/data');

/** Games that people play, with the keys that are struck while they run. */
const games = {
  'cart_pole.jsonl.gz': {
    options: { env: 'CartPole-v1', seed: 7, episodes: 2, recordMetrics: true },
    keys: ['ArrowLeft', 'ArrowRight'],
  },
  'cramped_room.jsonl.gz': {
    options: {
      env: 'overcooked_ai/cramped_room',
      seed: 3,
      maxSteps: 40,
      seats: { agent_0: 'human', agent_1: 'random' },
    },
    keys: ['ArrowLeft', 'Space', 'ArrowUp'],
  },
};

async function play(page, { options, keys }) {
  await page.evaluate((options) => {
    const canvas = document.getElementById('canvas');
    window.game = window.palaestra.play({ ...options, canvas, episodePause: 100 });
    window.finished = window.game.finished;
  }, options);
  let over = false;
  const record = page
    .evaluate(async () => Array.from(new Uint8Array(await (await (await window.finished).blob()).arrayBuffer())))
    .finally(() => (over = true));
  for (let stroke = 0; !over; stroke += 1) {
    await page.keyboard.press(keys[stroke % keys.length], { delay: 120 });
  }
  return record;
}

/** A program's own steps, with an episode that goes on from the generator. */
const driven = (page) =>
  page.evaluate(async () => {
    const env = await window.palaestra.make('LunarLander-v3', { continuous: true }, { record: true });
    for (const seed of [11n, undefined]) {
      await env.reset(seed === undefined ? {} : { seed });
      await env.stepMany(Array.from({ length: 50 }, (_, step) => [Math.sin(step / 3), Math.cos(step / 5)]));
    }
    const record = env.record({ policy: 'waves' });
    await env.close();
    return Array.from(new Uint8Array(await (await record.blob()).arrayBuffer()));
  });

await main(async () => {
  const owner = newOwner();
  try {
    const browser = await launchBrowser(owner);
    const site = await openTestSite(owner);
    const keep = async (name, make) => {
      const bytes = Uint8Array.from(await make(await openBarePage(browser, site)));
      writeFileSync(join(folder, name), bytes);
      say('ok', name, `${bytes.length} bytes`);
    };
    for (const [name, game] of Object.entries(games)) await keep(name, (page) => play(page, game));
    await keep('lunar_lander.jsonl.gz', driven);
  } finally {
    await owner.release();
  }
});
