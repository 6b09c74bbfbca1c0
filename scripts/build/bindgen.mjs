import { mkdir, rm } from 'node:fs/promises';
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

/** Writes the JavaScript and WebAssembly that a page loads for `module` to `folder`. */
export async function bindgen(tool, part, module, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { code, output } = await run([tool, module, folder]);
  if (code !== 0) throw new PlainError(part.id, output);
}
