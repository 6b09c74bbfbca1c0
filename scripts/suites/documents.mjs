import { join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { buildServer } from '../build/server.mjs';
import { root } from '../lib/paths.mjs';
import { setUpNodeModules } from '../setup/index.mjs';
import { nothing, runNodeTests, testsIn } from './node-tests.mjs';

/** The command lines and configurations that documents show, asked of the programs that they are for: `npm test -- documents`. */
export const documentsSuite = {
  name: 'documents',
  about: 'the command lines and configurations in documents, by the programs that they are for: tests/documents',
  filterable: true,
  async run({ filter, site }) {
    const wanted = await testsIn(join(root, 'tests/documents'), filter);
    if (wanted.length === 0) return nothing();
    await setUpNodeModules();
    await buildCommand();
    await buildServer();
    // `palaestra copy-assets` copies it, and the server serves it.
    await site(false);
    return runNodeTests(wanted, 'documents');
  },
};
