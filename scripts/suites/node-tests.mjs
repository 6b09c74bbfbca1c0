import { setMaxListeners } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { run as runTestFiles } from 'node:test';
import { spec } from 'node:test/reporters';
import { resultsDir, root } from '../lib/paths.mjs';
import { plain, seconds } from '../lib/say.mjs';

/**
 * How long one file of tests may take: a browser that hangs must not hang the whole run. The longest take two minutes, and five
 * or more beside programs that keep every core busy.
 */
const fileTimeoutMs = 10 * 60_000;

/** What ends a run from outside. @type {NodeJS.Signals[]} */
const endings = ['SIGINT', 'SIGTERM'];

/** The result of a suite of which nothing was wanted. */
export const nothing = () => ({ passed: 0, failed: 0, skipped: 0, failures: [] });

/** The paths of a folder's tests whose names have `filter` in them, in order. */
export async function testsIn(folder, filter) {
  const tests = (await readdir(folder)).filter((file) => file.endsWith('.test.mjs')).sort();
  return tests.filter((file) => !filter || file.includes(filter)).map((file) => join(folder, file));
}

/**
 * Runs files of tests with node's own runner, so many at a time as `concurrency` says, and gives a suite's result.
 *
 * Each file runs in a process of its own. What it prints goes to the terminal as it comes and to `test-results/`. A file that
 * takes longer than `timeoutMs` is ended, and the failure says which of its tests was running then.
 *
 * @param {string[]} files
 * @param {string} log
 * @param {{ timeoutMs?: number, concurrency?: number, out?: { write(text: string | Buffer): unknown } }} [options]
 */
export async function runNodeTests(
  files,
  log,
  { timeoutMs = fileTimeoutMs, concurrency = 1, out = process.stdout } = {},
) {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  const underWay = watchTests();
  // The files run in processes of their own, which would outlive this one, with the browsers that they have started.
  const ending = new AbortController();
  // Each file listens, and so many are no leak.
  setMaxListeners(0, ending.signal);
  const end = () => ending.abort();
  for (const signal of endings) process.prependOnceListener(signal, end);
  const events = runTestFiles({ files, concurrency, timeout: timeoutMs, signal: ending.signal });
  for (const type of ['test:enqueue', 'test:dequeue', 'test:complete'])
    events.on(type, (test) => underWay.note(type, test));
  events.on('test:pass', (test) => {
    if (test.details.type === 'suite' || isFile(test, files)) return;
    if (test.skip === undefined && test.todo === undefined) {
      result.passed += 1;
      return;
    }
    result.skipped += 1;
    const reason = test.skip ?? test.todo;
    result.skips.push(typeof reason === 'string' ? `${test.name}: ${reason}` : test.name);
  });
  events.on('test:fail', (test) => {
    // A group fails because a test in it did, which is counted; a file that could not even run has nothing else to count.
    const { failureType } = /** @type {{ failureType?: string }} */ (test.details.error ?? {});
    if (failureType === 'subtestsFailed') return;
    if (test.todo !== undefined) {
      result.skipped += 1;
      return;
    }
    result.failed += 1;
    const late = isFile(test, files) && failureType === 'testTimeoutFailure';
    result.failures.push(
      late ? `${nameOf(test.file)}: ${underWay.describe(test.file, timeoutMs)}` : describe(test, files),
    );
  });
  mkdirSync(resultsDir, { recursive: true });
  const file = createWriteStream(join(resultsDir, `${log}.log`));
  // @ts-expect-error A reporter is what `compose` takes; its types do not say so.
  const report = events.compose(spec);
  for await (const text of report) {
    out.write(text);
    file.write(text);
  }
  file.end();
  plain();
  for (const signal of endings) process.off(signal, end);
  return result;
}

/** Follows which tests of each file have been announced, have begun and are over. */
function watchTests() {
  const files = new Map();
  return {
    note(type, { name, nesting, file, type: kind }) {
      if (!files.has(file)) files.set(file, { announced: [], open: [] });
      const { announced, open } = files.get(file);
      if (type === 'test:enqueue') {
        announced.push(name);
      } else if (type === 'test:dequeue') {
        open.push({ name, nesting, kind });
        announced.splice(announced.indexOf(name), 1);
      } else {
        const index = open.findLastIndex((test) => test.name === name && test.nesting === nesting);
        if (index >= 0) open.splice(index, 1);
      }
    },
    describe(path, timeoutMs) {
      const { announced, open } = files.get(path) ?? { announced: [], open: [] };
      const running = open.filter(({ name }) => resolve(name) !== path).map(({ name }) => name);
      const where = running.length > 0 ? `while "${running.join(' > ')}" was running` : 'before any of its tests began';
      const waiting = announced.length > 0 ? `; it would have gone on with "${announced[0]}"` : '';
      return `ended after ${seconds(timeoutMs)} ${where}${waiting}`;
    },
  };
}

/** Whether this is no test but the file of some, which the runner reports as one. */
const isFile = (test, files) => test.nesting === 0 && files.includes(resolve(test.name));

const nameOf = (file) => relative(root, file);

function describe(test, files) {
  const place = test.file ? `${nameOf(test.file)}${test.line && !isFile(test, files) ? `:${test.line}` : ''}` : '';
  const name = isFile(test, files) ? '' : test.name;
  const reason = String(test.details.error?.cause?.message ?? test.details.error?.message ?? '').split('\n')[0];
  return [place, name, reason].filter(Boolean).join(': ');
}
