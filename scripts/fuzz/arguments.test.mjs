import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../lib/paths.mjs';
import { executions, failure, parse, targets } from './arguments.mjs';

test('every target has seeds', () => {
  assert.ok(targets.length >= 6, `${targets}`);
  for (const target of targets) {
    const folder = join(root, 'fuzz', 'seeds', target);
    assert.ok(existsSync(folder) && readdirSync(folder).length > 0, target);
  }
});

test('minutes, a seed and targets can be given in any order', () => {
  assert.deepEqual(parse([]), { minutes: 1, seed: undefined, chosen: targets });
  const words = ['rows', '--minutes', '0.5', 'logs', '--seed', '7'];
  assert.deepEqual(parse(words), { minutes: 0.5, seed: 7, chosen: ['rows', 'logs'] });
  for (const words of [
    ['--minutes'],
    ['--minutes', 'x'],
    ['--minutes', '-1'],
    ['--seed', '0'],
    ['--seed', '1.5'],
    ['everything'],
  ]) {
    assert.throws(() => parse(words), /expected/, `${words}`);
  }
});

test('what libFuzzer did is read from what it printed', () => {
  assert.equal(executions('Done 7 runs in 2 second(s)\nstat::number_of_executed_units: 1234\n'), 1234);
  assert.equal(executions('nothing of the kind'), undefined);
  const output = 'SUMMARY: libFuzzer: timeout\nartifact_prefix=x/; Test unit written to x/timeout-12\n';
  assert.deepEqual(failure(output), { what: 'timeout', file: 'x/timeout-12' });
});
