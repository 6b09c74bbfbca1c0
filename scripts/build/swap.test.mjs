import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { swap } from './swap.mjs';

/** Builds a site of these files, and gives the folder's names afterwards. */
async function built(folder, files) {
  const next = join(folder, 'site-1');
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(next, file)), { recursive: true });
    await writeFile(join(next, file), text);
  }
  await swap(next, join(folder, 'site'));
  return (await readdir(join(folder, 'site'))).sort();
}

test('a build takes the place of the last one, and of nothing that somebody put beside it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-swap-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const site = join(folder, 'site');
  const first = await built(folder, { 'index.html': 'first', 'minimal.html': 'first', 'page/a.js': 'first' });
  assert.deepEqual(first, ['.built.json', 'index.html', 'minimal.html', 'page']);
  await mkdir(join(site, '.git'));
  await writeFile(join(site, '.git/HEAD'), 'mine');
  await writeFile(join(site, 'study.html'), 'mine');

  const second = await built(folder, { 'index.html': 'second', 'page/b.js': 'second' });
  assert.deepEqual(second, ['.built.json', '.git', 'index.html', 'page', 'study.html']);
  assert.deepEqual(await readdir(join(site, 'page')), ['b.js'], 'nothing of the last build');
  assert.equal(await readFile(join(site, 'index.html'), 'utf8'), 'second');
  assert.equal(await readFile(join(site, '.git/HEAD'), 'utf8'), 'mine');

  assert.deepEqual(await built(folder, { 'index.html': 'third' }), ['.built.json', '.git', 'index.html', 'study.html']);
  assert.deepEqual(await readdir(folder), ['site'], 'nothing is left beside it');
});
