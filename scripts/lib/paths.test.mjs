import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mustRun } from './run.mjs';

test('the package takes a relative target folder as cargo does, and writes nothing into its own folder', async (t) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'palaestra-paths-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [copy, cwd] = [join(folder, 'package/scripts/lib/paths.mjs'), join(folder, 'study')];
  await cp(new URL('paths.mjs', import.meta.url), copy);
  await mkdir(cwd);
  const script = `import(${JSON.stringify(copy)}).then(({ isPackage, nativeTargetDir }) => console.log(isPackage, nativeTargetDir))`;
  const printed = (named) =>
    mustRun([process.execPath, '-e', script], { cwd, env: { CARGO_TARGET_DIR: named, PALAESTRA_CACHE: '/tmp/cache' } });
  assert.equal(await printed('build'), `true ${join(cwd, 'build')}`);
  assert.equal(await printed('/tmp/build'), 'true /tmp/build');
  assert.equal(await printed(undefined), 'true /tmp/cache/target');
});
