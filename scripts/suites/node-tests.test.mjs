import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until, within } from '../browser/until.mjs';
import { runNodeTests } from './node-tests.mjs';

const head =
  "import assert from 'node:assert/strict';\nimport { before, describe, test } from 'node:test';\nconst never = () => new Promise((late) => setTimeout(late, 60_000));\n";

/** Runs files of tests with these bodies; the runner of this very test must not take them for its own. */
async function resultOf(t, files, timeoutMs) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-tests-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const paths = [];
  for (const [name, body] of Object.entries(files)) {
    paths.push(join(folder, name));
    await writeFile(paths.at(-1), head + body);
  }
  const context = process.env.NODE_TEST_CONTEXT;
  delete process.env.NODE_TEST_CONTEXT;
  t.mock.method(console, 'log', () => {});
  try {
    return await runNodeTests(paths, 'node-tests-test', { timeoutMs, out: { write() {} } });
  } finally {
    if (context !== undefined) process.env.NODE_TEST_CONTEXT = context;
  }
}

test('a file that takes too long is ended, says which test was running, and the next file runs all the same', async (t) => {
  const result = await resultOf(
    t,
    {
      'a.test.mjs':
        "describe('a group', () => { test('one', () => {}); test('hangs', never); test('two', () => {}); });",
      'b.test.mjs': "describe('other', () => { before(never); test('waits', () => {}); });",
      'c.test.mjs': "test('last', () => {});",
    },
    6000,
  );
  assert.deepEqual([result.passed, result.failed], [2, 2]);
  assert.match(
    result.failures[0],
    /a\.test\.mjs: ended after 6\.0 s while "a group > hangs" was running; it would have gone on with "two"$/,
  );
  assert.match(result.failures[1], /b\.test\.mjs: ended after 6\.0 s while "other" was running/);
});

test('a failure is one line with its place, and a file that cannot run is one', async (t) => {
  const result = await resultOf(t, {
    'a.test.mjs':
      "describe('a group', () => { test('differs', () => assert.deepEqual([1], [2])); test('left out', { skip: 'why' }); });",
    'b.test.mjs': "throw new Error('broken at once');",
  });
  assert.deepEqual([result.passed, result.failed, result.skipped], [0, 2, 1]);
  assert.match(result.failures[0], /a\.test\.mjs:4: differs: Expected values to be strictly deep-equal/);
  assert.match(result.failures[1], /b\.test\.mjs: /);
  assert.ok(
    result.failures.every((failure) => !failure.includes('\n')),
    result.failures.join(),
  );
  assert.deepEqual(result.skips, ['left out: why']);
});

test('a run that is ended from outside ends the files that it runs', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-tests-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [file, runner, begun] = ['a.test.mjs', 'runner.mjs', 'begun'].map((name) => join(folder, name));
  const writes = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(begun)}, String(process.pid));\n`;
  await writeFile(file, `${head}${writes}test('hangs', never);`);
  const module = JSON.stringify(new URL('node-tests.mjs', import.meta.url).href);
  await writeFile(
    runner,
    `import { runNodeTests } from ${module};\nawait runNodeTests([${JSON.stringify(file)}], 'node-tests-test');`,
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [runner], { env, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const pid = Number(await until('the file to run', () => readFile(begun, 'utf8').catch(() => '')));
  child.kill('SIGTERM');
  await within('the run to end', ended, 20_000);
  await until('its file to be gone', () => !isAlive(pid));
});

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
