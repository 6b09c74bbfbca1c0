import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { inTurn } from './turn.mjs';

const pause = (ms) => new Promise((later) => setTimeout(later, ms));

const script = `
  import { appendFileSync } from 'node:fs';
  import { inTurn } from ${JSON.stringify(new URL('turn.mjs', import.meta.url).href)};
  const [file, log, ms] = process.argv.slice(1);
  await inTurn(file, async () => {
    appendFileSync(log, 'begin\\n');
    console.log('begun');
    await new Promise((later) => setTimeout(later, Number(ms)));
    appendFileSync(log, 'end\\n');
  }, { everyMs: 5 });
`;

/** A process that has its turn for so long. */
function another(t, file, log, ms) {
  const words = ['--input-type=module', '-e', script, file, log, String(ms)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return { child, begun: once(createInterface({ input: child.stdout }), 'line'), ended: once(child, 'exit') };
}

async function fileFor(t) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-turn-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { file: join(folder, 'made/by/it/building'), log: join(folder, 'log') };
}

test('processes that want to at the same time do it one after another', async (t) => {
  const { file, log } = await fileFor(t);
  const all = [1, 2, 3, 4].map(() => another(t, file, log, 50));
  for (const { ended } of all) assert.deepEqual((await ended)[0], 0);
  assert.equal(await readFile(log, 'utf8'), 'begin\nend\n'.repeat(4));
  assert.ok(!existsSync(file));
});

test('so do those of one process; what fails is told, and keeps nobody', async (t) => {
  const { file } = await fileFor(t);
  const order = [];
  const body = (name) => async () => {
    order.push(`${name} begins`);
    await pause(10);
    order.push(`${name} ends`);
    if (name === 'b') throw new Error('no b');
    return name;
  };
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(file, body(name))));
  assert.deepEqual(
    all.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message)),
    ['a', 'no b', 'c'],
  );
  assert.deepEqual(
    order,
    ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('who waits is told for whom, and who was killed in its turn keeps nobody', { timeout: 30_000 }, async (t) => {
  const { file, log } = await fileFor(t);
  const { child, begun, ended } = another(t, file, log, 60_000);
  await begun;
  const waited = [];
  let told;
  const isTold = new Promise((resolve) => (told = resolve));
  const onWait = (pid) => {
    waited.push(pid);
    told();
  };
  const mine = inTurn(file, async () => 'mine', { everyMs: 5, onWait });
  await Promise.race([isTold, mine]);
  child.kill('SIGKILL');
  await ended;
  assert.equal(await mine, 'mine');
  assert.deepEqual(waited, [child.pid]);
});

test('several that find what a killed one left do not have their turns together', async (t) => {
  const { file, log } = await fileFor(t);
  const killed = another(t, file, log, 60_000);
  await killed.begun;
  const all = [1, 2, 3, 4].map(() => another(t, file, log, 30));
  await pause(300);
  killed.child.kill('SIGKILL');
  for (const { ended } of all) assert.deepEqual((await ended)[0], 0);
  assert.equal(await readFile(log, 'utf8'), `begin\n${'begin\nend\n'.repeat(4)}`);
});

const setTime = (file, fromNow) => utimes(file, new Date(Date.now() + fromNow), new Date(Date.now() + fromNow));

test('what has not been heard of for a minute of whoever waits is gone, wherever it ran', async (t) => {
  const { file, log } = await fileFor(t);
  await inTurn(file, async () => {});
  const options = { everyMs: 5, goneAfterMs: 300 };
  for (const token of ['elsewhere 1 x', `${hostname()} ${process.ppid} x`, '']) {
    // Whatever its clock says, or this machine's after a sleep.
    for (const fromNow of [0, -3_600_000, 3_600_000]) {
      await writeFile(file, token);
      await setTime(file, fromNow);
      const late = inTurn(file, async () => {}, options);
      assert.equal(await Promise.race([late, pause(100).then(() => 'waits')]), 'waits', `${token} ${fromNow}`);
      await late;
    }
  }
  // One that was removing it, and was killed.
  await writeFile(file, 'elsewhere 1 x');
  await writeFile(`${file}.removing`, '');
  for (const left of [file, `${file}.removing`]) await setTime(left, 3_600_000);
  await inTurn(file, async () => {}, options);
  assert.ok(!existsSync(`${file}.removing`) && !existsSync(log));
});

test('who says something keeps its turn, by whatever clock', async (t) => {
  const { file } = await fileFor(t);
  await inTurn(file, async () => {});
  await writeFile(file, 'elsewhere 1 x');
  let isOver = false;
  const late = inTurn(file, async () => (isOver = true), { everyMs: 5, goneAfterMs: 300 });
  for (let said = 0; said < 30; said += 1) {
    await setTime(file, -3_600_000 + said);
    await pause(20);
    assert.ok(!isOver, `after ${said}`);
  }
  await late;
});
