import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const script = `
  import ${JSON.stringify(new URL('../lib/run.mjs', import.meta.url).href)};
  import { servedFolder } from ${JSON.stringify(new URL('served.mjs', import.meta.url).href)};
  console.log(await servedFolder(process.argv[1], process.argv[2]));
  setInterval(() => {}, 1000);
`;

/** A process that serves, as far as its folder goes. */
async function serving(t, base, project) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, base, project], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [site] = await once(createInterface({ input: child.stdout }), 'line');
  const ends = async (signal) => {
    child.kill(signal);
    await once(child, 'exit');
  };
  return { site, ends };
}

async function baseFor(t) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-served-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'served');
}

test('each project and each process has a folder of its own, and the others leave it alone', async (t) => {
  const base = await baseFor(t);
  const first = await serving(t, base, '/study/one');
  await writeFile(join(first.site, 'index.html'), 'one');
  const others = [await serving(t, base, '/study/two'), await serving(t, base, '/study/one')];
  assert.equal(new Set([first, ...others].map(({ site }) => site)).size, 3);
  assert.equal(await readFile(join(first.site, 'index.html'), 'utf8'), 'one');
});

test('it is gone with its process, with what a build had beside the site', async (t) => {
  const base = await baseFor(t);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const { site, ends } = await serving(t, base, '/study/one');
    await mkdir(`${site}-next`);
    await ends(signal);
    assert.ok(!existsSync(dirname(site)), signal);
  }
});

test('what a killed process left is removed by the next, of whatever project; what others put there is not', async (t) => {
  const base = await baseFor(t);
  const killed = await serving(t, base, '/study/one');
  await killed.ends('SIGKILL');
  assert.ok(existsSync(killed.site));
  // Of another machine, whose processes are not to be seen here.
  const elsewhere = join(base, basename(dirname(killed.site)).replace(/^[0-9a-f]{12}/, '0123456789ab'));
  const kept = [elsewhere, join(base, 'notes')];
  for (const folder of kept) await mkdir(folder);
  await serving(t, base, '/study/two');
  assert.ok(!existsSync(dirname(killed.site)));
  assert.deepEqual(kept.map(existsSync), [true, true]);
});
