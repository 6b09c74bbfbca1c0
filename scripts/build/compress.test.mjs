import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { precompress } from './compress.mjs';

test('what compresses has both compressed files beside it, which hold the same; what does not has none', async (t) => {
  const site = await mkdtemp(join(tmpdir(), 'palaestra-compress-'));
  t.after(() => rm(site, { recursive: true, force: true }));
  await mkdir(join(site, 'page'));
  const script = 'export const one = 1;\n'.repeat(100);
  const files = {
    'code.js': script,
    'page/data.json': `[${'0,'.repeat(500)}0]`,
    'code.js.map': script,
    'noise.wasm': randomBytes(2000),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(site, name), content);
  await precompress(site);
  const found = (await readdir(site, { recursive: true })).filter((name) => /\.(br|gz)$/.test(name)).sort();
  assert.deepEqual(found, ['code.js.br', 'code.js.gz', 'page/data.json.br', 'page/data.json.gz']);
  assert.equal(brotliDecompressSync(await readFile(join(site, 'code.js.br'))).toString(), script);
  assert.equal(gunzipSync(await readFile(join(site, 'page/data.json.gz'))).toString(), files['page/data.json']);
});
