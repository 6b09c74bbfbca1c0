import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bring, sameGame } from './bring.mjs';

const record = (made, obs) => gzipSync(`{"type":"header","python":"${made}"}\n{"type":"reset","obs":${obs}}\n`);

test('a record is the same game whoever made it, and another if anything played differs', () => {
  assert.equal(sameGame(record('3.11', '[0.1]'), record('3.12', '[0.1]')), true);
  assert.equal(sameGame(record('3.11', '[0.1]'), record('3.11', '[0.2]')), false);
  assert.equal(sameGame(record('3.11', '[0.0]'), record('3.11', '[-0.0]')), false);
  const longer = gzipSync('{"type":"header"}\n{"type":"reset","obs":[0.1]}\n{"type":"end","steps":0}\n');
  assert.equal(sameGame(record('3.11', '[0.1]'), longer), false);
});

test('only what has changed is written', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'palaestra-bring-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [from, to] = ['from', 'to'].map((name) => join(folder, name));
  for (const place of [from, to]) mkdirSync(join(place, 'lake'), { recursive: true });
  const put = (place, name, bytes) => writeFileSync(join(place, 'lake', name), bytes);
  put(from, 'same.gz', record('new', 1));
  put(to, 'same.gz', record('old', 1));
  put(from, 'changed.gz', record('new', 2));
  put(to, 'changed.gz', record('old', 1));
  put(from, 'fresh.gz', record('new', 3));
  put(to, 'people.gz', record('old', 4));
  const { same, written } = await bring(from, to);
  assert.deepEqual(same, [join('lake', 'same.gz')]);
  assert.deepEqual(written, [
    { file: join('lake', 'changed.gz'), was: true },
    { file: join('lake', 'fresh.gz'), was: false },
  ]);
  assert.deepEqual(readFileSync(join(to, 'lake', 'same.gz')), record('old', 1));
  assert.deepEqual(readFileSync(join(to, 'lake', 'changed.gz')), record('new', 2));
});
