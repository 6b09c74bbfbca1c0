import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedAddress } from '../../crates/page/src/address.js';

test('a parameter of the page that is too long for a record is cut between characters', (t) => {
  const long = `${'x'.repeat(999)}😀${'y'.repeat(10)}`;
  Object.assign(globalThis, { location: { search: `?note=${encodeURIComponent(long)}` } });
  t.after(() => delete globalThis.location);
  const { note } = JSON.parse(recordedAddress(['note']));
  assert.equal(note, `${'x'.repeat(999)}😀`);
});
