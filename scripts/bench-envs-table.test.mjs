import assert from 'node:assert/strict';
import { test } from 'node:test';
import { geometricMean, row, rowHead, spread } from './bench-envs-table.mjs';

test('a spread is the middle of the turns and both ends, whatever their order', () => {
  assert.deepEqual(spread([30, 10, 20]), { median: 20, slowest: 10, fastest: 30 });
});

test('twice as fast and half as fast are as fast on the geometric mean', () => {
  assert.ok(Math.abs(geometricMean([2, 0.5]) - 1) < 1e-12);
  assert.ok(Math.abs(geometricMean([0.25, 1]) - 0.5) < 1e-12);
});

test('a row stands under its heads and ends with the ratio of the medians', () => {
  const measured = { native: spread([4e6, 2e6, 3e6]), wasm: spread([900e3, 600e3, 1.5e6]) };
  const shown = row('Taxi-v4', measured);
  assert.equal(shown.length, rowHead.length);
  assert.match(shown, /^Taxi-v4 +3\.00M \(2\.00M to 4\.00M\) +900k \(600k to 1\.50M\) +0\.30$/);
});
