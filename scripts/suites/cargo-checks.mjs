import { join } from 'node:path';
import { compilerErrors, errorsOf } from '../lib/cargo-output.mjs';
import { nativeTargetDir, resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';

/** A suite that is one cargo command, which either finds nothing or names what it found. */
function cargoCheck(name, about, command, failuresIn) {
  return {
    name,
    about,
    filterable: false,
    async run({ update }) {
      const { code, output } = await run(command, {
        cwd: root,
        env: { CARGO_TARGET_DIR: nativeTargetDir },
        onLine: update,
        logFile: join(resultsDir, `${name}.log`),
      });
      if (code === 0) return { passed: 1, failed: 0, skipped: 0, failures: [] };
      const found = failuresIn(output);
      const failures = found.length > 0 ? found : [`${command.join(' ')} ended with ${code}`];
      return { passed: 0, failed: failures.length, skipped: 0, failures, details: errorsOf(output) };
    },
  };
}

const unformatted = (output) => {
  const files = [...output.matchAll(/^Diff in (.*?):\d+:$/gm)].map(([, file]) => file.replace(`${root}`, ''));
  return [...new Set(files)].map((file) => `${file} is not formatted: run cargo fmt`);
};

export const formatSuite = cargoCheck('fmt', 'cargo fmt', ['cargo', 'fmt', '--check'], unformatted);

export const clippySuite = cargoCheck(
  'clippy',
  'cargo clippy, warnings denied',
  ['cargo', 'clippy', '--workspace', '--all-targets', '--', '-D', 'warnings'],
  compilerErrors,
);
