import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { wasmTargetDir, root, wasmTriple } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { errorsOf } from '../lib/cargo-output.mjs';
import { plain } from '../lib/say.mjs';
import { rustflags } from './rustflags.mjs';

/**
 * Compiles one part for the browser, optimised, and gives the path of its module.
 *
 * `environment` is what the wasm target's set-up step found to be needed.
 */
export async function compile(part, environment, update) {
  // Cargo gives a module's file no name of its own per set of features: in one folder two variants would take turns and
  // link anew at every build.
  const variant = part.features.join('-');
  const targetDir = variant ? `${wasmTargetDir}-${variant}` : wasmTargetDir;
  const features = part.features.length > 0 ? ['--features', part.features.join(',')] : [];
  const command = ['cargo', 'build', '--profile', part.profile, '--target', wasmTriple, '-p', part.crate, ...features];
  const { code, output } = await run(command, {
    cwd: root,
    env: { ...environment, CARGO_TARGET_DIR: targetDir, CARGO_ENCODED_RUSTFLAGS: rustflags({ ...process.env, ...environment }) },
    onLine: update,
  });
  if (code !== 0) {
    plain(errorsOf(output));
    throw new PlainError(part.id, `${command.join(' ')} ended with ${code}; the reason is above`);
  }
  const module = join(targetDir, wasmTriple, part.profile, `${part.crate.replaceAll('-', '_')}.wasm`);
  if (!existsSync(module)) {
    throw new PlainError(
      part.id,
      `${part.crate} compiled to no module: its [lib] needs crate-type = ["cdylib", "rlib"]`,
    );
  }
  return module;
}
