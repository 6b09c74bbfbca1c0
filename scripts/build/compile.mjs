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
  const crates = part.modules.flatMap(({ crate }) => ['-p', crate]);
  const command = ['cargo', 'build', '--profile', part.profile, '--target', wasmTriple, ...crates];
  const { code, output } = await run(command, {
    cwd: part.workspace ?? root,
    env: {
      ...environment,
      CARGO_TARGET_DIR: wasmTargetDir,
      CARGO_ENCODED_RUSTFLAGS: rustflags({ ...process.env, ...environment }),
    },
    onLine: update,
  });
  if (code !== 0) {
    const reason = errorsOf(output);
    plain(reason);
    throw new PlainError(part.id, `${command.join(' ')} ended with ${code}; the reason is above`, reason);
  }
  return part.modules.map(({ name, crate }) => {
    const module = join(wasmTargetDir, wasmTriple, part.profile, `${name}.wasm`);
    if (existsSync(module)) return module;
    throw new PlainError(part.id, `${crate} compiled to no ${name}.wasm: see the name and the crate-type of its [lib]`);
  });
}
