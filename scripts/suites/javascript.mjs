import { join } from 'node:path';
import { resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { setUpNodeModules } from '../setup/index.mjs';

/** The formatter and linter; `npm run format` is the same with `check --write`. */
export const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** One line per complaint, of output in the form that GitHub reads; a file that is not formatted is one. */
export function complaintsIn(output) {
  return [...output.matchAll(/^::(?:error|warning|notice) title=(.*?),file=(.*?),line=(\d+),.*?::(.*)$/gm)].map(
    ([, rule, file, line, message]) => {
      const place = file.startsWith(root) ? file.slice(root.length) : file;
      if (rule === 'format') return `${place} is not formatted: run npm run format`;
      return `${place}:${line}: ${message} (${rule})`;
    },
  );
}

/** Format and lint of the project's JavaScript. */
export const javascriptSuite = {
  name: 'js',
  about: 'the format and the lint of the JavaScript',
  filterable: false,
  async run() {
    await setUpNodeModules();
    const command = [
      process.execPath,
      biome,
      'ci',
      '--error-on-warnings',
      '--max-diagnostics=none',
      '--reporter=github',
      '.',
    ];
    const { code, output } = await run(command, { cwd: root, logFile: join(resultsDir, 'js.log') });
    const failures = complaintsIn(output);
    if (code !== 0 && failures.length === 0)
      failures.push(`biome ended with ${code}: ${output.trim().split('\n').at(-1)}`);
    return { passed: failures.length === 0 ? 1 : 0, failed: failures.length, skipped: 0, failures };
  },
};
