import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, until, untilScript, within } from './until.mjs';

test('until gives what the condition gave, once that is true', async () => {
  let asked = 0;
  assert.equal(await until('the third time', async () => (asked += 1) === 3 && 'there'), 'there');
  assert.equal(asked, 3);
});

test('until ends in an error that says what it waited for, or how things stand then', async () => {
  await assert.rejects(
    until('the cows', () => false, 20),
    /^Error: waited 20 ms in vain for the cows$/,
  );
  let frame = 0;
  await assert.rejects(
    until(
      () => `step 5, at ${frame}`,
      () => void (frame += 1),
      20,
    ),
    /for step 5, at [1-9]/,
  );
  await assert.rejects(
    eventually('the cows', () => false, { timeoutMs: 20 }),
    /waited 20 ms in vain for the cows/,
  );
});

test('until passes on what the condition throws', async () => {
  await assert.rejects(
    until('a fault', () => assert.fail('it is over')),
    /it is over/,
  );
});

test('within gives what becomes of a promise, or says what it waited for', async () => {
  assert.equal(await within('a value', Promise.resolve(5)), 5);
  await assert.rejects(within('a fault', Promise.reject(new Error('broken'))), /broken/);
  await assert.rejects(within('a word', new Promise(() => {}), 20), /^Error: waited 20 ms in vain for a word$/);
});

test('their text is enough for a page to have both', async () => {
  const window = {};
  new Function('window', untilScript)(window);
  assert.equal(await window.until('it', () => 1), 1);
  await assert.rejects(window.within('it', new Promise(() => {}), 5), /in vain for it/);
});
