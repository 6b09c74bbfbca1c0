import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { root } from './lib/paths.mjs';

for (const crate of ['play', 'rollback']) {
  test(`every bug that is planted in ${crate} has its place in the sources still`, async () => {
    const list = JSON.parse(await readFile(join(root, 'crates', crate, 'tests/planted.json'), 'utf8'));
    for (const { file, find, replace, breaks } of list) {
      const source = await readFile(join(root, file), 'utf8');
      assert.equal(source.split(find).length, 2, `${file}: ${breaks} Expected the words that it changes once.`);
      assert.notEqual(find, replace, breaks);
    }
  });
}
