// What the npm package has for building a page with somebody's environment, in kit/: the crates, packed as cargo packs them for a
// registry; and of the site the generated JavaScript, whose modules are in dist/.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { kit, nativeTargetDir, root, wasmTargetDir } from '../lib/paths.mjs';
import { mustRun, run } from '../lib/run.mjs';
import { parts } from './parts.mjs';

/** What is packed, with all that it depends on: what an author may use, and what builds the page and the command. */
const roots = ['env', 'env-tests', 'math', 'scenery', 'kitchen', 'physics2d', 'worker', 'site', 'bindgen', 'cli'];

/** The names of the crates to pack. */
async function crates() {
  const output = await mustRun(['cargo', 'metadata', '--format-version', '1', '--no-deps'], { cwd: root });
  const { packages } = JSON.parse(output.split('\n').find((line) => line.startsWith('{')));
  const known = new Map(packages.map((one) => [one.name, one]));
  const found = new Set();
  const add = (name) => {
    if (!known.has(name) || found.has(name)) return;
    found.add(name);
    for (const dependency of known.get(name).dependencies) if (dependency.kind !== 'dev') add(dependency.name);
  };
  for (const name of roots) add(`palaestra-${name}`);
  return [...found].sort();
}

/** A name for what is in a folder: what differs has another. */
export async function idOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file.slice(folder.length)).update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

/** Writes kit/ anew, of the site that was just built, and gives how many crates it has. */
export async function writeKit() {
  const names = await crates();
  const next = `${kit}-${process.pid}`;
  const packed = join(nativeTargetDir, 'package');
  await rm(next, { recursive: true, force: true });
  await rm(packed, { recursive: true, force: true });
  try {
    await mkdir(join(next, 'crates'), { recursive: true });
    // Without a lock file, which a library has no use for: it would be looked up in a registry that has not heard of them yet.
    const command = ['cargo', 'package', '--no-verify', '--allow-dirty', '--exclude-lockfile'];
    const { code, output } = await run([...command, ...names.flatMap((name) => ['-p', name])], {
      cwd: root,
      env: { CARGO_TARGET_DIR: nativeTargetDir },
    });
    if (code !== 0) throw new PlainError('kit', output);
    for (const file of (await readdir(packed)).filter((name) => name.endsWith('.crate'))) {
      await mustRun(['tar', '-xzf', join(packed, file), '-C', join(next, 'crates')]);
      const folder = file.slice(0, -'.crate'.length);
      await rename(join(next, 'crates', folder), join(next, 'crates', folder.replace(/-\d[^-]*$/, '')));
    }
    for (const file of ['Cargo.toml', 'Cargo.lock']) await cp(join(root, file), join(next, file));
    const site = join(wasmTargetDir, 'site');
    for (const { id, glue } of parts) await cp(join(site, id, `${glue}.js`), join(next, 'glue', `${glue}.js`));
    await cp(join(site, 'names.json'), join(next, 'names.json'));
    await writeFile(join(next, 'id'), `${await idOf(join(next, 'crates'))}\n`);
    await rm(kit, { recursive: true, force: true });
    await rename(next, kit);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
  return names.length;
}
