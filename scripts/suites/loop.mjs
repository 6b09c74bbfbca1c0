import { join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { root } from '../lib/paths.mjs';
import { runNodeTests } from './node-tests.mjs';
import { preparePython } from './python.mjs';

const timeoutMs = 20 * 60_000;

/** `npm run loop` at a small size. It builds the wheel of the Python package: `npm test -- loop`. */
export const loopSuite = {
  name: 'loop',
  about: 'a policy trained in Python plays in the page, and its record comes back: tests/loop',
  filterable: false,
  onRequest: true,
  async run({ site }) {
    // The test's own process has it from this one.
    process.env.PALAESTRA_PYTHON = await preparePython();
    await site(false);
    return runNodeTests([join(root, 'tests/loop/loop.test.mjs')], 'loop', { timeoutMs });
  },
};

/** Models for ten thousand steps, in three browsers and natively: `npm test -- policies`. */
export const policiesSuite = {
  name: 'policies',
  about: 'models over 10,000 steps, the same natively and in three browsers: tests/policies',
  filterable: false,
  onRequest: true,
  async run({ site }) {
    await buildCommand();
    await site(false);
    return runNodeTests([join(root, 'tests/policies/actions.test.mjs')], 'policies', { timeoutMs });
  },
};
