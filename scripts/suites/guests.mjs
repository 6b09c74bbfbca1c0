import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { pyodideDistribution } from '../setup/guests.mjs';
import { setUpForBrowser } from '../setup/index.mjs';
import { modulesOf } from '../setup/node-modules.mjs';
import { ensure } from '../setup/step.mjs';
import { nothing, runNodeTests, testsIn } from './node-tests.mjs';

const folder = join(root, 'tests/guests');
const timeoutMs = 15 * 60_000;

/** Environments in Python in Chromium: `npm test -- guests`. Its set-up downloads 12 MB. */
export const guestsSuite = {
  name: 'guests',
  about: 'environments in Python in the page, beside ours and in trouble: tests/guests',
  filterable: true,
  // Minutes: Python is loaded some thirty times.
  onRequest: true,
  async run({ filter, site }) {
    const wanted = await testsIn(folder, filter);
    if (wanted.length === 0) return nothing();
    await setUpForBrowser();
    await ensure(modulesOf({ name: 'pyodide from npm', folder }));
    await ensure(pyodideDistribution);
    await site(false);
    return runNodeTests(wanted, 'guests', { timeoutMs });
  },
};
