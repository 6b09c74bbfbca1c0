import { join } from 'node:path';
import { compilerErrors, errorsOf, failureDetails, testReader } from '../lib/cargo-output.mjs';
import { nativeTargetDir, resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';

/**
 * Runs a command that prints test results as `cargo test` does, and gives them as a suite's result.
 *
 * Something is always reported where the command failed, even if no test says so: it did not compile, or a test program
 * died before its result.
 */
export async function runTests(command, { log, about, env, update }) {
  const reader = testReader();
  const { code, output } = await run(command, {
    cwd: root,
    env,
    logFile: join(resultsDir, `${log}.log`),
    onLine: (line) => {
      reader.line(line);
      update(/^test /.test(line) ? `${reader.where()}: ${line.slice(5)}` : line);
    },
  });
  const { passed, ignored, failures: failedTests, unfinished } = reader.results();
  const failures = failedTests.map(({ where, name }) => `${where}: ${name}`);
  let details = failureDetails(output);
  if (code !== 0 && (failures.length === 0 || unfinished > 0)) {
    const errors = compilerErrors(output).map((error) => `${about}: ${error}`);
    failures.push(...(errors.length > 0 ? errors : [`${about}: ended with ${code} before its results`]));
    details = `${details}\n${errorsOf(output).split('\n').slice(-80).join('\n')}`.trim();
  }
  return { passed, failed: failures.length, skipped: ignored, failures, details };
}

export const cargoSuite = {
  name: 'cargo',
  about: 'cargo test of the whole workspace',
  filterable: true,
  run({ filter, update }) {
    const command = ['cargo', 'test', '--workspace', '--no-fail-fast', ...(filter ? [filter] : [])];
    return runTests(command, { log: 'cargo', about: 'cargo test', env: { CARGO_TARGET_DIR: nativeTargetDir }, update });
  },
};
