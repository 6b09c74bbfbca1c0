import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { eventually } from '../../scripts/browser/until.mjs';
import { linesOf, stepsOf } from './support/demo.mjs';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { firstDifference } from './support/first-difference.mjs';
import { randomRecord, verify } from './support/native.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openTestSite } from './support/pages.mjs';

const steps = 150;
const seed = 11;

/** What was played, without what only one kind of record has: the header, events and the end. */
const played = (text) =>
  text
    .split('\n')
    .filter((line) => /^\{"type":"(reset|step)"/.test(line))
    .join('\n');

for (const engine of engines) {
  const { name } = engine;
  const skip = skipWithout(engine);
  if (skip) {
    test(`${name} plays games`, { skip });
    continue;
  }

  describe(`games in ${name}`, () => {
    const owner = sharedOwner();
    let site;
    let browser;

    before(async () => {
      site = await openTestSite(owner);
      browser = await engine.launch(owner);
    });

    test('a person plays the minimal page with a key to its end, and the record on offer replays natively', async () => {
      const page = await browser.open(`${site.url}minimal.html`);
      const text = (id) => page.evaluate((id) => document.getElementById(id).textContent, id);
      await eventually('the game to play', async () => /^Try 1/.test(await text('count')), { timeoutMs: 20_000 });
      await page.keyDown('ArrowRight');
      await eventually('the record', () => page.evaluate(() => !document.getElementById('save').hidden), {
        timeoutMs: 40_000,
      });
      await page.keyUp('ArrowRight');
      const said = await text('line');
      const [filename, record, colours] = await page.evaluate(async () => {
        const save = document.getElementById('save');
        const { body } = await fetch(save.href);
        const canvas = document.getElementById('canvas');
        const picture = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return [
          save.download,
          await new Response(body.pipeThrough(new DecompressionStream('gzip'))).text(),
          new Set(new Uint32Array(picture.data.buffer)).size,
        ];
      });
      assert.deepEqual(page.faults, []);
      assert.ok(colours >= 5, `the picture has ${colours} colours`);
      const lines = linesOf(record);
      const made = stepsOf(lines);
      assert.deepEqual([lines[0].env_id, lines[0].policy, lines[0].reason], ['CartPole-v1', 'human', 'complete']);
      assert.equal(filename, `CartPole-v1.seed${lines[0].seed}.${made.length}steps.jsonl.gz`);
      const tries = lengthsOfEpisodes(made);
      assert.equal(tries.length, 3);
      assert.equal(said, `Your tries: ${tries.join(', ')}. Thank you!`);
      assert.deepEqual(
        made.slice(-4).map(({ action }) => action),
        [1, 1, 1, 1],
      );
      assert.match(
        await verify(record),
        new RegExp(`: ${made.length} steps in 3 episodes, identical\\n1 passed, 0 failed`),
      );
    });

    test('a game of random seats is what random players play natively, step for step, in every family', async () => {
      const page = await browser.open(`${site.url}fidelity.html`);
      const ids = await page.evaluate(async () => {
        await window.loading;
        const families = Map.groupBy(window.palaestra.registry.values(), ({ family }) => family);
        return [...families.values()].map(([first]) => first.id);
      });
      assert.ok(ids.length > 1, ids.join());
      for (const id of ids) {
        const found = await page.evaluate((options) => window.gameOf(options), { env: id, seed, maxSteps: steps });
        const expected = (await randomRecord(id, seed, steps)).toString();
        assert.equal(stepsOf(linesOf(expected)).length, steps);
        assert.equal(firstDifference(played(expected), played(found)), undefined, `${name}, ${id}, seed ${seed}`);
      }
      assert.deepEqual(page.faults, []);
    });
  });
}

function lengthsOfEpisodes(made) {
  const ends = made.filter(({ terminated, truncated }) => terminated || truncated).map(({ t }) => t);
  return ends.map((t, i) => t - (ends[i - 1] ?? 0));
}
