import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { newEnvironment } from './new.mjs';
import { linkCrates } from './project.mjs';
import { projectOf, targetOf } from './where.mjs';

async function folderFor(t) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'palaestra-project-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a new environment has its names everywhere, finds the crates, and is found from its folders', async (t) => {
  const folder = await folderFor(t);
  const made = await newEnvironment(join(folder, 'falling-fruit'));
  assert.equal(made.id, 'FallingFruit-v0');
  for (const file of [...made.files, '.cargo/config.toml']) {
    const text = await readFile(join(made.folder, file), 'utf8');
    assert.doesNotMatch(text, /__[A-Z]+__/, file);
  }
  const config = await readFile(join(made.folder, '.cargo/config.toml'), 'utf8');
  for (const [, path] of config.matchAll(/^palaestra-\S+ = \{ path = "(.+)" \}$/gm))
    assert.match(await readFile(join(path, 'Cargo.toml'), 'utf8'), /^name = "palaestra-/m);
  assert.equal(projectOf(join(made.folder, 'src')), made.folder);
  assert.equal(projectOf(folder), undefined);
  assert.equal(projectOf(root), undefined, 'this project is no environment');
});

test('a folder with something in it is left as it is', async (t) => {
  const folder = await folderFor(t);
  await mkdir(join(folder, 'mine'));
  await writeFile(join(folder, 'mine/thesis.md'), 'years of work');
  await assert.rejects(
    newEnvironment(join(folder, 'mine')),
    /expected a folder that is not there yet.*found thesis\.md/,
  );
  assert.equal(await readFile(join(folder, 'mine/thesis.md'), 'utf8'), 'years of work');
});

test('what somebody else has told cargo is left alone, and so is a crate that names ours by path', async (t) => {
  const folder = await folderFor(t);
  const config = join(folder, '.cargo/config.toml');
  await mkdir(join(folder, '.cargo'));
  await writeFile(join(folder, 'Cargo.toml'), '[dependencies]\npalaestra-env = "0.1"\n');
  await writeFile(config, '[net]\noffline = true\n');
  await linkCrates(folder);
  assert.equal(await readFile(config, 'utf8'), '[net]\noffline = true\n');
  await rm(config);
  await writeFile(join(folder, 'Cargo.toml'), '[dependencies]\npalaestra-env = { path = "../env" }\n');
  await linkCrates(folder);
  await assert.rejects(readFile(config), /ENOENT/);
  await writeFile(join(folder, 'Cargo.toml'), '[dependencies]\npalaestra-env = "0.1"\npalaestra-math = "0.1"\n');
  await linkCrates(folder);
  assert.match(await readFile(config, 'utf8'), /^palaestra-math = /m);
});

test('a target folder is named from the project, as cargo takes it there', () => {
  assert.equal(targetOf('/study/mine', undefined), '/study/mine/target');
  assert.equal(targetOf('/study/mine', ''), '/study/mine/target');
  assert.equal(targetOf('/study/mine', 'build/cargo'), '/study/mine/build/cargo');
  assert.equal(targetOf('/study/mine', '/tmp/target'), '/tmp/target');
});
