import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, parse } from './arguments.mjs';
import { allowed, problemOf } from './compare.mjs';
import { pipe } from './pipe.mjs';
import { replaced, table } from './table.mjs';

test('the command line names environments, steps and a seed in any order', () => {
  const expected = { filters: ['Taxi', 'minigrid'], steps: 500, seed: 0, jobs: 2, docs: true };
  assert.deepEqual(parse(['Taxi', '--steps', '500', 'minigrid', '--docs', '--seed=0']), expected);
});

test('without a seed there is a fresh one', () => {
  assert.notEqual(parse([]).seed, parse([]).seed);
});

test('a command line that makes no sense says what was expected', () => {
  for (const words of [['--steps'], ['--steps', '0'], ['--steps', 'many'], ['--seed', '-1'], ['--fast']]) {
    assert.throws(() => parse(words), /expected/, words.join(' '));
  }
});

test('filters are parts of ids, whatever the case', () => {
  assert.equal(chosen('CartPole-v1', []), true);
  assert.equal(chosen('CartPole-v1', ['taxi', 'pole']), true);
  assert.equal(chosen('CartPole-v1', ['taxi']), false);
});

const report = { steps: 10, episodes: 2000, mismatching: 0, broken: null };
const clean = { report, id: 'Taxi-v4', steps: 10, code: 0, complaint: '', exit: 0 };

test('a comparison is trusted only if both sides came to their end', () => {
  assert.equal(problemOf(clean), undefined);
  assert.match(problemOf({ ...clean, code: 1, complaint: 'KeyError: 3' }), /KeyError: 3/);
  assert.match(problemOf({ ...clean, exit: 'SIGKILL' }), /SIGKILL/);
  assert.match(problemOf({ ...clean, steps: 11 }), /expected 11 steps, found 10/);
  assert.match(problemOf({ ...clean, report: { ...report, broken: 'truncated' } }), /truncated/);
});

test('only what feeds sines back into its state may differ, once in a thousand episodes', () => {
  assert.equal(allowed('CartPole-v1', 2500), 2);
  assert.equal(allowed('MountainCar-v0', 2500), 0);
  assert.equal(problemOf({ ...clean, id: 'Pendulum-v1', report: { ...report, mismatching: 2 } }), undefined);
  assert.match(problemOf({ ...clean, id: 'Pendulum-v1', report: { ...report, mismatching: 3 } }), /at most 2/);
  assert.match(problemOf({ ...clean, report: { ...report, mismatching: 1 } }), /at most 0/);
});

test('the table has a row a report, and takes the place of the one before it', () => {
  const row = { id: 'Taxi-v4', steps: 200000, episodes: 3000, mismatching: 0, ulps: 2, took: 12.4 };
  const text = table([row]);
  assert.match(text.split('\n')[2], /^\| Taxi-v4 +\| 200,000 \| +3,000 \| +0 \| +2 \| +12 \|$/);
  const page = replaced('a\n<!-- the last run -->\nold\n<!-- end of the last run -->\nb', text);
  assert.equal(page, `a\n<!-- the last run -->\n${text}\n<!-- end of the last run -->\nb`);
  assert.throws(() => replaced('no marks', text), /expected/);
});

test('what one command writes the other reads, and how both ended is told', async () => {
  const lines = [];
  const node = (code) => [process.execPath, '-e', code];
  const writes = node('console.log("a\\nb"); console.error("oh"); process.exitCode = 3');
  const reads = node('process.stdin.pipe(process.stdout); process.exitCode = 4');
  const ended = await pipe(writes, reads, { onLine: (line) => lines.push(line) });
  assert.deepEqual(lines, ['a', 'b']);
  assert.deepEqual(ended, { code: 3, complaint: 'oh', exit: 4 });
});

test('a reader that ends early ends the writer', async () => {
  const node = (code) => [process.execPath, '-e', code];
  const writes = node('setInterval(() => process.stdout.write("x".repeat(1e5)), 1)');
  const ended = await pipe(writes, node('process.exit(5)'), { onLine() {} });
  assert.notEqual(ended.code, 0);
  assert.equal(ended.exit, 5);
});

test('a command that is not there is told by name', async () => {
  const ended = await pipe(['no-such-command'], [process.execPath, '-e', 'process.stdin.resume()'], { onLine() {} });
  assert.equal(ended.code, 'ENOENT');
});
