import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { linesOf, stepsOf } from './support/demo.mjs';
import { openTestSite } from './support/pages.mjs';

/** Whole games with a model in a seat, and every action in them as the native build has it. */
const games = JSON.parse(await readFile(join(root, 'crates/policy/tests/actions.json'), 'utf8'));

/** Plays a game to its end and gives its record's text and what its replay found. */
async function play(options) {
  await window.loading;
  const game = window.palaestra.play({ fps: 240, episodePause: 0, ...options });
  const { value: record, error } = await window.settle(game.finished);
  return record ? { text: await record.text(), message: (await record.verification()).message } : { error };
}

describe('models in seats', () => {
  const owner = sharedOwner();
  let site;

  before(async () => {
    const folders = { '/models/': 'crates/onnx/tests/models', '/': 'tests/browser/pages' };
    const beside = Object.fromEntries(Object.entries(folders).map(([path, folder]) => [path, join(root, folder)]));
    site = await openTestSite(owner, { beside });
  });

  for (const engine of engines) {
    test(`act in ${engine.name} as natively, and their records verify`, { skip: skipWithout(engine) }, async () => {
      const page = await (await engine.launch(owner)).open(`${site.url}bare.html`);
      assert.ok(games.length >= 7);
      for (const { env, kwargs, model, agent, agents, manifest, sample, seed, actions } of games) {
        const seats = { agent_0: 'random', [`agent_${agent}`]: { onnx: `models/${model}.onnx`, manifest, sample } };
        const options = { env, kwargs, seed, seats, maxSteps: actions.length };
        const { text, message, error } = await page.evaluate(play, options);
        assert.equal(error, undefined, `${model}: ${error?.message}`);
        const lines = linesOf(text);
        const found = stepsOf(lines).map(({ action }) => (agents === 1 ? [action] : action));
        assert.deepEqual(found, actions, model);
        assert.match(message, new RegExp(`^verified: ${actions.length} steps identical$`));
        assert.match(lines[0].policy, new RegExp(`onnx models/${model}\\.onnx xxh64:[0-9a-f]{16}`));
      }
      assert.deepEqual(page.faults, []);
      await page.close();
    });
  }
});
