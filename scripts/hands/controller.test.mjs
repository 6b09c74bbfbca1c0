import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followController, keysOf } from '../../crates/page/src/hands/controller.js';
import { controlsOf } from '../../crates/page/src/hands/controls.js';

const bindings = [
  { keys: 'ArrowUp', action: 0 },
  { keys: 'ArrowLeft', action: 1 },
  { keys: 'ArrowRight', action: 2 },
  { keys: 'Space', action: 3 },
  { keys: 'KeyQ', action: 4 },
];

const state = (pressed = [], axes = [0, 0]) => ({
  mapping: 'standard',
  buttons: Array.from({ length: 17 }, (_, i) => ({ pressed: pressed.includes(i) })),
  axes,
});

test('the cross and the left stick are ways, and the buttons what else there is to do', () => {
  const keys = (...given) => [...keysOf(state(...given), controlsOf(bindings))].sort();
  assert.deepEqual(keys(), []);
  assert.deepEqual(keys([12, 14]), ['ArrowLeft', 'ArrowUp']);
  assert.deepEqual(keys([], [0.9, -0.2]), ['ArrowRight']);
  assert.deepEqual(keys([], [0.4, 0.9]), [], 'a game without a way down, and a stick that is hardly pushed');
  assert.deepEqual(keys([0, 1]), ['KeyQ', 'Space']);
  assert.deepEqual(keysOf({ buttons: [], axes: [] }, controlsOf(bindings)).size, 0);
});

/** What a page has for controllers, and what it was told: `page.frame` is what the next frame calls. */
function pageOf(t, controllers) {
  const page = { controllers, frame: undefined, listeners: new Map(), reported: [] };
  const listen = (name, listener, { signal }) => {
    page.listeners.set(name, listener);
    signal.addEventListener('abort', () => page.listeners.delete(name));
  };
  const globals = {
    navigator: { getGamepads: () => page.controllers },
    requestAnimationFrame: (look) => {
      page.frame = look;
      return 7;
    },
    cancelAnimationFrame: () => (page.frame = undefined),
    reportError: ({ message }) => page.reported.push(message),
    addEventListener: listen,
    document: { hidden: false, addEventListener: listen },
  };
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
  }
  return page;
}

test('a key that the game refuses ends no controller', (t) => {
  const told = [];
  const game = {
    state: 'playing',
    press(code) {
      if (code === 'Space') throw new Error('no key of this game');
      told.push(`+${code}`);
    },
    release: (code) => told.push(`-${code}`),
  };
  const page = pageOf(t, [state([0])]);
  const end = followController({ game, bindings });
  page.frame();
  page.controllers = [state([1])];
  page.frame();
  end();
  assert.deepEqual(told, ['-Space', '+KeyQ', '-KeyQ']);
  assert.deepEqual(page.reported, ['no key of this game'], 'told once');
});

test('keys go down and up with the controller, which may come later and be pulled out', (t) => {
  const told = [];
  const page = pageOf(t, [null]);
  const game = {
    state: 'playing',
    press: (code) => told.push(`+${code}`),
    release: (code) => told.push(`-${code}`),
  };
  const end = followController({ game, bindings });
  assert.equal(page.frame, undefined, 'nothing is looked at while there is none');
  page.controllers = [state([0])];
  page.listeners.get('gamepadconnected')();
  page.controllers = [state([0, 12])];
  page.frame();
  page.controllers = [null];
  page.frame();
  assert.deepEqual(told, ['+Space', '+ArrowUp', '-ArrowUp', '-Space']);
  page.controllers = [state([1])];
  page.listeners.get('gamepadconnected')();
  end();
  assert.deepEqual(told.slice(4), ['+KeyQ', '-KeyQ']);
  assert.deepEqual([page.frame, page.listeners.size], [undefined, 0]);
  // Whose thumb is still on a button when the game ends.
  const late = followController({ game, bindings });
  assert.deepEqual(told.slice(6), ['+KeyQ']);
  game.state = 'disposed';
  page.controllers = [state([0])];
  page.frame();
  late();
  assert.deepEqual(told.slice(7), [], 'a game that is over takes no key');
});

test('what is held while the game lets go of all keys goes down again, and what was let go of meanwhile does not', (t) => {
  const told = [];
  const page = pageOf(t, [state([0, 12])]);
  const game = {
    state: 'playing',
    press: (code) => told.push(`+${code}`),
    release: (code) => told.push(`-${code}`),
  };
  const end = followController({ game, bindings });
  page.frame();
  assert.deepEqual(told.splice(0), ['+ArrowUp', '+Space']);
  page.listeners.get('blur')();
  page.controllers = [state([12])];
  page.frame();
  assert.deepEqual(told.splice(0), ['+ArrowUp']);
  page.listeners.get('visibilitychange')();
  page.listeners.get('keyup')({ code: 'KeyQ' });
  page.frame();
  assert.deepEqual(told.splice(0), [], 'a tab that is seen again, and any other key');
  Object.assign(document, { hidden: true });
  page.listeners.get('visibilitychange')();
  page.frame();
  assert.deepEqual(told.splice(0), ['+ArrowUp']);
  page.listeners.get('keyup')({ code: 'MetaLeft' });
  page.frame();
  assert.deepEqual(told.splice(0), ['+ArrowUp']);
  end();
  assert.deepEqual([told, page.listeners.size], [['-ArrowUp'], 0]);
});

test('where each stroke is an action of its own what is held is no new one', (t) => {
  const told = [];
  const page = pageOf(t, [state([12])]);
  const game = { state: 'playing', press: (code) => told.push(`+${code}`), release: (code) => told.push(`-${code}`) };
  const end = followController({ game, bindings, single: true });
  page.listeners.get('blur')?.();
  page.frame();
  end();
  assert.deepEqual(told, ['+ArrowUp', '-ArrowUp']);
});
