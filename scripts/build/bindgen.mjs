import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain } from '../lib/say.mjs';

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

/** Writes the JavaScript and WebAssembly that a page loads for the part's compiled `modules` to `folder`. */
export async function bindgen(tool, part, modules, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const glue = join(folder, `${part.glue}.js`);
  const sources = [];
  for (const [index, module] of modules.entries()) {
    const { code, output } = await run([tool, module, folder, part.glue]);
    if (code !== 0) throw new PlainError(part.id, output);
    const [wasm, name] = [`${part.glue}_bg.wasm`, `${part.modules[index].name}_bg.wasm`];
    if (name !== wasm) await rename(join(folder, wasm), join(folder, name));
    sources.push(await readFile(glue, 'utf8'));
  }
  const { shared, odd } = sharedGlue(sources);
  if (odd >= 0) throw new PlainError(part.id, `${part.modules[odd].crate} needs other JavaScript than the other modules`);
  await writeFile(glue, shared);
}

/**
 * The one among the `sources` of several modules' JavaScript that serves them all, or the index of an `odd` one out: the
 * longest, if every other is the same but for lines that its module has no use for. Comments are left out; they number what
 * differs from module to module.
 */
export function sharedGlue(sources) {
  const all = sources.map((source) => source.split('\n').filter((line) => !/^\s*\/\//.test(line)));
  const longest = all.reduce((most, lines) => (lines.length > most.length ? lines : most));
  const odd = all.findIndex((lines) => {
    let at = 0;
    for (const line of longest) if (line === lines[at]) at += 1;
    return at < lines.length;
  });
  return { shared: longest.join('\n'), odd };
}

/**
 * A Worker's `boot` with the generated JavaScript that it imports put in its place: a Worker that starts waits for one file
 * instead of for one after the other.
 */
export function inOneFile(boot, name, glue) {
  const imported = new RegExp(`^import (?:(\\w+), )?\\{[^}]*\\} from '\\./${name}\\.js';\\n`, 'm');
  const [line, init] = imported.exec(boot) ?? [];
  if (!line) throw new PlainError(name, `expected a file that imports ./${name}.js by a line of its own`);
  const given = /^export \{ .*__wbg_init as default \};$/m;
  return boot.replace(line, () => `${glue.trimEnd().replace(given, init ? `const ${init} = __wbg_init;` : '')}\n`);
}
