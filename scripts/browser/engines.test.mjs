import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { engines, launchEngine, limited, skipWithout } from './engines.mjs';

const { CI } = process.env;
afterEach(() => {
  if (CI === undefined) delete process.env.CI;
  else process.env.CI = CI;
});

test('a browser that is missing is a note, and in CI a failure', () => {
  const missing = { name: 'Lynx', missing: 'Lynx is not installed' };
  for (const nobody of ['', '0', 'false']) {
    process.env.CI = nobody;
    assert.equal(skipWithout(missing), 'Lynx is not installed');
  }
  process.env.CI = 'true';
  assert.throws(() => skipWithout(missing), /Lynx is not installed: in CI nothing is skipped/);
  assert.equal(skipWithout({ name: 'Lynx', missing: undefined }), false);
});

test('the browsers are known by their names', async () => {
  assert.deepEqual(
    engines.map(({ name }) => name),
    ['Chromium', 'Firefox', 'WebKit'],
  );
  assert.equal(await launchEngine('Lynx', { after() {} }), undefined);
});

test('nothing is waited for without end of a browser that does not answer', async () => {
  const never = () => new Promise(() => {});
  const page = { evaluate: never, keyDown: never, keyUp: never, close: never, faults: [] };
  const silent = await limited('Lynx', { open: async () => page }, 10).open('about:blank');
  for (const call of ['evaluate', 'keyDown', 'keyUp', 'close'])
    await assert.rejects(silent[call](), new RegExp(`waited 10 ms in vain for a page of Lynx to answer ${call}`));
  assert.equal(silent.faults, page.faults);
  await assert.rejects(limited('Lynx', { open: never }, 10).open('about:blank'), /for Lynx to open about:blank/);
});
