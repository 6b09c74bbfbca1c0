import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { bundle } from './bundle.mjs';

/** Files in a folder of the project's, until the test is over; gives their paths. */
async function filesFor(t, files) {
  await mkdir(nativeTargetDir, { recursive: true });
  const folder = await mkdtemp(join(nativeTargetDir, 'bundle-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, name)]));
}

const long = '__wbg_now_0123456789abcdef';
const glue = `/** Said nowhere else. */\nexport function imports() { return { ${long}: (value) => value + 1 }; }\n`;

test('a script has in it what it imports, with the short names of the module and without comments', async (t) => {
  const files = await filesFor(t, {
    'generated.js': glue,
    'boot.js': "import { imports } from './palaestra_worker.js';\nexport const table = imports();\n",
  });
  const { code, map } = await bundle({
    entry: relative(root, files['boot.js']),
    glue: { palaestra_worker: files['generated.js'] },
    names: { [long]: 'ab' },
    output: 'worker/boot.js',
  });
  assert.doesNotMatch(code, /\bimport\b|__wbg|Said|eval|new Function/);
  assert.match(code, /\/\/# sourceMappingURL=boot\.js\.map\n$/);
  const { table } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  assert.deepEqual([Object.keys(table), table.ab(1)], [['ab'], 2]);
  const { sources, sourcesContent } = JSON.parse(map);
  assert.ok(sourcesContent.includes(glue), 'the map shows the sources');
  assert.ok(
    sources.every((source) => !source.startsWith('/') && !source.includes('..')),
    sources.join(),
  );
});

test('a script that does not parse is told of with its place', async (t) => {
  const files = await filesFor(t, { 'boot.js': 'export const = 1;\n' });
  const entry = relative(root, files['boot.js']);
  await assert.rejects(bundle({ entry, glue: {}, names: {}, output: 'boot.js' }), /boot\.js:1: Expected identifier/);
});
