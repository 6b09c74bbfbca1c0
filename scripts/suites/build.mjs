import { relative } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';

export const buildSuite = {
  name: 'build',
  about: 'npm run build, and the build with a Worker that can fail',
  filterable: false,
  async run({ site }) {
    const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
    for (const faults of [false, true]) {
      try {
        say('ok', 'build', `${relative(root, await site(faults))}/`);
        result.passed += 1;
      } catch (error) {
        if (!(error instanceof PlainError)) throw error;
        result.failed += 1;
        result.failures.push(`${error.about}: ${error.message}`);
      }
    }
    return result;
  },
};
