import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chordsOfWays, controlsOf } from '../../crates/page/src/hands/controls.js';

const codes = ({ cross, buttons }) => [
  Object.fromEntries(Object.entries(cross).map(([way, { code }]) => [way, code])),
  buttons.map(({ code, label }) => `${code}: ${label}`),
];

const arrows = { up: 'ArrowUp', left: 'ArrowLeft', right: 'ArrowRight', down: 'ArrowDown' };

test('a kitchen has a cross and one button, although two keys do what it does', () => {
  const bindings = [
    { keys: 'ArrowUp', action: 0, label: 'Up' },
    { keys: 'ArrowDown', action: 1, label: 'Down' },
    { keys: 'ArrowRight', action: 2, label: 'Right' },
    { keys: 'ArrowLeft', action: 3, label: 'Left' },
    { keys: 'Space', action: 5, label: 'Take' },
    { keys: 'Enter', action: 5, label: 'Take' },
  ];
  assert.deepEqual(codes(controlsOf(bindings)), [arrows, ['Space: Take']]);
});

test('two keys that lie left and right are a cross of two, and their doubles nothing', () => {
  const bindings = [
    { keys: 'ArrowLeft', action: 0, label: 'push left' },
    { keys: 'ArrowRight', action: 1, label: 'push right' },
    { keys: 'KeyA', action: 0, label: 'push left' },
    { keys: 'KeyD', action: 1, label: 'push right' },
  ];
  assert.deepEqual(codes(controlsOf(bindings)), [{ left: 'ArrowLeft', right: 'ArrowRight' }, []]);
});

test('keys that count only together are there, each once', () => {
  const bindings = [
    { keys: 'ArrowLeft', action: [-1], label: 'left' },
    { keys: 'ArrowRight', action: [1], label: 'right' },
    { keys: 'ArrowLeft+ArrowDown', action: [-0.5], label: 'gently left' },
    { keys: 'ArrowRight+ArrowDown', action: [0.5], label: 'gently right' },
    { keys: 'KeyA', action: [-1], label: 'left' },
  ];
  assert.deepEqual(codes(controlsOf(bindings)), [{ left: 'ArrowLeft', right: 'ArrowRight', down: 'ArrowDown' }, []]);
});

test('a person at the left half of the keyboard has their own cross', () => {
  const bindings = ['KeyW', 'KeyS', 'KeyA', 'KeyD', 'KeyE'].map((keys, action) => ({ keys, action, label: keys }));
  assert.deepEqual(codes(controlsOf(bindings)), [
    { up: 'KeyW', left: 'KeyA', right: 'KeyD', down: 'KeyS' },
    ['KeyE: KeyE'],
  ]);
});

test('keys of one’s own, as play takes them, have no label: their name says what they are', () => {
  assert.deepEqual(
    codes(
      controlsOf([
        { keys: 'KeyH', action: 1 },
        { keys: 'Digit1', action: 2n },
        { keys: 'KeyJ', action: 1 },
      ]),
    ),
    [{}, ['KeyH: H', 'Digit1: 1']],
  );
  assert.deepEqual(controlsOf([]), { cross: {}, buttons: [] });
});

test('ways that count together are told from those that do not', () => {
  const bindings = ['ArrowUp', 'ArrowLeft', 'ArrowRight'].map((keys, action) => ({ keys, action }));
  const { cross } = controlsOf(bindings);
  assert.equal(chordsOfWays(bindings, cross), false);
  assert.equal(chordsOfWays([...bindings, { keys: 'ArrowLeft+ArrowRight', action: 4 }], cross), false);
  assert.equal(chordsOfWays([...bindings, { keys: 'ArrowUp+ArrowLeft', action: 5 }], cross), true);
});
