import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingsOf } from '../../crates/page/src/hands/bindings.js';

const first = [{ keys: 'ArrowUp', action: 0, label: 'Up' }];
const second = [{ keys: 'KeyW', action: 0, label: 'Up' }];
const entry = { keys: [first, second], keysGoWithSeats: false };

test('a person has the first set of keys, whichever agent they play, unless keys go with seats', () => {
  assert.equal(bindingsOf({}, entry), first);
  assert.equal(bindingsOf({ seats: { agent_0: 'random', agent_1: 'human' } }, entry), first);
  const bySeat = { ...entry, keysGoWithSeats: true };
  assert.equal(bindingsOf({ seats: { agent_0: 'random', agent_1: 'human' } }, bySeat), second);
  assert.equal(bindingsOf({ match: {} }, bySeat, 1), second);
});

test('keys of the page’s own come before those of the environment', () => {
  const own = [{ keys: 'KeyX', action: 4 }];
  assert.deepEqual(bindingsOf({ keys: { KeyX: 4 } }, entry), own);
  assert.deepEqual(bindingsOf({ seats: { agent_1: { keys: { KeyX: 4 } } } }, entry), own);
  assert.deepEqual(bindingsOf({}, undefined), []);
});
