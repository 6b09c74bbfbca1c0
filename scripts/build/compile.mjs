import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { wasmTargetDir, root, wasmTriple } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { errorsOf } from '../lib/cargo-output.mjs';
import { plain } from '../lib/say.mjs';
import { rustflags } from './rustflags.mjs';

/**
 * Compiles one part for the browser, optimised, and gives the paths of its modules, in their order.
 *
 * `environment` is what the wasm target's set-up step found to be needed.
 */
export async function compile(part, environment, update) {
  // Cargo gives a module's file no name of its own per set of features: in one folder two variants would take turns and
  // link anew at every build.
  const variant = part.features.join('-');
  const targetDir = variant ? `${wasmTargetDir}-${variant}` : wasmTargetDir;
  const features = part.features.length > 0 ? ['--features', part.features.join(',')] : [];
  const crates = part.modules.flatMap(({ crate }) => ['-p', crate]);
  const command = ['cargo', 'build', '--profile', part.profile, '--target', wasmTriple, ...crates, ...features];
  const { code, output } = await run(command, {
    cwd: root,
    env: { ...environment, CARGO_TARGET_DIR: targetDir, CARGO_ENCODED_RUSTFLAGS: rustflags({ ...process.env, ...environment }) },
    onLine: update,
  });
  if (code !== 0) {
    plain(errorsOf(output));
    throw new PlainError(part.id, `${command.join(' ')} ended with ${code}; the reason is above`);
  }
  return part.modules.map(({ name, crate }) => {
    const module = join(targetDir, wasmTriple, part.profile, `${name}.wasm`);
    if (existsSync(module)) return module;
    throw new PlainError(part.id, `${crate} compiled to no ${name}.wasm: see the name and the crate-type of its [lib]`);
  });
}
