// What was left behind, with a storage and a page that stand in for the browser's: see tests/browser/saving.test.mjs for the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Leftover } from '../../crates/page/src/save/leftover.js';

const LINES = '{"type":"header","env_id":"guest/mine"}\n';

/** One whose packer says this of its replay; `asked` is what the part of guests was asked for. */
function left(message) {
  const asked = [];
  const header = JSON.stringify({ env_id: 'guest/mine' });
  const game = { id: '1', envId: 'guest/mine', time: 0, steps: 3, bytes: 9, about: [header, new Uint8Array(), []] };
  const make = () => {};
  const context = {
    address: (path) => path,
    verifier: () => [],
    modulesThatReplay: () => [],
    runPacker: async () => ({ packed: new Blob([gzipSync(LINES)]), identical: null, steps: 0, message }),
    PalaestraError: Error,
    make,
    part: async (name) => ({
      async replayed(text, by) {
        asked.push([name, text, by === make]);
        return { identical: true, steps: 3, message: 'verified: 3 steps identical' };
      },
    }),
  };
  return { leftover: new Leftover({ pieces: async () => [] }, game, context), asked };
}

test('what was left of an environment in Python is played again in a Worker with Python, as records on the page are', async () => {
  const { leftover, asked } = left('not verifiable here: guest/mine is an environment in Python, of a page');
  const expected = { identical: true, steps: 3, message: 'verified: 3 steps identical' };
  assert.deepEqual(await leftover.verification(), expected);
  assert.deepEqual(asked, [['guest', LINES, true]]);
});

test('what the packer has replayed is not played again', async () => {
  const { leftover, asked } = left('verified: 3 steps identical');
  assert.deepEqual(await leftover.verification(), {
    identical: null,
    steps: 0,
    message: 'verified: 3 steps identical',
  });
  assert.deepEqual(asked, []);
});
