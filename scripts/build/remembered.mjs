// What builds have made, by what it was made of. Most of a site is the same in the next build, and in the tests' site.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { wasmTargetDir } from '../lib/paths.mjs';

const memory = join(wasmTargetDir, 'remembered');

/** Bytes that are kept: some ten whole sites. */
const mostBytes = 256 * 1024 * 1024;

/**
 * What `make` gives, made once for the same ingredients: whatever has an influence on it has to be among them. It is made of plain
 * values and bytes.
 *
 * @template Made
 * @param {(string | Uint8Array)[]} ingredients
 * @param {() => Promise<Made>} make
 * @param {string} [folder] where it is kept
 * @returns {Promise<Made>}
 */
export async function remembered(ingredients, make, folder = memory) {
  const hash = createHash('sha256');
  for (const ingredient of ingredients) hash.update(`${ingredient.length}:`).update(ingredient);
  const file = join(folder, hash.digest('hex'));
  const known = await recall(file);
  if (known) return known.made;
  const made = await make();
  await mkdir(folder, { recursive: true });
  // Whoever reads it meanwhile finds all of it or nothing.
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, serialize({ made }));
  await rename(beside, file);
  return made;
}

/** What a file has, which counts as used now; nothing where it is not there or was cut short. */
async function recall(file) {
  try {
    const known = deserialize(await readFile(file));
    const now = new Date();
    await utimes(file, now, now);
    return known;
  } catch {
    return undefined;
  }
}

/** Forgets what has not been used for the longest time, until the rest is `most` bytes at most. */
export async function forgetOld(most = mostBytes, folder = memory) {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      // Another build may have forgotten it in this moment.
      const { size = 0, mtimeMs = 0 } = (await stat(file).catch(() => undefined)) ?? {};
      return { file, size, mtimeMs };
    }),
  );
  let kept = 0;
  for (const { file, size } of found.sort((one, other) => other.mtimeMs - one.mtimeMs)) {
    kept += size;
    if (kept > most) await rm(file, { force: true });
  }
}
