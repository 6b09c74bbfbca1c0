import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownCopy } from './bindgen.mjs';
import { idOf } from './kit.mjs';

test('packages of one version with other sources have each a post-processor of their own', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-bindgen-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const cache = join(folder, 'cache');
  const copyOf = async (name, text) => {
    const source = join(folder, name);
    await mkdir(join(source, 'src'), { recursive: true });
    await writeFile(join(source, 'Cargo.toml'), '[package]\nname = "palaestra-bindgen"\nversion = "0.1.0"\n');
    await writeFile(join(source, 'src/main.rs'), text);
    // What is packed says nothing of when it was written.
    await utimes(join(source, 'src/main.rs'), 0, 0);
    const { cwd, target } = await ownCopy({ source, id: await idOf(source), cache });
    assert.equal(target, join(cwd, 'target'));
    return cwd;
  };
  const [one, other] = [await copyOf('one', 'fn main() {}\n'), await copyOf('other', 'fn main() { todo() }\n')];
  assert.notEqual(one, other);
  assert.equal(await readFile(join(one, 'src/main.rs'), 'utf8'), 'fn main() {}\n');
  assert.equal(await copyOf('same', 'fn main() {}\n'), one, 'what is the same is built once');
});
