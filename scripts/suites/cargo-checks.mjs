import { join } from 'node:path';
import { compilerErrors, errorsOf } from '../lib/cargo-output.mjs';
import { nativeTargetDir, resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';

/** `fuzz/` is a workspace of its own, made of what the first one has: a change there may break it. */
const workspaces = [{ words: [] }, { folder: 'fuzz', words: ['--manifest-path', join('fuzz', 'Cargo.toml')] }];

const environment = {
  CARGO_TARGET_DIR: nativeTargetDir,
  // libFuzzer itself is C++, of which checking needs nothing. Any file that is there does: none of this is linked.
  CUSTOM_LIBFUZZER_PATH: join(root, 'fuzz', 'Cargo.toml'),
};

/** A suite that is one cargo command in each workspace, which either finds nothing or names what it found. */
function cargoCheck(name, about, commandFor, failuresIn) {
  return {
    name,
    about,
    filterable: false,
    async run({ update }) {
      const result = { passed: 0, failed: 0, skipped: 0, failures: [], details: '' };
      for (const { folder, words } of workspaces) {
        const command = commandFor(words);
        const logFile = join(resultsDir, folder ? `${name}-${folder}.log` : `${name}.log`);
        const { code, output } = await run(command, { cwd: root, env: environment, onLine: update, logFile });
        if (code === 0) {
          result.passed += 1;
          continue;
        }
        const found = failuresIn(output);
        const lines = found.length > 0 ? found : [`${command.join(' ')} ended with ${code}`];
        // The compiler names places within the workspace.
        const failures = lines.map((line) => (folder ? `${folder}: ${line}` : line));
        result.failed += failures.length;
        result.failures.push(...failures);
        result.details = `${result.details}\n${errorsOf(output)}`.trim();
      }
      return result;
    },
  };
}

const unformatted = (output) => {
  const files = [...output.matchAll(/^Diff in (.*?):\d+:$/gm)].map(([, file]) => file.replace(`${root}`, ''));
  return [...new Set(files)].map((file) => `${file} is not formatted: run npm run format`);
};

export const formatSuite = cargoCheck(
  'fmt',
  'cargo fmt',
  (words) => ['cargo', 'fmt', ...words, '--check'],
  unformatted,
);

export const clippySuite = cargoCheck(
  'clippy',
  'cargo clippy, warnings denied',
  (words) => ['cargo', 'clippy', ...words, '--workspace', '--all-targets', '--', '-D', 'warnings'],
  compilerErrors,
);
