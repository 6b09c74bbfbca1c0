import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { root } from '../lib/paths.mjs';
import { setUpForBrowser, setUpOtherBrowsers } from '../setup/index.mjs';
import { runNodeTests } from './node-tests.mjs';

export const browserSuite = {
  name: 'browser',
  about: 'the site in Chromium, Firefox and WebKit: tests/browser',
  filterable: true,
  async run({ filter, site }) {
    const folder = join(root, 'tests/browser');
    const tests = (await readdir(folder)).filter((file) => file.endsWith('.test.mjs')).sort();
    const wanted = tests.filter((file) => !filter || file.includes(filter));
    if (wanted.length === 0) return { passed: 0, failed: 0, skipped: 0, failures: [] };
    await setUpForBrowser();
    await setUpOtherBrowsers();
    await site(false);
    await site(true);
    await buildCommand();
    return runNodeTests(
      wanted.map((file) => join(folder, file)),
      'browser',
    );
  },
};
