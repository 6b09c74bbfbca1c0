import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultOf } from './python.mjs';

test("pytest's last line is counted, and every failure, error and skip is named", () => {
  const output = [
    '..F.s',
    'E   assert 3 failed in 2.5s',
    'SKIPPED [1] python/tests/test_records.py:9: no command',
    'FAILED python/tests/test_vector.py::test_a - assert 1 == 2',
    'ERROR python/tests/test_broken.py - SyntaxError',
    '1 failed, 3 passed, 1 skipped, 1 error in 0.52s',
  ].join('\n');
  assert.deepEqual(resultOf({ code: 1, output }), {
    passed: 3,
    failed: 2,
    skipped: 1,
    failures: ['test_vector.py::test_a - assert 1 == 2', 'test_broken.py - SyntaxError'],
    skips: ['python/tests/test_records.py:9: no command'],
    details: output,
  });
  const passed = resultOf({ code: 0, output: '....\n4 passed, 2 warnings in 61.30s (0:01:01)' });
  assert.deepEqual([passed.passed, passed.failed, passed.skipped], [4, 0, 0]);
});

test('a pytest that died without a word is a failure', () => {
  assert.deepEqual(resultOf({ code: 'SIGKILL', output: '...' }).failures, [
    'pytest ended with SIGKILL and names no test',
  ]);
});
