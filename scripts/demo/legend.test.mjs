import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Legend } from '../../www/demo/legend.js';

/** @param {import('node:test').TestContext} t @param {Record<string, unknown>} globals that a page has */
function known(t, globals) {
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
  }
}

test('a key that two fingers hold goes down with the first and comes up with the last', (t) => {
  const listeners = new Map();
  const listen = (name, listener) => listeners.set(name, listener);
  class KeyboardEvent {
    constructor(type, { code }) {
      Object.assign(this, { type, code });
    }
  }
  known(t, { addEventListener: listen, KeyboardEvent });
  const told = [];
  const canvas = { dispatchEvent: ({ type, code }) => told.push(`${type} ${code}`) };
  new Legend({ addEventListener: listen }, canvas, () => true);
  const touch = (pointerId, code) =>
    listeners.get('pointerdown')({
      pointerId,
      target: { closest: () => ({ dataset: { code } }) },
      preventDefault() {},
    });
  const lift = (pointerId) => listeners.get('pointerup')({ pointerId });
  touch(1, 'KeyA');
  touch(2, 'KeyA');
  touch(3, 'KeyD');
  lift(2);
  assert.deepEqual(told, ['keydown KeyA', 'keydown KeyD']);
  lift(1);
  lift(3);
  assert.deepEqual(told.slice(2), ['keyup KeyA', 'keyup KeyD']);
  touch(1, 'KeyA');
  listeners.get('pointercancel')({ pointerId: 1 });
  assert.deepEqual(told.slice(4), ['keydown KeyA', 'keyup KeyA']);
});
