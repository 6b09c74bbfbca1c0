import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorsOf } from '../lib/cargo-output.mjs';
import { crateFolder, lockedVersion, packedId } from '../lib/cargo-files.mjs';
import { PlainError } from '../lib/main.mjs';
import { cacheDir, cargoRoot, isPackage, nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain } from '../lib/say.mjs';
import { joinGlue } from './glue.mjs';
import { filesOf } from './parts.mjs';
import { remembered } from './remembered.mjs';

const bindgenCrate = 'palaestra-bindgen';

/**
 * Builds the post-processor and gives its path. It is a member of the workspace and built as `cargo test` builds it, so
 * that both share their work. Unoptimised it takes some seconds for each module, a minute for a site; to optimise it takes longer, and
 * what it made is remembered.
 */
export async function buildBindgen(update) {
  const command = ['cargo', 'build', '-p', bindgenCrate];
  const { cwd, target } = isPackage ? await ownCopy() : { cwd: root, target: nativeTargetDir };
  const env = { CARGO_TARGET_DIR: target };
  const { code, output } = await run(command, { cwd, env, onLine: update });
  if (code !== 0) {
    plain(errorsOf(output));
    throw new PlainError('bindgen', `${command.join(' ')} ended with ${code}; the reason is above`);
  }
  return join(target, 'debug/palaestra-bindgen');
}

/**
 * The packed crate in the cache, with the versions of this project. It is built there once for all environments: beside the crate
 * nothing may be written. Packages of one version may have other sources, of which cargo sees no more than whether they are newer: each
 * has a folder of its own.
 */
export async function ownCopy({ source = crateFolder(bindgenCrate), id = packedId(), cache = cacheDir } = {}) {
  const cwd = join(cache, `${bindgenCrate}-${id}-${lockedVersion('wasm-bindgen')}`);
  const target = join(cwd, 'target');
  await mkdir(cwd, { recursive: true });
  // What stays as it was keeps its time, so that cargo has nothing to do for it.
  await cp(source, cwd, { recursive: true, preserveTimestamps: true });
  const lock = join(cwd, 'Cargo.lock');
  await cp(join(cargoRoot, 'Cargo.lock'), lock, { force: false });
  return { cwd, target };
}

/** What the modules call the file of JavaScript beside them, of which they say the name at each import. */
const beside = 'm';

/**
 * Writes the WebAssembly that a page loads for the part's compiled `modules` to `folder`, and the JavaScript that serves them all, which
 * `bundle` puts into the scripts of the site. Gives its path. `names` is a file: what the modules of the site call their imports
 * and exports, to which those of this part are added.
 */
export async function bindgen(tool, part, modules, folder, names) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // A build of the tool, like the last in everything: it is too large to be read again and again.
  const { size, mtimeMs } = await stat(tool);
  const sources = [];
  for (const [index, module] of modules.entries()) {
    const { name, crate, split = {} } = part.modules[index];
    const parts = Object.entries(split).map(
      ([own, { paths, entrances }]) => `${own}=${paths.join(',')};${entrances.join(',')}`,
    );
    const ingredients = [
      `${tool} ${size} ${mtimeMs}`,
      JSON.stringify(parts),
      await readFile(names, 'utf8').catch(() => ''),
      await readFile(module),
    ];
    const made = await remembered(ingredients, async () => {
      const { code, output } = await run([tool, module, folder, beside, names, ...parts]);
      if (code !== 0) throw new PlainError(part.id, output);
      const files = filesOf({ name: beside, split });
      return {
        script: await readFile(join(folder, `${beside}.js`), 'utf8'),
        names: await readFile(names, 'utf8'),
        modules: await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(join(folder, file)) }))),
      };
    });
    await writeFile(names, made.names);
    for (const { file, bytes } of made.modules) {
      await rm(join(folder, file), { force: true });
      await writeFile(join(folder, file.replace(beside, name)), bytes);
    }
    sources.push({ name: crate, text: made.script });
  }
  await rm(join(folder, `${beside}.js`), { force: true });
  const script = join(folder, `${part.glue}.js`);
  await writeFile(script, await joinGlue(sources));
  return script;
}
