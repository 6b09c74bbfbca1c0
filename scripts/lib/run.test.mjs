import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, CommandError, mustRun, run, which } from './run.mjs';

test('both streams of a command come in the order they were written', async () => {
  const { code, output } = await run(['sh', '-c', 'echo one; echo two >&2; echo three; exit 3']);
  assert.equal(code, 3);
  assert.equal(output, 'one\ntwo\nthree');
});

test('a command that is not there is told from one that fails', async () => {
  assert.equal((await run(['palaestra-no-such-command'])).code, 'not found');
  assert.equal(await ask(['palaestra-no-such-command']), undefined);
});

test('a command that takes too long is ended', async () => {
  const { code } = await run(['sleep', '60'], { timeoutMs: 50 });
  assert.equal(code, 'SIGKILL');
});

test('what a command leaves running is not waited for, and all that was written is there', {
  timeout: 20_000,
}, async () => {
  const left = await run(['sh', '-c', 'sleep 60 & echo done; printf rest; exit 1']);
  assert.deepEqual(left, { code: 1, output: 'done\nrest' });
  const late = await run(['sh', '-c', 'echo begun; sleep 60; true'], { timeoutMs: 2000 });
  assert.deepEqual(late, { code: 'SIGKILL', output: 'begun' });
});

test('a failure carries what the command printed', async () => {
  await assert.rejects(mustRun(['sh', '-c', 'echo reason; exit 1']), (error) => {
    assert.ok(error instanceof CommandError);
    assert.equal(error.output, 'reason');
    return true;
  });
});

test('arguments reach the command as they are', async () => {
  const odd = `a "b" 'c' $HOME *`;
  assert.equal(await mustRun(['printf', '%s', odd]), odd);
});

test('a program is found on the path it is looked for on', () => {
  assert.match(which('sh'), /\/sh$/);
  assert.equal(which('sh', '/nonexistent'), undefined);
  assert.equal(which('/bin'), undefined);
});
