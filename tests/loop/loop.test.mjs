import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { closeTheLoop } from '../../scripts/loop/loop.mjs';

describe('the loop', () => {
  const owner = sharedOwner();

  test('policies are trained, exported, play in the page, and their records replay in Python', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'palaestra-loop-'));
    try {
      const [cartPole, kitchen] = await closeTheLoop({
        owner,
        python: process.env.PALAESTRA_PYTHON,
        folder,
        small: true,
      });
      assert.equal(cartPole.played.episodes, 2);
      assert.ok(cartPole.played.mean > 60, `a random player falls after 20 steps: ${JSON.stringify(cartPole)}`);
      assert.match(cartPole.played.policy, /^onnx models\/cartpole\.onnx xxh64:/);
      assert.equal(kitchen.played.steps, 400);
      assert.ok(kitchen.played.mean >= 40, `random players serve no soup: ${JSON.stringify(kitchen)}`);
      assert.match(kitchen.played.policy, /^expert, onnx models\/kitchen\.onnx xxh64:/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
