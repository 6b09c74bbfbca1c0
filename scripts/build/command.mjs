import { join } from 'node:path';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain, progress } from '../lib/say.mjs';

/**
 * The `palaestra` command, as fast as it needs to be: in the profile of the server, with which it shares most of what is compiled.
 * The whole program optimised at once, as in `release`, takes minutes more since it writes Parquet.
 */
export const palaestraCommand = join(nativeTargetDir, 'serve/palaestra');

/** Builds it. */
export async function buildCommand() {
  const command = ['cargo', 'build', '--profile', 'serve', '-p', 'palaestra-cli'];
  const work = progress('command', 'building the palaestra command');
  const { code, output } = await run(command, {
    cwd: root,
    env: { CARGO_TARGET_DIR: nativeTargetDir },
    onLine: work.update,
  }).finally(work.done);
  if (code === 0) return;
  plain(errorsOf(output));
  throw new PlainError('command', `${command.join(' ')} ended with ${code}; the reason is above`);
}
