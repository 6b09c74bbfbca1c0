import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../lib/paths.mjs';
import { explained, judged, parse } from './survivors.mjs';

test('all crates that are there are meant unless some are named', () => {
  const isThere = (name) => name !== 'play';
  const all = ['session', 'rows', 'record', 'protocol', 'env', 'host', 'pack', 'codec'];
  assert.deepEqual(parse([], isThere), { names: all, shard: undefined });
  assert.deepEqual(parse(['env', 'codec'], isThere), { names: ['env', 'codec'], shard: undefined });
  assert.throws(() => parse(['play'], isThere), /expected a crate among session, rows, record/);
});

test('a share of the changes is asked for by its number', () => {
  const isThere = () => true;
  assert.deepEqual(parse(['--shard', '1/4', 'env'], isThere), { names: ['env'], shard: { k: 1, n: 4 } });
  for (const wrong of ['4/4', '1', 'x/2', '-1/2', undefined]) {
    assert.throws(() => parse(['--shard', wrong].filter(Boolean), isThere), /expected --shard K\/N/, wrong);
  }
});

test('a survivor is explained by the change and not by its place', () => {
  const page =
    'Text.\n\n- `crates/env/src/a.rs: replace f with g`: it is the same.\n- `crates/record/src/b.rs: x`: so.\n- `no reason`\n';
  const known = explained(page);
  assert.deepEqual(known, ['crates/env/src/a.rs: replace f with g', 'crates/record/src/b.rs: x']);
  const missed = ['crates/env/src/a.rs:12:5: replace f with g', 'crates/env/src/a.rs:9: replace f -> u8 with 1'];
  const caught = ['crates/record/src/b.rs:7:1: x', 'crates/env/src/a.rs:14:5: replace f with g'];
  assert.deepEqual(judged({ missed, caught, known }), {
    explained: ['crates/env/src/a.rs: replace f with g'],
    unexplained: ['crates/env/src/a.rs:9: replace f -> u8 with 1'],
    stale: ['crates/record/src/b.rs: x'],
  });
  assert.deepEqual(judged({ missed: [], caught: [], known }).stale, []);
});

test('the page explains what it lists', () => {
  const page = readFileSync(join(root, 'docs', 'mutants.md'), 'utf8');
  const items = page.split('\n').filter((line) => line.startsWith('- `'));
  assert.equal(explained(page).length, items.length, 'an entry is not of the form "- `file: change`: why"');
});
