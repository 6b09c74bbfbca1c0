import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { familyOptions, outFolder } from './options.mjs';

test('families are taken off a command line, relative to where it was typed', () => {
  const words = ['--family', '../mine', 'verify', '--family', '/else', '--alone', 'a.jsonl'];
  const { families, rest } = familyOptions(words, '/home/me/palaestra');
  assert.deepEqual(families, { folders: ['/home/me/mine', '/else'], alone: true });
  assert.deepEqual(rest, ['verify', 'a.jsonl']);
  assert.deepEqual(familyOptions([], '/').families, { folders: [], alone: false });
});

test('a command line without the folder that it promises says what was expected', () => {
  assert.throws(() => familyOptions(['--family'], '/'), /expected a folder after --family, found none/);
  assert.throws(() => familyOptions(['--family', '--alone'], '/'), /expected a folder after --family, found --alone/);
  assert.throws(() => familyOptions(['--alone'], '/'), /name others with --family/);
});

test('a site is built into a new or empty folder, or over another site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'palaestra-options-'));
  try {
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'site/page'), { recursive: true });
    writeFileSync(join(folder, 'site/page/registry.json'), '[]');
    for (const name of ['new', 'empty', 'site']) assert.equal(outFolder(name, folder), join(folder, name));
    assert.throws(
      () => outFolder('.', folder),
      /--out: expected a new folder, or one that a site was built in, found /,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
