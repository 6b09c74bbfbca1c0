import { join, relative } from 'node:path';
import { writePrograms } from '../docs/blocks.mjs';
import { resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { setUpNodeModules } from '../setup/index.mjs';

/** What is checked, each as its tsconfig says. */
const projects = ['tsconfig.json', 'tsconfig.site.json', 'tests/types/tsconfig.json'];

/** One line per error, with its place in the project. */
export const errorsIn = (output) => output.split('\n').filter((line) => /\berror TS\d+/.test(line));

/** What documents show, each program a file that is named after its place. */
async function documents() {
  const { config, count } = await writePrograms(join(resultsDir, 'documents'));
  // A document whose programs are not found any more would pass.
  if (count < 10) throw new Error(`expected ten programs or more in the documents, found ${count}`);
  return relative(root, config);
}

/** The types of the JavaScript, and those that a researcher meets: what they may write passes, what is marked as wrong does not. */
export const typesSuite = {
  name: 'types',
  about: `the types of the JavaScript, of palaestra.js against tests/types/usage.ts, and of the programs in documents`,
  filterable: false,
  async run() {
    await setUpNodeModules();
    const checker = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const result = { passed: 0, failed: 0, skipped: 0, failures: [], details: '' };
    for (const project of [...projects, await documents()]) {
      const command = [process.execPath, checker, '--pretty', 'false', '-p', join(root, project)];
      const logFile = join(resultsDir, `types-${project.replace(/\.json$/, '').replaceAll(/\W+/g, '-')}.log`);
      const { code, output } = await run(command, { cwd: root, logFile });
      if (code === 0) {
        result.passed += 1;
        continue;
      }
      const errors = errorsIn(output);
      result.failures.push(...(errors.length > 0 ? errors : [`${project}: tsc ended with ${code}`]));
      result.details += `${output}\n`;
    }
    return { ...result, failed: result.failures.length };
  },
};
