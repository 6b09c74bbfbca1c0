import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { engines, launchEngine, skipWithout } from './engines.mjs';

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
