import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { setUpForBrowser, setUpForBuild } from '../setup/index.mjs';
import { runNodeTests } from './node-tests.mjs';

/** Cold, it compiles the site, the environment's tests and the palaestra command. */
const timeoutMs = 30 * 60_000;

export const outsideSuite = {
  name: 'outside',
  about: 'a family from a folder outside, built and played in Chromium: tests/outside',
  filterable: false,
  async run() {
    await setUpForBuild();
    await setUpForBrowser();
    return runNodeTests([join(root, 'tests/outside/outside.test.mjs')], 'outside', { timeoutMs });
  },
};
