import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingsOf, codesOfAll } from '../../crates/page/src/hands/bindings.js';

const first = [{ keys: 'ArrowUp', action: 0, label: 'Up' }];
const second = [{ keys: 'KeyW', action: 0, label: 'Up' }];
const agents = ['agent_0', 'agent_1'];
const entry = { keys: [first, second], keysGoWithSeats: false };

test('a person has the first set of keys, whichever agent they play, unless keys go with seats', () => {
  assert.equal(bindingsOf({}, entry, agents), first);
  assert.equal(bindingsOf({ seats: { agent_0: 'random', agent_1: 'human' } }, entry, agents), first);
  const bySeat = { ...entry, keysGoWithSeats: true };
  assert.equal(bindingsOf({ seats: { agent_0: 'random', agent_1: 'human' } }, bySeat, agents), second);
  assert.equal(bindingsOf({ match: {} }, bySeat, agents, 1), second);
  const named = ['adversary_0', 'agent_0'];
  assert.equal(bindingsOf({ seats: { adversary_0: 'random', agent_0: 'human' } }, bySeat, named), second);
});

test('keys of the page’s own come before those of the environment', () => {
  const own = [{ keys: 'KeyX', action: 4 }];
  assert.deepEqual(bindingsOf({ keys: { KeyX: 4 } }, entry, agents), own);
  assert.deepEqual(bindingsOf({ seats: { agent_1: { keys: { KeyX: 4 } } } }, entry, agents), own);
  assert.deepEqual(bindingsOf({}, undefined, agents), []);
});

test('a chord of the page’s own may have white space around its codes, as the game takes it', () => {
  const own = [
    { keys: 'KeyA+KeyD', action: 4 },
    { keys: 'KeyA', action: 1 },
  ];
  assert.deepEqual(bindingsOf({ keys: { 'KeyA + KeyD': 4, ' KeyA': 1 } }, entry, agents), own);
  assert.deepEqual(bindingsOf({ seats: { agent_0: { keys: { ' KeyA +KeyD': 4, KeyA: 1 } } } }, entry, agents), own);
});

test('everybody at one keyboard has keys of their own; in a match one person is at it', () => {
  const codes = (options, of = entry, names = agents) => [...codesOfAll(options, of, names)];
  assert.deepEqual(codes({}), ['ArrowUp']);
  assert.deepEqual(codes({ seats: { agent_1: 'human' } }), ['ArrowUp', 'KeyW']);
  assert.deepEqual(codes({ seats: { agent_0: 'random', agent_1: 'human' } }), ['ArrowUp']);
  assert.deepEqual(codes({ seats: { agent_0: 'random', agent_1: 'human' } }, { ...entry, keysGoWithSeats: true }), [
    'KeyW',
  ]);
  const given = { seats: { agent_0: 'human', agent_1: { keys: { 'KeyX + KeyY': 1 } } }, keys: { KeyZ: 0 } };
  assert.deepEqual(codes(given), ['KeyZ', 'KeyX', 'KeyY']);
  assert.deepEqual(codes({ seats: { first: 'human', second: 'human' } }, entry, ['first', 'second']), [
    'ArrowUp',
    'KeyW',
  ]);
  assert.deepEqual(codes({ seats: { agent_1: 'human' }, match: {} }), []);
});
