import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { setUpNodeModules } from '../setup/index.mjs';
import { runNodeTests } from './node-tests.mjs';

export const scriptsSuite = {
  name: 'scripts',
  about: 'the tests of the scripts themselves',
  filterable: false,
  async run() {
    await setUpNodeModules();
    const folder = join(root, 'scripts');
    const files = await readdir(folder, { recursive: true });
    const tests = files.filter((file) => file.endsWith('.test.mjs')).sort();
    return runNodeTests(
      tests.map((file) => join(folder, file)),
      'scripts',
    );
  },
};
