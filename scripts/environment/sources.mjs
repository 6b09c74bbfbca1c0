// What an environment is made of, and when that changes.
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ask } from '../lib/run.mjs';

/** What a build writes, and what no build reads. */
const leftOut = new Set(['target', 'site', 'node_modules', 'Cargo.lock']);

const real = (path) => realpath(path).catch(() => path);

/**
 * The files below folders with their times and sizes, as text: it is another when one is saved. They are few; and looking is the same on
 * every system and disk, which being told is not. Links are followed, each folder once.
 *
 * @param {string | string[]} folders
 * @param {string} [target] where cargo writes, which may lie in one of them
 */
export async function fingerprint(folders, target) {
  const found = [];
  const seen = new Set(target ? [await real(target)] : []);
  const look = async (at, top) => {
    const own = await real(at);
    if (seen.has(own)) return;
    seen.add(own);
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    // What is marked so can be made again, as what cargo writes, in whatever folder.
    if (entries.some(({ name }) => name === 'CACHEDIR.TAG')) return;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || (top && leftOut.has(entry.name))) continue;
      const path = join(at, entry.name);
      // A file that is gone by now is one change more.
      const status = await stat(path).catch(() => undefined);
      // What a link leads to may be somebody's project with what its builds write.
      if (status?.isDirectory()) await look(path, entry.isSymbolicLink());
      else found.push(`${path} ${status?.mtimeMs} ${status?.size}`);
    }
  };
  for (const folder of [folders].flat()) await look(folder, true);
  return found.sort().join('\n');
}

/**
 * The folders outside of a project that its crate depends on by path, directly or not.
 *
 * @param {string} project
 * @param {string[]} known folders of crates that are not looked at: Palaestra's own
 */
export async function pathDependencies(project, known = []) {
  const top = await real(project);
  const found = new Set();
  const seen = new Set(await Promise.all(known.map(real)));
  const look = async (path) => {
    const folder = await real(path);
    if (seen.has(folder)) return;
    seen.add(folder);
    if (/^\.\.(?:[/\\]|$)/.test(relative(top, folder))) found.add(folder);
    // Without dependencies nothing is resolved or downloaded. A manifest that is being written is the compiler's to complain of.
    const words = ['metadata', '--no-deps', '--offline', '--format-version', '1', '--manifest-path'];
    // Asked in the project's own folder: in another, rustup may take another toolchain, and fetch it first.
    const output = await ask(['cargo', ...words, join(folder, 'Cargo.toml')], { cwd: top, timeoutMs: 30_000 });
    const json = output?.split('\n').find((line) => line.startsWith('{'));
    if (!json) return;
    const own = await real(join(folder, 'Cargo.toml'));
    for (const { manifest_path, dependencies } of JSON.parse(json).packages) {
      // A workspace has others beside it.
      if ((await real(manifest_path)) !== own) continue;
      for (const dependency of dependencies) if (dependency.path) await look(dependency.path);
    }
  };
  await look(top);
  return [...found];
}

/** Waits until what `look` gives is another than `known`, and then until it stands still; gives what it is then. */
export async function changed(look, known, everyMs = 200) {
  let now = known;
  for (;;) {
    await new Promise((later) => setTimeout(later, everyMs));
    const next = await look();
    // An editor that saves several files, or one in several steps, is let come to an end.
    if (next !== known && next === now) return next;
    now = next;
  }
}
