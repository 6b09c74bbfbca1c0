import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invite, makeWith } from '../../crates/page/src/guest/index.js';
import { begin } from '../../crates/page/src/rollout/index.js';
import { addressOf, pathBeside } from '../../worker/guest/addresses.js';
import { MOST_LETTERS, MOST_LINES, Output } from '../../worker/guest/output.js';
import { optionsOf, PYODIDE } from '../../worker/guest/options.js';

const base = 'https://lab.example/study/index.html';
const bytes = (text) => new TextEncoder().encode(text);

/** A console that remembers. */
function remembering() {
  const lines = [];
  return { lines, log: (line) => lines.push(['log', line]), warn: (line) => lines.push(['warn', line]) };
}

test('what a page says of a guest is checked, and its addresses are relative to the page', () => {
  const found = optionsOf({ module: 'mine.py', entry: null, pyodide: '../pyodide', kwargs: { speed: 2 } }, base);
  const expected = {
    module: 'mine.py',
    kwargs: { speed: 2 },
    packages: [],
    files: [],
    pyodide: 'https://lab.example/pyodide/',
  };
  assert.deepEqual(found, expected);
  assert.equal(optionsOf({ entry: 'CartPole-v1' }, base).pyodide, PYODIDE);
  /** @type {[any, RegExp][]} */
  const wrong = [
    [{}, /expected `module`, `source` or `entry`/],
    [{ module: 'a.py', source: 'x = 1' }, /expected `module` or `source`, found both/],
    [{ module: 'a.py', misses: 3 }, /found `misses`; arguments of the environment itself go into `kwargs`/],
    [{ module: 'a.py', toString: 3 }, /found `toString`/],
    [{ module: '' }, /argument `module`: expected the address of a file of Python, found ""/],
    [{ module: 'a.py', packages: 'numpy' }, /argument `packages`: expected a list of names .*, found "numpy"/],
    [{ module: 'a.py', kwargs: [] }, /argument `kwargs`: expected an object/],
    [{ module: 'a.py', aspect: 0 }, /argument `aspect`: expected the width of the picture over its height, found 0/],
    [{ module: 'a.py', max_episode_steps: 1.5 }, /argument `max_episode_steps`/],
    [{ module: 'a.py', pyodide: 'https://' }, /argument `pyodide`: expected the address of a folder/],
  ];
  for (const [given, message] of wrong) {
    assert.throws(
      () => optionsOf(given, base),
      (/** @type {any} */ error) => error.code === 'bad_argument' && message.test(error.message),
    );
  }
});

test('an address that cannot be read is told, and whose it is', () => {
  assert.equal(addressOf('module', 'mine.py', base).href, 'https://lab.example/study/mine.py');
  for (const [field, text] of [
    ['module', 'https://'],
    ['files', 'http://[/levels.py'],
    ['packages', 'https://a b/orchard.whl'],
  ]) {
    const expected = { code: 'load_failed', message: `${field}: expected an address, found ${JSON.stringify(text)}` };
    assert.throws(() => addressOf(field, text, base), expected);
  }
});

test('a file lies beside the module by its path, whatever letters that has', () => {
  const folder = new URL('.', base);
  for (const [file, path] of [
    ['levels/one.txt', 'levels/one.txt'],
    ['../shared/one.txt', 'one.txt'],
    ['ein%20b%C3%A4r.txt', 'ein bär.txt'],
    ['100%.txt', '100%.txt'],
  ]) {
    assert.equal(pathBeside(new URL(file, base), folder), path);
  }
});

test('what a guest prints comes line by line, whatever pieces it is written in', () => {
  const shown = remembering();
  const output = new Output(shown);
  const umlaut = bytes('ü\n');
  for (const piece of [bytes('one\ntw'), bytes('o\n\n'), umlaut.slice(0, 1), umlaut.slice(1)]) {
    assert.equal(output.write('log', piece), piece.length);
  }
  output.write('warn', bytes('trouble\n'));
  assert.deepEqual(shown.lines, [
    ['log', 'one'],
    ['log', 'two'],
    ['log', ''],
    ['log', 'ü'],
    ['warn', 'trouble'],
  ]);
});

test('what a guest prints ends', () => {
  const shown = remembering();
  const output = new Output(shown);
  for (let piece = 0; piece < 100; piece += 1) output.write('log', bytes('x'.repeat(1000)));
  output.write('log', bytes(`\n${'y\n'.repeat(2 * MOST_LINES)}`));
  assert.equal(shown.lines.length, MOST_LINES + 1);
  assert.equal(shown.lines[0][1].length, MOST_LETTERS);
  assert.match(shown.lines.at(-1)[1], /has printed 1000 lines; what else it prints is not shown/);
});

/** What the page's script gives to that of guests. */
function pageWith(entries) {
  class PalaestraError extends Error {
    constructor(code, message) {
      super(message);
      this.code = code;
    }
  }
  /** @type {any} */
  const guests = {};
  return { address: (path) => path, entries, guests, PalaestraError };
}

/** A Worker that begins, which can say something. */
function worker(guests, name = 'palaestra environment') {
  const of = new EventTarget();
  const posted = [];
  guests.introduce(Object.assign(of, { postMessage: (message) => posted.push(message) }), name);
  const say = (data) => of.dispatchEvent(Object.assign(new Event('message'), { data }));
  return { of, posted, say };
}

/** Where a page's script finds its addresses. */
function onAPage(t) {
  const globals = { location: { href: base }, document: { baseURI: base } };
  Object.assign(globalThis, globals);
  t.after(() => {
    for (const name of Object.keys(globals)) delete globalThis[name];
  });
}

const loading = { envId: 'guest/mine', progress: { phase: 'Pyodide', done: 0, of: 1 } };
const never = new Promise(() => {});

test('the page learns of a guest by an entry of the registry, and its progress goes to those who load it', (t) => {
  onAPage(t);
  const entries = [{ id: 'CartPole-v1' }];
  const page = pageWith(entries);
  const { guests } = page;
  const heard = [];
  const options = {
    seats: { agent_0: 'human', agent_2: 'random' },
    onProgress: (progress) => heard.push(progress),
    fps: 9,
  };
  assert.deepEqual(invite('guest/mine', options, page, never), { seats: options.seats, fps: 9 });
  invite('guest/mine', {}, page, never);
  const own = entries.filter(({ id }) => id === 'guest/mine');
  assert.deepEqual(
    own.map(({ family, agents }) => [family, agents]),
    [['guest', 1]],
  );
  assert.throws(() => invite('guest/mine', { onProgress: 3 }, page, never), /onProgress: expected a function, found 3/);

  const guest = worker(guests);
  assert.deepEqual(worker(guests, 'palaestra packer').posted, [], 'others are told nothing');
  assert.deepEqual(guest.posted, [{ guest: { script: 'worker/guest.js', base } }]);
  let others = 0;
  guest.of.addEventListener('message', () => (others += 1));
  guest.say({ envId: 'guest/mine', progress: { phase: 'module', done: 0, of: 1 } });
  guest.say(new ArrayBuffer(8));
  worker(guests).say(loading);
  assert.deepEqual(heard, [{ phase: 'module', done: 0, of: 1 }]);
  assert.equal(others, 1, 'what is no progress is for the module');
});

test('who waits no longer for a guest hears nothing of the next one', async (t) => {
  onAPage(t);
  const page = pageWith([]);
  const { guests } = page;
  const heard = [];
  const hears = (name) => ({ onProgress: () => heard.push(name) });
  const refuse = () => Promise.reject(new Error('refused'));
  await assert.rejects(makeWith('guest/mine', hears('refused'), page, refuse), /refused/);
  const thrown = () => {
    throw new Error('thrown');
  };
  await assert.rejects(makeWith('guest/mine', hears('thrown'), page, thrown), /thrown/);
  const failed = refuse();
  invite('guest/mine', hears('game'), page, failed);
  await assert.rejects(failed);
  // Both wait, and are told in the order in which they asked, though they are told by the same function.
  const both = hears('made');
  const handle = {};
  const settled = [];
  const made = () => new Promise((resolve) => settled.push(() => resolve(handle)));
  const makes = [makeWith('guest/mine', both, page, made), makeWith('guest/mine', both, page, made)];
  worker(guests).say(loading);
  assert.deepEqual(heard, ['made']);
  // The first one is there, and takes nothing from the second.
  settled[0]();
  assert.equal(await makes[0], handle);
  const second = worker(guests);
  second.say(loading);
  second.say(loading);
  assert.deepEqual(heard, ['made', 'made', 'made']);
  settled[1]();
  await makes[1];
  worker(guests).say(loading);
  assert.equal(heard.length, 3);
});

test('a rollout is told which agents the environment at hand has, which of a guest nobody else knows', async () => {
  const asked = [];
  const openRollout = async (...of) => {
    asked.push(of);
    throw new Error('enough');
  };
  const [policies, kwargs] = ['random', { module: 'pair.py' }];
  const env = { id: 'guest/pair', kwargs, agents: ['hare', 'tortoise'] };
  await assert.rejects(begin(env, { policies, episodes: 1 }, { openRollout, PalaestraError: Error }), /enough/);
  const made = { agents: 2, agentNames: ['hare', 'tortoise'] };
  assert.deepEqual(asked, [['guest/pair', kwargs, { policies, episodes: 1, made }]]);
});
