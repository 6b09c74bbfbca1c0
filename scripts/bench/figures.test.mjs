import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { figure, geometricMean, median, percentile, slope } from './figures.mjs';

describe('figures', () => {
  test('a percentile is a value that was measured, the median may lie between two', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    assert.deepEqual(
      [0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share)),
      [50, 95, 99, 100],
    );
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([10, 9, 100]), 10);
    assert.ok(Number.isNaN(percentile([], 0.5)) && Number.isNaN(median([])));
  });

  test('a slope has its error, which noise makes and a straight line has not', () => {
    const xs = [1, 2, 3, 4];
    assert.deepEqual(slope(xs, [3, 5, 7, 9]), { perX: 2, error: 0 });
    const noisy = slope(xs, [0, 1, 0, 1]);
    assert.ok(Math.abs(noisy.perX) < noisy.error * 2 && noisy.error > 0);
  });

  test('the geometric mean of a half and a double is one', () => assert.equal(geometricMean([0.5, 2]), 1));

  test('a ratio is of the medians, and its spread is that of the repetitions side by side', () => {
    const { ratio, bound } = figure({
      name: 'x',
      unit: 'ms',
      ours: [2, 4, 3],
      peer: { label: 'floor', values: [1, 4, 2] },
      bound: { target: 1, of: 'ratio', at: 'most', value: 1.5 },
    });
    assert.deepEqual(ratio, { median: 1.5, low: 1, high: 2, invert: false });
    assert.equal(bound.reached, true);
  });

  test('a ratio that was measured side by side is what it is', () => {
    const peer = { label: 'echo', values: [1, 2, 3] };
    const { ratio } = figure({ name: '', unit: 'ms', ours: [2, 3, 9], peer, ratios: [1.5, 1.25, 4] });
    assert.deepEqual(ratio, { median: 1.5, low: 1.25, high: 4, invert: false });
  });

  test('so many times less is the ratio upside down', () => {
    const { ratio, bound } = figure({
      name: 'x',
      unit: 's',
      ours: [2],
      peer: { label: 'peer', values: [100] },
      invert: true,
      bound: { target: 3, of: 'ratio', at: 'least', value: 50.1 },
    });
    assert.equal(ratio.median, 50);
    assert.equal(bound.reached, false);
  });

  test('a bound is not reached by what is not a number', () => {
    const { bound } = figure({
      name: 'x',
      unit: 'ms',
      ours: [NaN],
      bound: { target: 7, of: 'figure', at: 'most', value: 2 },
    });
    assert.equal(bound.reached, false);
  });
});
