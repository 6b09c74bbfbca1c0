import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keymap } from '../../crates/page/src/controls/keymap.js';

const codes = ['ArrowLeft', 'ArrowRight', 'Space'];
const keeping = (text) => {
  const kept = new Map(text === undefined ? [] : [['k', text]]);
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
};
const keys = (keymap) => keymap.entries.map(([, key]) => key);

test('a key that was given away means nothing, and a new one what the old one meant', () => {
  const keymap = new Keymap(codes, undefined, 'k');
  assert.ok(keymap.usual);
  assert.deepEqual(keymap.assign('ArrowLeft', 'KeyQ'), {});
  assert.equal(keymap.meaning('KeyQ'), 'ArrowLeft');
  assert.equal(keymap.meaning('ArrowLeft'), undefined);
  assert.equal(keymap.meaning('Space'), 'Space');
  assert.equal(keymap.meaning('KeyX'), 'KeyX');
  assert.ok(!keymap.usual);
});

test('a key that another has changes places with it', () => {
  const keymap = new Keymap(codes, undefined, 'k');
  assert.deepEqual(keymap.assign('ArrowLeft', 'Space'), { swapped: 'Space' });
  assert.deepEqual(keys(keymap), ['Space', 'ArrowRight', 'ArrowLeft']);
  assert.deepEqual(keymap.assign('Space', 'Space'), { swapped: 'ArrowLeft' });
  assert.ok(keymap.usual);
});

test('keys that browsers and screen readers need are refused, and so is what is no key of the game', () => {
  const keymap = new Keymap(codes, undefined, 'k');
  // What a screen's keyboard, or one far away, sends may have no name.
  for (const code of ['Tab', '', 'Unidentified']) assert.deepEqual(keymap.assign('Space', code), { refused: true });
  assert.deepEqual(keymap.assign('KeyP', 'KeyQ'), { refused: true });
  assert.ok(keymap.usual);
});

test('they are remembered, and forgotten when they are as they were', () => {
  const store = keeping();
  new Keymap(codes, store, 'k').assign('Space', 'KeyE');
  const again = new Keymap(codes, store, 'k');
  assert.deepEqual(keys(again), ['ArrowLeft', 'ArrowRight', 'KeyE']);
  again.reset();
  assert.ok(again.usual);
  assert.equal(store.kept.size, 0);
});

test('what somebody else left in the store counts only where it makes sense, and a full store costs nothing', () => {
  const bad = [
    '',
    '7',
    'null',
    '{"ArrowLeft":"KeyA"}',
    '{"ArrowLeft":"KeyA","ArrowRight":"KeyA","Space":"KeyB"}',
    '{"ArrowLeft":"Tab","ArrowRight":"KeyA","Space":"KeyB"}',
    '{"ArrowLeft":1,"ArrowRight":"KeyA","Space":"KeyB"}',
  ];
  for (const text of bad) assert.ok(new Keymap(codes, keeping(text), 'k').usual, text);
  const full = {
    getItem: () => null,
    setItem() {
      throw new DOMException('full', 'QuotaExceededError');
    },
    removeItem() {},
  };
  const keymap = new Keymap(codes, full, 'k');
  assert.deepEqual(keymap.assign('Space', 'KeyE'), {});
  assert.equal(keymap.meaning('KeyE'), 'Space');
});

test('keys of another person at the same keyboard are refused, also where they were kept', () => {
  const others = ['KeyW', 'KeyD'];
  const keymap = new Keymap(codes, undefined, 'k', others);
  assert.deepEqual(keymap.assign('Space', 'KeyW'), { refused: true });
  assert.ok(keymap.usual);
  assert.equal(keymap.meaning('KeyW'), 'KeyW');
  const kept = '{"ArrowLeft":"KeyD","ArrowRight":"KeyB","Space":"KeyC"}';
  assert.ok(new Keymap(codes, keeping(kept), 'k', others).usual);
  assert.ok(!new Keymap(codes, keeping(kept), 'k').usual, 'who plays alone has them');
});
