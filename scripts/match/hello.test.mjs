import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helloOf, patienceOf } from '../../crates/page/src/match/hello.js';

const env = 'mpe2/simple_tag_v3';
const own = { participant: undefined, version: 'v', webrtc: true };

test('a page says what its options say', () => {
  const said = {
    lobby: 'tag',
    secret: 's',
    group: 'g',
    size: 2,
    policy: { expert: true, skill: 0.7 },
    dropout: 'continue',
  };
  const seats = { agent_0: 'random' };
  const match = { ...said, timeout: 9, overlay: false, transport: 'relay' };
  const hello = {
    ...said,
    participant: 'p',
    seats,
    env_id: env,
    kwargs: { max_cycles: 50 },
    version: 'v',
    webrtc: true,
  };
  const options = { env, kwargs: { max_cycles: 50, local_ratio: undefined }, canvas: {}, seats, match };
  assert.deepEqual(helloOf(options, { ...own, participant: 'p' }), hello);
});

test('bigints are the numbers that they stand for, maps are objects, and null was not given', () => {
  const match = { lobby: 'tag', size: 2n, policy: { expert: true, skill: 1n }, secret: null, dropout: null };
  const hello = { lobby: 'tag', size: 2, policy: { expert: true, skill: 1 }, env_id: env, version: 'v', webrtc: true };
  for (const kwargs of [{ max_cycles: 50n }, new Map([['max_cycles', 50n]])]) {
    const said = helloOf({ env, kwargs, seats: null, match }, own);
    assert.deepEqual(said, { ...hello, kwargs: { max_cycles: 50 } });
  }
  assert.deepEqual(helloOf({ env, kwargs: null, match }, own), { ...hello, kwargs: {} });
});

test('a page waits as long as it says, and as the server has it where it says nothing', () => {
  const waits = [{}, { timeout: null }, { timeout: 5 }, { timeout: 5n }].map(patienceOf);
  assert.deepEqual(waits, [undefined, undefined, 5, 5]);
});
