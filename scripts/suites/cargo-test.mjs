import { join } from 'node:path';
import { compilerErrors, errorsOf, failureDetails, testPrograms, testReader } from '../lib/cargo-output.mjs';
import { nativeTargetDir, resultsDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { someAtOnce } from '../lib/some-at-once.mjs';

/** How long one program of tests may take: one that hangs must not hang the whole run. */
const timeoutMs = 10 * 60_000;

/** Programs of tests that run at a time. */
const atOnce = 3;

/** Those that wait most of their time, for what servers do by the clock. They begin first, and the others run beside them. */
const waiting = ['postgres', 'server'];

/**
 * Runs a command that prints test results as `cargo test` does, and gives them as a suite's result.
 *
 * Something is always reported where the command failed, even if no test says so: it did not compile, or a test program
 * died before its result. `heading` is the line with which cargo announces a program, for one that is run without cargo.
 *
 * @param {string[]} command
 * @param {{ log: string, about: string, update: (text: string) => void, heading?: string } & import('../lib/run.mjs').RunOptions} options
 */
export async function runTests(command, { log, about, update, heading, ...options }) {
  const reader = testReader();
  if (heading) reader.line(heading);
  const { code, output } = await run(command, {
    cwd: root,
    ...options,
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
    const broken = withoutResults(output, code, about);
    failures.push(...broken.failures);
    details = `${details}\n${broken.details}`.trim();
  }
  return { passed, failed: failures.length, skipped: ignored, failures, details };
}

/** What to say of a command that failed before all its tests had: a line for each compiler error, and the end of what it printed. */
function withoutResults(output, code, about) {
  const errors = compilerErrors(output).map((error) => `${about}: ${error}`);
  return {
    failures: errors.length > 0 ? errors : [`${about}: ended with ${code} before its results`],
    details: errorsOf(output).split('\n').slice(-80).join('\n'),
  };
}

/** Builds the workspace's tests and gives their programs, those that wait first; or the result of a suite that does not build. */
async function build(env, update) {
  const command = ['cargo', 'test', '--workspace', '--no-run', '--message-format', 'json-render-diagnostics'];
  const onLine = (line) => line.startsWith('{') || update(line);
  const { code, output } = await run(command, { cwd: root, env, onLine });
  if (code === 0) {
    const programs = testPrograms(output);
    const rank = ({ name }) => (waiting.includes(name) ? waiting.indexOf(name) : waiting.length);
    return { programs: programs.sort((one, other) => rank(one) - rank(other)) };
  }
  const lines = output.split('\n').filter((line) => !line.startsWith('{'));
  const { failures, details } = withoutResults(lines.join('\n'), code, 'cargo test');
  return { failed: { passed: 0, failed: failures.length, skipped: 0, failures, details } };
}

/** `cargo test` runs one program after another. Some of them wait for most of their time, so here several run at once. */
export const cargoSuite = {
  name: 'cargo',
  about: 'cargo test of the whole workspace',
  filterable: true,
  async run({ filter, update }) {
    const env = { CARGO_TARGET_DIR: nativeTargetDir };
    const { programs, failed } = await build(env, update);
    if (failed) return failed;
    const filtered = filter ? [filter] : [];
    const documents = ['cargo', 'test', '--workspace', '--doc', '--no-fail-fast', ...filtered];
    const ofPrograms = programs.map(({ program, folder, heading, about, log }) => ({
      command: [program, ...filtered],
      options: { cwd: folder, env: { CARGO_MANIFEST_DIR: folder }, heading, about, log, timeoutMs },
    }));
    const jobs = [
      ...ofPrograms.slice(0, waiting.length),
      // Early: they are compiled first, and at the end that would be waited for alone.
      {
        command: documents,
        options: { env, about: 'the examples in documentation', log: 'cargo/examples', timeoutMs },
      },
      ...ofPrograms.slice(waiting.length),
    ];
    const results = await someAtOnce(jobs, atOnce, ({ command, options }) => runTests(command, { ...options, update }));
    const sum = (key) => results.reduce((total, result) => total + result[key], 0);
    return {
      passed: sum('passed'),
      failed: sum('failed'),
      skipped: sum('skipped'),
      failures: results.flatMap(({ failures }) => failures),
      details: results
        .map(({ details }) => details)
        .filter(Boolean)
        .join('\n'),
    };
  },
};
