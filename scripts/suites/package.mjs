import { join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { buildServer } from '../build/server.mjs';
import { root } from '../lib/paths.mjs';
import { setUpForBrowser, setUpOtherBrowsers } from '../setup/index.mjs';
import { modulesOf } from '../setup/node-modules.mjs';
import { ensure } from '../setup/step.mjs';
import { nothing, runNodeTests, testsIn } from './node-tests.mjs';

const folder = join(root, 'tests/package');

export const packageSuite = {
  name: 'package',
  about: 'the packed package, bundled and on pages of all kinds: tests/package',
  filterable: true,
  // It takes four minutes, and installs every bundler: `npm test -- package`, and CI, run it.
  onRequest: true,
  async run({ filter, site }) {
    const wanted = await testsIn(folder, filter);
    if (wanted.length === 0) return nothing();
    await setUpForBrowser();
    await setUpOtherBrowsers();
    await ensure(modulesOf({ name: 'bundlers', folder }));
    await site(false);
    // Here, and not within the time limit of a test: records are verified, and matches are played.
    await buildCommand();
    await buildServer({ quiet: true });
    return runNodeTests(wanted, 'package');
  },
};
