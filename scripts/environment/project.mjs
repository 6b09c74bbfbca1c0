// How the crate of somebody's environment finds the crates of Palaestra.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cratesOfPackage, crateFolders } from '../lib/cargo-files.mjs';
import { isPackage, kit } from '../lib/paths.mjs';

/** The first line of the file that is written here; a file that begins otherwise is somebody's own, and left alone. */
const mark = '# Written by `npx palaestra`.';

/** What an author's crate leads to; a patch that nothing uses makes cargo complain at every command. */
const needed = ['env', 'env-tests', 'record', 'rows', 'text'];
/** What it may depend on besides. */
const offered = ['kitchen', 'math', 'physics2d', 'scenery'];

/**
 * Tells cargo, in the folder's own .cargo/config.toml, where the crates lie that its Cargo.toml names by version.
 *
 * @param {string} folder
 */
export async function linkCrates(folder) {
  const manifest = await readFile(join(folder, 'Cargo.toml'), 'utf8');
  // By path: the author has said where they are.
  if (/palaestra-env\s*=\s*\{[^}]*\bpath\b/.test(manifest)) return;
  const file = join(folder, '.cargo/config.toml');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before !== undefined && !before.startsWith(mark)) return;
  const folders = crateFolders();
  const used = offered.filter((name) => new RegExp(`\\bpalaestra-${name}\\b`).test(manifest));
  // Physics is built on mathematics, kitchens and views on nothing more.
  if (used.includes('physics2d') && !used.includes('math')) used.push('math');
  const lines = [...needed, ...used.sort()].map((name) => {
    const crate = `palaestra-${name}`;
    return `${crate} = { path = ${JSON.stringify(folders[crate])} }`;
  });
  const text = `${mark} It says where the crates of Palaestra lie on this machine, and is written anew by
# every command that needs it: Cargo.toml names them by version, as they are named once crates.io has them. From then on delete it.
[patch.crates-io]
${lines.join('\n')}
`;
  if (before === text) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Puts the npm package's crates where they are found by whatever was installed by `npx` and is gone later. */
export async function unpackCrates() {
  if (!isPackage) return;
  const folder = cratesOfPackage();
  if (existsSync(folder)) return;
  const next = `${folder}-${process.pid}`;
  try {
    await cp(join(kit, 'crates'), next, { recursive: true, preserveTimestamps: true });
    // Of two that do this at the same time one is the later, and finds the folder there.
    await rename(next, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}
