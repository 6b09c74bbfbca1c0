// Copies what a page loads out of the package.
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
/** What a page imports itself: `palaestra`, `palaestra/jspsych` and `palaestra/data`. */
const scripts = ['palaestra.js', 'jspsych.js', 'data.js'];
/** The folders of what a page's script loads. */
const folders = ['page', 'worker', 'verifier', 'export', 'policy', 'art'];
const loaded = /\.(js|wasm|svg|png|webp)$|^page\/descriptions\.json$/;
const module = /^worker\/(\w+)_bg\.wasm$/;
const moduleOrPart = /^worker\/(\w+)\.wasm$/;
/** What environments in Python have beside their module. */
const ofGuests = /^(worker|page)\/guest\.js$/;

/**
 * Copies the files, of all families or of some, and gives how many there were and their size.
 *
 * @param {{ folder: string, families?: string[], compress?: boolean }} options
 */
export async function copyAssets({ folder, families = [], compress = false }) {
  const listed = await Promise.all(
    folders.map(async (name) => (await readdir(join(dist, name))).map((file) => `${name}/${file}`)),
  );
  const all = [...scripts, ...listed.flat()].filter((path) => loaded.test(path));
  const known = all.map((path) => module.exec(path)?.[1]).filter((name) => name !== undefined);
  const stranger = families.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const message = `copy-assets: expected a family among ${known.join(', ')}; found ${stranger}`;
    throw Object.assign(new Error(message), { misuse: true });
  }
  const wanted = all.filter((path) => {
    const family = familyOf(path, known);
    return family === undefined || families.length === 0 || families.includes(family);
  });
  let bytes = 0;
  for (const path of wanted) {
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(dist, path), to);
    const content = await readFile(to);
    bytes += content.length;
    if (!compress) continue;
    await writeFile(`${to}.br`, brotliCompressSync(content));
    await writeFile(`${to}.gz`, gzipSync(content, { level: 9 }));
  }
  return { files: wanted.length, bytes };
}

/**
 * The family whose module or part of it a file is, if it is one. Names of families may begin alike: it is the one with the longest.
 *
 * @param {string} path
 * @param {string[]} known
 */
function familyOf(path, known) {
  if (ofGuests.test(path)) return 'guest';
  const name = moduleOrPart.exec(path)?.[1] ?? '';
  const fits = known.filter((family) => name.startsWith(`${family}_`));
  return fits.sort((one, other) => other.length - one.length)[0];
}
