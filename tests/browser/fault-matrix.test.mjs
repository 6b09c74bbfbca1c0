import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { filesOfAGame, pairs, singles, tableOf } from './support/fault-matrix.mjs';

/** Every two faults in every order take minutes: `npm run faults`. */
const [all, part = ''] = (process.env.PALAESTRA_FAULTS ?? '').split(':');
/** How many pages are open at a time. Most of them wait. */
const lanes = 6;

describe('a site, whatever its server does to one of its files', () => {
  const owner = sharedOwner();
  let browser;
  let files;
  before(async () => {
    browser = await launchBrowser(owner);
    files = await filesOfAGame(owner, browser);
  });

  const check = async (t, { rows, wrong }) => {
    for (const line of tableOf(rows)) t.diagnostic(line);
    assert.deepEqual(wrong, []);
    await workersGone(browser, undefined, { timeoutMs: 10_000 });
  };

  test('ends in a typed error or goes without, at the first use and at the tenth, and the next try works', async (t) => {
    assert.ok(files.length >= 7, files.join(', '));
    await check(t, await singles(owner, browser, files, lanes));
  });

  const skip = all ? false : 'every two faults in every order: npm run faults';
  test('does so after every other fault as well', { skip }, async (t) => {
    const wanted = files.filter((path) => path.includes(part));
    assert.ok(wanted.length > 0, `none of ${files.join(', ')} has ${part} in it`);
    await check(t, await pairs(owner, browser, wanted, lanes));
  });
});
