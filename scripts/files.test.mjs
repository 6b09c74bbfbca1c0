// Where the files of Palaestra are, and the addresses under which one is asked for again.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { address, takeFilesFrom } from '../crates/page/src/files.js';

beforeEach(() => Object.assign(globalThis, { location: { href: 'https://study.example/page/' } }));
afterEach(() => Reflect.deleteProperty(globalThis, 'location'));

/** The address of a file that a page says is there, when it is asked for once more. */
function again(found) {
  takeFilesFrom({ address: () => found, held: {} });
  assert.equal(address('worker/boot.js'), found);
  return address('worker/boot.js', 1);
}

test('a file of a server has another address each time that it is asked for again', () => {
  assert.equal(again('https://files.example/boot.js'), 'https://files.example/boot.js?try=1');
  assert.equal(again('http://files.example/boot.js?v=2'), 'http://files.example/boot.js?v=2&try=1');
  assert.equal(again('boot.js'), 'https://study.example/page/boot.js?try=1');
});

test('an address that is no server’s stays as it is', () => {
  const object = 'blob:https://study.example/8a0e7d1c-0d2f-4f2e-9a51-3a0d0d3c1f11';
  assert.equal(again(object), object);
  const data = 'data:text/javascript,postMessage(%22a%20b%22)';
  assert.equal(again(data), data);
});
