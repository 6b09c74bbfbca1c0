import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announce, news, view } from '../../crates/page/src/controls/announcer.js';
import { labelsOf } from '../../crates/page/src/controls/index.js';
import { texts } from '../../crates/page/src/controls/texts.js';

const game = (given) => view({ state: 'playing', paused: false, episode: 1, score: 0, ...given });
const said = (before, after) => news(before, after, texts);

test('what has changed is said, and nothing else', () => {
  const before = game({});
  assert.equal(said({ ...before, state: '' }, before), 'The game is on.');
  assert.equal(said(before, game({})), '');
  assert.equal(said(before, game({ score: { agent_0: 20, agent_1: 20 } })), 'Score 20.');
  assert.equal(said(before, game({ score: { agent_0: 1.5, agent_1: -2.123456 } })), 'Score 1.5, -2.12.');
  assert.equal(said(before, game({ paused: true })), 'Paused.');
  assert.equal(said(game({ score: 20 }), game({ episode: 2 })), 'Round 2.');
});

test('at the end the last score is said, also one that was earned only there', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const place = /** @type {HTMLElement} */ ({ textContent: '' });
  const played = { state: 'playing', paused: false, episode: 1, score: 0 };
  const end = announce(played, place, texts);
  assert.equal(place.textContent, 'The game is on.');
  Object.assign(played, { state: 'disposed', score: 1 });
  assert.equal(end(), 'Score 1.');
  const failed = {
    state: 'playing',
    paused: false,
    episode: 1,
    get score() {
      if (this.state === 'playing') return 3;
      throw new Error('panicked');
    },
  };
  const endFailed = announce(failed, place, texts);
  failed.state = 'disposed';
  assert.equal(endFailed(), '', 'the page’s module has failed');
});

test('every key that does something by itself can be changed, by the name of what it does', () => {
  const bindings = [
    { keys: 'ArrowLeft', action: 0, label: 'push left' },
    { keys: 'KeyA', action: 0, label: 'push left' },
    { keys: 'ArrowRight+Space', action: 2 },
  ];
  assert.deepEqual(
    [...labelsOf(bindings)],
    [
      ['ArrowLeft', 'push left'],
      ['ArrowRight', 'ArrowRight'],
      ['Space', 'Space'],
      ['KeyA', 'push left'],
    ],
  );
});
