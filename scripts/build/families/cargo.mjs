import { join } from 'node:path';
import { errorsOf } from '../../lib/cargo-output.mjs';
import { PlainError } from '../../lib/main.mjs';
import { nativeTargetDir } from '../../lib/paths.mjs';
import { run } from '../../lib/run.mjs';
import { plain } from '../../lib/say.mjs';

/** Builds a program for this machine and gives its path. `about` is what a failure is told of. */
export async function buildProgram({ about, crate, name = crate, cwd, release = false }, update) {
  const command = ['cargo', 'build', ...(release ? ['--release'] : []), '-p', crate, '--bin', name];
  const { code, output } = await run(command, { cwd, env: { CARGO_TARGET_DIR: nativeTargetDir }, onLine: update });
  if (code === 0) return join(nativeTargetDir, release ? 'release' : 'debug', name);
  const told = notAFamily(output);
  if (told) throw new PlainError(about, told);
  plain(errorsOf(output));
  throw new PlainError(about, `${command.join(' ')} ended with ${code}; the reason is above`);
}

/** What is wrong where the written crates name a family that is not there, in one line. */
function notAFamily(output) {
  const [, lacking] = /error\[E04(?:25|33)\]: cannot find value `FAMILY` in crate `(\w+)`/.exec(output) ?? [];
  if (lacking) return 'expected `pub const FAMILY: palaestra_env::catalog::Family` in the crate, found none';
  if (!/error\[E0308\]/.test(output) || !/family_\d+::FAMILY/.test(output)) return undefined;
  return 'expected FAMILY to be a palaestra_env::catalog::Family of this clone, found another type (does the crate depend on another palaestra-env?)';
}
