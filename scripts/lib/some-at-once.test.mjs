import assert from 'node:assert/strict';
import { test } from 'node:test';
import { someAtOnce } from './some-at-once.mjs';

test('so many run at a time, each once, and the results are in order', async () => {
  let running = 0;
  let most = 0;
  const begun = [];
  const results = await someAtOnce([5, 1, 3, 2, 4], 2, async (item) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  assert.deepEqual([results, begun, most], [[50, 10, 30, 20, 40], [5, 1, 3, 2, 4], 2]);
});

test('nothing to do is done, and a failure is told', async () => {
  assert.deepEqual(await someAtOnce([], 3, async () => 1), []);
  await assert.rejects(
    someAtOnce([1, 2], 2, async (item) => {
      if (item === 2) throw new Error('two');
    }),
    /two/,
  );
});
