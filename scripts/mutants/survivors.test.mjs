import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../lib/paths.mjs';
import { explained, judged, parse } from './survivors.mjs';

test('all crates that are there are meant unless some are named', () => {
  const isThere = (name) => name !== 'play';
  assert.deepEqual(parse([], isThere), ['session', 'record', 'pack', 'host', 'protocol', 'env']);
  assert.deepEqual(parse(['env'], isThere), ['env']);
  assert.throws(() => parse(['play'], isThere), /expected a crate among session, record/);
});

test('a survivor is explained by the change and not by its place', () => {
  const page =
    'Text.\n\n- `crates/env/src/a.rs: replace f with g`: it is the same.\n- `crates/record/src/b.rs: x`: so.\n- `no reason`\n';
  const known = explained(page);
  assert.deepEqual(known, ['crates/env/src/a.rs: replace f with g', 'crates/record/src/b.rs: x']);
  const missed = ['crates/env/src/a.rs:12:5: replace f with g', 'crates/env/src/a.rs:9: replace f -> u8 with 1'];
  assert.deepEqual(judged({ missed, known, crate: 'env' }), {
    explained: ['crates/env/src/a.rs: replace f with g'],
    unexplained: ['crates/env/src/a.rs: replace f -> u8 with 1'],
    stale: [],
  });
  assert.deepEqual(judged({ missed: [], known, crate: 'record' }).stale, ['crates/record/src/b.rs: x']);
});

test('the page explains what it lists', () => {
  const page = readFileSync(join(root, 'docs', 'mutants.md'), 'utf8');
  const items = page.split('\n').filter((line) => line.startsWith('- `'));
  assert.equal(explained(page).length, items.length, 'an entry is not of the form "- `file: change`: why"');
});
