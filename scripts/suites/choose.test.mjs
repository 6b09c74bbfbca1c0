import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose } from './choose.mjs';

const names = (words) => choose(words).chosen.map(({ name }) => name);

test('suites are those that are named, and without a name all but those on request', () => {
  assert.deepEqual(names(['cargo', 'clippy']), ['clippy', 'cargo']);
  const all = names([]);
  assert.ok(all.includes('browser') && !all.includes('stress'), all.join(' '));
});

test('a filter goes to the suites that take one', () => {
  const { filter, chosen } = choose(['browser', 'focus']);
  assert.deepEqual([filter, chosen.map(({ name }) => name)], ['focus', ['browser']]);
  const all = names(['focus']);
  assert.ok(all.includes('cargo') && all.includes('browser') && !all.includes('clippy'), all.join(' '));
});

test('a word that would keep a named suite from running is refused', () => {
  assert.throws(() => choose(['clippy', 'cargo', 'pages']), /"pages" is no suite .* which clippy does not take/);
  assert.throws(() => choose(['one', 'two']), /one filter at most/);
});
