import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { buildServer } from '../build/server.mjs';
import { root } from '../lib/paths.mjs';
import { setUpForBrowser, setUpOtherBrowsers } from '../setup/index.mjs';
import { runNodeTests } from './node-tests.mjs';

/** A suite of the tests in real browsers that stand in a folder. */
const browserTests = (name, folder, more) => ({
  name,
  filterable: true,
  ...more,
  async run({ filter, site }) {
    const tests = (await readdir(folder)).filter((file) => file.endsWith('.test.mjs')).sort();
    const wanted = tests.filter((file) => !filter || file.includes(filter));
    if (wanted.length === 0) return { passed: 0, failed: 0, skipped: 0, failures: [] };
    await setUpForBrowser();
    await setUpOtherBrowsers();
    await site(false);
    await site(true);
    await buildCommand();
    // Here, where it has the time it takes: a file of tests has five minutes for all it does.
    await buildServer();
    return runNodeTests(
      wanted.map((file) => join(folder, file)),
      name,
    );
  },
});

export const browserSuite = browserTests('browser', join(root, 'tests/browser'), {
  about: 'the site in Chromium, Firefox and WebKit: tests/browser',
});

/** Matches of many people under stress. It takes too long for every change: `npm test -- stress`, and CI, run it. */
export const stressSuite = browserTests('stress', join(root, 'tests/stress'), {
  about: 'matches under stress, in real browsers: tests/stress',
  onRequest: true,
});
