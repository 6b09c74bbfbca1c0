// The page's JavaScript codec under small changes: its own tests, and those that hold it to what Rust writes and reads.
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { mutantsOf } from './javascript.mjs';

const folder = 'crates/page/src/codec';
const tests = ['scripts/codec.test.mjs', 'scripts/vectors.test.mjs'];
const needs = ['crates/page/src/protocol.js', 'crates/play/tests/vectors.json', 'scripts/lib/paths.mjs', folder];
/** A test that takes longer hangs, which is noticing too. */
const MOST_MS = 20_000;

/**
 * Tests every change in a copy of the files; gives the names of those that were caught and missed.
 *
 * @param {(mutants: { name: string }[]) => any[]} choose which of them
 * @param {(line: string) => void} update hears how far it is
 */
export async function mutateCodec(choose, update) {
  const copy = join(nativeTargetDir, 'mutants', 'codec');
  for (const path of [...tests, ...needs]) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await cp(join(root, path), join(copy, path), { recursive: true });
  }
  const noticed = async () => {
    for (const test of tests) {
      const { code } = await run([process.execPath, join(copy, test)], { cwd: copy, timeoutMs: MOST_MS });
      if (code !== 0) return true;
    }
    return false;
  };
  if (await noticed()) throw new Error(`${tests.join(', ')} fails before anything is changed`);
  const all = [];
  for (const file of (await readdir(join(root, folder))).filter((name) => name.endsWith('.js'))) {
    const source = await readFile(join(root, folder, file), 'utf8');
    for (const mutant of mutantsOf(`${folder}/${file}`, source)) all.push({ ...mutant, file, whole: source });
  }
  const [caught, missed] = [[], []];
  const chosen = choose(all);
  for (const [index, { name, source, file, whole }] of chosen.entries()) {
    update(`${index + 1} of ${chosen.length}: ${name}`);
    const path = join(copy, folder, file);
    await writeFile(path, source);
    ((await noticed()) ? caught : missed).push(name);
    await writeFile(path, whole);
  }
  return { caught, missed };
}
