import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain } from '../lib/say.mjs';

/** Where the registry stands in the site: data for every page, which its module need not hold. */
export const registryFile = 'page/registry.json';

/** Builds what prints the registry, as `cargo test` builds it, and gives its text: JSON. */
export async function registry(update) {
  const command = ['cargo', 'build', '-p', 'palaestra-envs', '--bin', 'palaestra-registry'];
  const env = { CARGO_TARGET_DIR: nativeTargetDir };
  const built = await run(command, { cwd: root, env, onLine: update });
  if (built.code !== 0) {
    plain(errorsOf(built.output));
    throw new PlainError('registry', `${command.join(' ')} ended with ${built.code}; the reason is above`);
  }
  const { code, output } = await run([join(nativeTargetDir, 'debug/palaestra-registry')]);
  if (code !== 0) throw new PlainError('registry', output);
  return output;
}

/** Writes it where a site has it. */
export async function writeRegistry(site, text) {
  const file = join(site, registryFile);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
