import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownAgent } from '../../crates/page/src/hands/bindings.js';
import { followController, stickOf } from '../../crates/page/src/hands/controller.js';
import { steering } from '../../crates/page/src/hands/steering.js';

const lander = [
  { keys: 'ArrowUp', action: [1, 0] },
  { keys: 'ArrowLeft', action: [0, -1] },
  { keys: 'ArrowRight', action: [0, 1] },
  { keys: 'ArrowUp+ArrowLeft', action: [1, -1] },
  { keys: 'ArrowDown', action: [0.1, 0] },
];
const box = (low, high, size) => ({ type: 'Box', low, high, shape: [size], dtype: 'float32' });

test('all the way to a side is that side’s key, and half of it half of that', () => {
  const steer = steering(lander, box([-1], [1], 2), [[0, 0]]);
  assert.deepEqual(steer(0, 0), [0, 0]);
  assert.deepEqual(steer(-1, 0), [0, -1]);
  assert.deepEqual(steer(0.5, -0.25), [0.25, 0.5]);
  assert.deepEqual(steer(0, 1), [0.1, 0]);
});

test('what would lie outside of the space stays at its bound, of one number for all or of one for each', () => {
  const keys = [
    { keys: 'KeyA', action: [2, 0] },
    { keys: 'KeyD', action: [-2, 9] },
  ];
  assert.deepEqual(steering(keys, box([-1, 0], [1, 3], 2))(1, 0), [-1, 3]);
  assert.deepEqual(steering(keys, box([-1], [1], 2))(-0.5, 0), [1, 0]);
});

test('what no key is pressed for is where it begins, and other actions than numbers are not steered', () => {
  const keys = [
    { keys: 'ArrowLeft', action: [0] },
    { keys: 'ArrowRight', action: [1] },
  ];
  assert.deepEqual(steering(keys, box([0], [1], 1), [7, [0.5]])(0.5, 0), [0.75]);
  assert.equal(steering(keys, { type: 'MultiBinary', n: 1 }, [[0]]), undefined);
  assert.equal(steering([{ keys: 'KeyQ', action: [1] }], box([0], [1], 1)), undefined);
  const both = [{ keys: 'ArrowLeft', action: 3 }, { keys: 'ArrowRight', action: 4 }, ...keys];
  assert.deepEqual(steering(both, box([0], [1], 1))(1, 0), [1], 'of keys for two kinds of actions those of this kind');
});

test('a stick near its middle means nothing, and begins at nothing', () => {
  assert.equal(stickOf({ axes: [0.05, -0.1] }), undefined);
  assert.equal(stickOf({ axes: [] }), undefined);
  const [x, y] = stickOf({ axes: [0.13, 0] });
  assert.ok(x > 0 && x < 0.02 && y === 0);
  assert.deepEqual(stickOf({ axes: [-1, 0] }).map(Math.round), [-1, 0]);
});

test('a stick is told at every frame while it is pushed, and is no key then', (t) => {
  let frame;
  let axes = [0.6, 0];
  const pad = () => ({ mapping: 'standard', axes, buttons: Array.from({ length: 17 }, () => ({ pressed: false })) });
  const globals = {
    navigator: { getGamepads: () => [pad()] },
    requestAnimationFrame: (look) => {
      frame = look;
      return 1;
    },
    cancelAnimationFrame: () => {},
    addEventListener: () => {},
    document: { addEventListener: () => {} },
  };
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
  }
  const told = [];
  const game = {
    state: 'playing',
    press: (code) => told.push(code),
    release: (code) => told.push(code),
    act: (agent, action) => told.push([agent, action.map((value) => Math.round(value * 100) / 100)]),
  };
  const steer = steering(lander, box([-1], [1], 2), [[0, 0]]);
  followController({ game, bindings: lander, steering: { agent: 'agent_0', steer } });
  frame();
  axes = [0, 0];
  frame();
  game.state = 'ended';
  axes = [1, 0];
  frame();
  assert.deepEqual(told, [
    ['agent_0', [0, 0.55]],
    ['agent_0', [0, 0.55]],
  ]);
});

test('who plays at this page is the person’s seat, by its name or by its number', () => {
  const agents = ['adversary_0', 'agent_0'];
  assert.equal(ownAgent({}, agents), 0);
  assert.equal(ownAgent({ seats: null }, agents), 0);
  assert.equal(ownAgent({ seats: { adversary_0: 'random', agent_0: 'human' } }, agents), 1);
  assert.equal(ownAgent({ seats: { agent_1: { keys: {} } } }, ['agent_a', 'agent_b']), 1);
  assert.equal(ownAgent({ match: {} }, agents, 1), 1);
});

test('a seat that may be named or counted is counted, as the game does', () => {
  const agents = ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'];
  assert.equal(ownAgent({ seats: { agent_0: 'human' } }, agents), 0);
  assert.equal(ownAgent({ seats: { agent_0: 'random', agent_3: 'human' } }, agents), 3);
  assert.equal(ownAgent({ seats: { adversary_0: 'random', agent_0: 'human' } }, agents), 3);
});
