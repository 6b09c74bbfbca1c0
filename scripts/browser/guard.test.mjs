import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { startGuarded } from './guard.mjs';
import { eventually, within } from './until.mjs';

/** Whether a process runs; one that has ended and that nobody has asked about does not. */
async function runs(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(stat);
}

/** A program that starts another, tells both their numbers, and waits. */
const family = 'sleep 300 & echo $$ $! >&2; wait';

test('a program under guard ends with everything it has started when its owner releases it', async () => {
  const releases = [];
  const program = startGuarded({ after: (release) => releases.push(release) }, '/bin/sh', ['-c', family], process.env);
  const pids = (await eventually('the program to start', () => program.said().trim())).split(' ').map(Number);
  assert.deepEqual(await Promise.all(pids.map(runs)), [true, true]);
  for (const release of releases) await release();
  await eventually('both to end', async () => !(await Promise.all(pids.map(runs))).includes(true));
});

test('and also when its owner is killed without a word', async (t) => {
  const script = `
    const { startGuarded } = await import(${JSON.stringify(new URL('guard.mjs', import.meta.url).href)});
    const program = startGuarded({ after() {} }, '/bin/sh', ['-c', ${JSON.stringify(family)}], process.env);
    setInterval(() => program.said() && console.log(program.said().trim()), 50);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => owner.kill('SIGKILL'));
  const heard = once(createInterface({ input: owner.stdout }), 'line');
  const [line] = await within('the program to start', heard, 10_000);
  const pids = line.split(' ').map(Number);
  assert.deepEqual(await Promise.all(pids.map(runs)), [true, true]);
  owner.kill('SIGKILL');
  await eventually('both to end', async () => !(await Promise.all(pids.map(runs))).includes(true));
});
