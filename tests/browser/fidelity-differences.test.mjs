import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstDifference } from './support/first-difference.mjs';

test('records that differ are told apart by the first field that does', () => {
  const record = [
    '{"type":"header","seed":1}',
    '{"type":"reset","t":0,"obs":[1.0]}',
    '{"type":"step","t":1,"reward":1.0}',
    '',
  ];
  const text = record.join('\n');
  assert.equal(firstDifference(text, text), undefined);
  for (const [from, to, said] of [
    ['"seed":1', '"seed":2', 'the header line: seed: expected 1, found 2'],
    ['"t":0,"obs":[1.0]', '"t":0,"obs":[2.0]', 'reset 0: obs: expected [1], found [2]'],
    [
      '"reward":1.0',
      '"reward":1',
      'step 1: expected "{\\"type\\":\\"step\\",\\"t\\":1,\\"reward\\":1.0}", found "{\\"type\\":\\"step\\",\\"t\\":1,\\"reward\\":1}"',
    ],
  ]) {
    assert.equal(firstDifference(text, text.replace(from, to)), said);
  }
  assert.match(
    firstDifference(text, record.slice(0, 2).join('\n')),
    /^step 1: type: expected "step", found "unreadable"/,
  );
});
