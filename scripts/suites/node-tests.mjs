import { createWriteStream, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run as runTestFiles } from 'node:test';
import { spec } from 'node:test/reporters';
import { resultsDir, root } from '../lib/paths.mjs';
import { plain } from '../lib/say.mjs';

/** How long one file of tests may take: a browser that hangs must not hang the whole run. */
const fileTimeoutMs = 5 * 60_000;

/**
 * Runs files of tests with node's own runner, one after another, and gives a suite's result.
 *
 * Each file runs in a process of its own. What it prints goes to the terminal as it comes and to `test-results/`.
 */
export async function runNodeTests(files, log, timeout = fileTimeoutMs) {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  const events = runTestFiles({ files, concurrency: 1, timeout });
  events.on('test:pass', (test) => {
    if (isContainer(test, files)) return;
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
    if (test.details.error?.failureType === 'subtestsFailed') return;
    if (test.todo !== undefined) {
      result.skipped += 1;
      return;
    }
    result.failed += 1;
    result.failures.push(describe(test));
  });
  mkdirSync(resultsDir, { recursive: true });
  const file = createWriteStream(join(resultsDir, `${log}.log`));
  const report = events.compose(spec);
  for await (const text of report) {
    process.stdout.write(text);
    file.write(text);
  }
  file.end();
  plain();
  return result;
}

/** Whether this is not a test but a group of them, or the file that older versions of node report as one. */
function isContainer(test, files) {
  return test.details.type === 'suite' || (test.nesting === 0 && files.includes(test.name));
}

function describe(test) {
  const place = test.file ? `${relative(root, test.file)}${test.line ? `:${test.line}` : ''}: ` : '';
  const reason = String(test.details.error?.cause?.message ?? test.details.error?.message ?? '').split('\n')[0];
  return `${place}${test.name}${reason ? `: ${reason}` : ''}`;
}
