import { join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { root } from '../lib/paths.mjs';
import { setUpDataPackages, setUpForBrowser } from '../setup/index.mjs';
import { runNodeTests } from './node-tests.mjs';

/** Cold, the command is compiled with all optimisations; an hour's record is played, verified and exported. */
const timeoutMs = 15 * 60_000;

/** What `palaestra export` writes, read by researchers' own tools. It installs them: `npm test -- data`, and CI, run it. */
export const dataSuite = {
  name: 'data',
  about: 'exports as pandas, pyarrow, Minari and R read them: tests/data',
  filterable: false,
  onRequest: true,
  async run({ site }) {
    await setUpDataPackages();
    await setUpForBrowser();
    await site(false);
    await buildCommand();
    return runNodeTests([join(root, 'tests/data/data.test.mjs')], 'data', { timeoutMs });
  },
};
