import { join } from 'node:path';
import { writeKit } from '../build/kit.mjs';
import { root } from '../lib/paths.mjs';
import { setUpForBrowser, setUpForBuild } from '../setup/index.mjs';
import { runNodeTests } from './node-tests.mjs';

/** It compiles everything that a stranger's machine would: the environment, its tests, the page's module and the command. */
const timeoutMs = 30 * 60_000;

export const newSuite = {
  name: 'new',
  about: 'a new environment from the packed package, in an empty folder: tests/new',
  filterable: false,
  // It takes three to five minutes of both cores, and is timed: `npm test -- new` runs it.
  onRequest: true,
  async run({ site }) {
    await setUpForBuild();
    await setUpForBrowser();
    await site(false);
    await writeKit();
    return runNodeTests([join(root, 'tests/new/new.test.mjs')], 'new', { timeoutMs });
  },
};
