import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Sender } from '../../crates/page/src/save/sender.js';

const page = { addEventListener() {}, removeEventListener() {} };
before(() => Object.assign(globalThis, page));
after(() => Object.keys(page).forEach((name) => delete globalThis[name]));

/** What is sent of an environment's record that comes to its end when all of it was acknowledged. `answers` says how much of it is saved, by piece. */
async function sent(answers) {
  const bytes = new Uint8Array(10);
  const read = async (from, most) => bytes.subarray(from, from + most);
  const source = { over: false, steps: 3, read, readNow: () => undefined };
  const pieces = [];
  const states = [];
  const to = {
    async send({ offset, bytes, last }) {
      pieces.push([offset, bytes.length, last]);
      // A pause comes first.
      if (pieces.length === 1) {
        setImmediate(() => {
          source.over = true;
          sender.hurry();
        });
      }
      return answers[pieces.length - 1];
    },
    leave() {},
  };
  const tell = ({ state }) => states.push(state);
  const sender = new Sender({
    source,
    to,
    about: { id: 'a', envId: 'X', participant: null },
    patienceMs: 5000,
    saved: 0,
    tell,
  });
  return { all: await sender.run(), pieces, states };
}

test('where all was acknowledged before the end was known, an empty piece says that nothing follows', async () => {
  assert.deepEqual(await sent([10, 10]), {
    all: true,
    pieces: [
      [0, 10, false],
      [10, 0, true],
    ],
    states: ['saving', 'saving', 'saved'],
  });
});

test('whoever lost some of it says so in answer to the empty piece, and has it again', async () => {
  const { all, pieces, states } = await sent([10, 4, 10]);
  assert.deepEqual(pieces, [
    [0, 10, false],
    [10, 0, true],
    [4, 6, true],
  ]);
  assert.deepEqual([all, states], [true, ['saving', 'waiting', 'saving', 'saved']]);
});
