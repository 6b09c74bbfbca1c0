import { join } from 'node:path';
import { resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { setUpNodeModules } from '../setup/index.mjs';

/** What a researcher may write passes the type checker, and what is marked as wrong in it does not. */
export const typesSuite = {
  name: 'types',
  about: 'the types of palaestra.js, against tests/types/usage.ts',
  filterable: false,
  async run() {
    await setUpNodeModules();
    const checker = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await run([process.execPath, checker, '--pretty', 'false', '-p', join(root, 'tests', 'types')], {
      cwd: root,
      logFile: join(resultsDir, 'types.log'),
    });
    if (code === 0) return { passed: 1, failed: 0, skipped: 0, failures: [] };
    const failures = output.split('\n').filter((line) => /error TS\d+/.test(line));
    return { passed: 0, failed: Math.max(failures.length, 1), skipped: 0, failures, details: output };
  },
};
