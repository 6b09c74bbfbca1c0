import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain } from '../lib/say.mjs';
import { joinGlue } from './glue.mjs';
import { filesOf } from './parts.mjs';

/**
 * Builds the post-processor and gives its path. It is a member of the workspace and built as `cargo test` builds it, so
 * that both share their work; unoptimised, it still takes well under a second for our modules.
 */
export async function buildBindgen(update) {
  const command = ['cargo', 'build', '-p', 'palaestra-bindgen'];
  const env = { CARGO_TARGET_DIR: nativeTargetDir };
  const { code, output } = await run(command, { cwd: root, env, onLine: update });
  if (code !== 0) {
    plain(errorsOf(output));
    throw new PlainError('bindgen', `${command.join(' ')} ended with ${code}; the reason is above`);
  }
  return join(nativeTargetDir, 'debug/palaestra-bindgen');
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
  const sources = [];
  for (const [index, module] of modules.entries()) {
    const { name, crate, split = {} } = part.modules[index];
    const parts = Object.entries(split).map(
      ([own, { paths, entrances }]) => `${own}=${paths.join(',')};${entrances.join(',')}`,
    );
    const { code, output } = await run([tool, module, folder, beside, names, ...parts]);
    if (code !== 0) throw new PlainError(part.id, output);
    sources.push({ name: crate, text: await readFile(join(folder, `${beside}.js`), 'utf8') });
    for (const file of filesOf({ name: beside, split })) {
      await rename(join(folder, file), join(folder, file.replace(beside, name)));
    }
  }
  await rm(join(folder, `${beside}.js`));
  const script = join(folder, `${part.glue}.js`);
  await writeFile(script, await joinGlue(sources));
  return script;
}
