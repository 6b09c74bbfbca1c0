import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { forgetOld, remembered } from './remembered.mjs';

async function memory(t) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-remembered-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('what was made of the same is not made again, and what was made of anything else is', async (t) => {
  const folder = await memory(t);
  let times = 0;
  const make = (...ingredients) =>
    remembered(ingredients, async () => ({ bytes: Buffer.from([(times += 1)]) }), folder);
  const first = await make('a', Buffer.from('bc'));
  const again = await make('a', Buffer.from('bc'));
  assert.deepEqual(Buffer.from(again.bytes), first.bytes);
  // Where one ends and the next begins counts too.
  for (const other of [['ab', 'c'], ['a', 'bcd'], ['a'], ['abc']]) await make(...other);
  assert.equal(times, 5);
});

test('what fails is not remembered, and what was cut short is made again', async (t) => {
  const folder = await memory(t);
  await assert.rejects(
    remembered(['a'], () => Promise.reject(new Error('not this time')), folder),
    /not this time/,
  );
  assert.equal(await remembered(['a'], async () => 'made', folder), 'made');
  const [file] = await readdir(folder);
  await truncate(join(folder, file), 5);
  assert.equal(await remembered(['a'], async () => 'made again', folder), 'made again');
});

test('what has not been used for the longest time is forgotten first', async (t) => {
  const folder = await memory(t);
  const make = (name) => remembered([name], async () => Buffer.alloc(1000), folder);
  for (const name of ['a', 'b', 'c']) await make(name);
  const long = new Date(Date.now() - 3_600_000);
  for (const file of await readdir(folder)) await utimes(join(folder, file), long, long);
  await make('b');
  await forgetOld(1500, folder);
  const left = await readdir(folder);
  assert.equal(left.length, 1);
  await make('b');
  assert.deepEqual(await readdir(folder), left, 'it is the one that was used last');
  await forgetOld(0, join(folder, 'none'));
});
