import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { playsTogether } from './index.mjs';
import { moduleCrate, profilesIn, program, writeWorkspace } from './workspace.mjs';

const mine = { crate: 'my-family', folder: '/home/me/my family' };

test('the tables of profiles are taken over, and nothing else of the manifest', () => {
  const manifest =
    '[workspace]\nmembers = []\n\n# Fast.\n[profile.release]\nlto = "fat"\n\n[profile.worker.package]\na.opt-level = "s"\n\n[lints]\nb = 1\n';
  const found = profilesIn(manifest);
  assert.match(found, /^\[profile\.release\]\nlto = "fat"$/m);
  assert.match(found, /^\[profile\.worker\.package\]\na\.opt-level = "s"$/m);
  assert.doesNotMatch(found, /workspace|lints/);
});

test('the crate of a module names its family, whatever the folder is called', () => {
  const { name, files } = moduleCrate({ name: 'mine', source: mine, constant: 'FAMILY' });
  assert.equal(name, 'module-mine');
  assert.equal(files['lib.rs'], 'palaestra_worker::module!(source::FAMILY);\n');
  assert.match(files['Cargo.toml'], /^source = \{ package = "my-family", path = "\/home\/me\/my family" \}$/m);
  assert.match(files['Cargo.toml'], /^name = "mine"$/m);
  assert.match(files['Cargo.toml'], /^wasm-bindgen = "=\d/m);
});

test('only a family with games for several people carries what plays a match', () => {
  const module = (together) =>
    moduleCrate({ name: 'mine', source: mine, constant: 'FAMILY', together }).files['lib.rs'];
  assert.equal(module(true), 'palaestra_worker::module!(source::FAMILY, together);\n');
  assert.equal(module(false), 'palaestra_worker::module!(source::FAMILY);\n');
  const entry = (family, agents, agentsFrom = []) => ({ family, agents, agentsFrom });
  const registry = [entry('alone', 1), entry('pair', 1), entry('pair', 2), entry('crowd', 1, ['players'])];
  const found = ['alone', 'pair', 'crowd', 'nobody'].filter((family) => playsTogether(registry, family));
  assert.deepEqual(found, ['pair', 'crowd']);
});

test('a program has the families of all crates, and the built-in ones where they are wanted', () => {
  const of = (builtIn) => program({ name: 'p', library: 'palaestra-site', sources: [mine, mine], builtIn }).files;
  assert.match(
    of(false)['main.rs'],
    /palaestra_site::main\(.*Catalog::new\(&\[&\[family_0::FAMILY, family_1::FAMILY\]\]\)\)/,
  );
  assert.match(of(true)['main.rs'], /new\(&\[palaestra_envs::FAMILIES, &\[family_0::FAMILY, family_1::FAMILY\]\]\)/);
  assert.match(of(true)['Cargo.toml'], /^palaestra-envs = /m);
  assert.doesNotMatch(of(false)['Cargo.toml'], /palaestra-envs/);
});

test('what cargo has locked stays locked, and other members begin with the versions of this project', async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'palaestra-workspace-'));
  const folder = join(base, 'test');
  t.after(() => rm(base, { recursive: true, force: true }));
  const crate = (name) => ({ name, files: { 'lib.rs': '' } });
  const lock = () => readFile(join(folder, 'Cargo.lock'), 'utf8');
  assert.equal(await writeWorkspace('test', [crate('one')], base), folder);
  const ours = await lock();
  assert.match(ours, /^name = "wasm-bindgen"$/m);
  await writeFile(join(folder, 'Cargo.lock'), 'what cargo has made of it');
  await writeWorkspace('test', [crate('one')], base);
  assert.equal(await lock(), 'what cargo has made of it');
  await writeWorkspace('test', [crate('one'), crate('two')], base);
  assert.equal(await lock(), ours, 'what the second needs may have been taken out');
});
