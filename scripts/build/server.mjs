import { join } from 'node:path';
import { errorsOf } from '../lib/cargo-output.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir, root } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { plain, progress } from '../lib/say.mjs';

/** Where `palaestra-server` is: PALAESTRA_SERVER names one that was built elsewhere. */
export const serverCommand = process.env.PALAESTRA_SERVER ?? join(nativeTargetDir, 'serve/palaestra-server');

/**
 * Builds it, unless PALAESTRA_SERVER names one. `quiet` says nothing while it does: somebody else is writing to the terminal.
 *
 * @param {{ quiet?: boolean }} [options]
 */
export async function buildServer({ quiet = false } = {}) {
  if (process.env.PALAESTRA_SERVER) return serverCommand;
  const command = ['cargo', 'build', '--profile', 'serve', '-p', 'palaestra-server'];
  const work = quiet ? { update() {}, done() {} } : progress('server', 'building palaestra-server');
  const { code, output } = await run(command, {
    cwd: root,
    env: { CARGO_TARGET_DIR: nativeTargetDir },
    timeoutMs: 30 * 60_000,
    onLine: work.update,
  }).finally(work.done);
  if (code === 0) return serverCommand;
  if (!quiet) plain(errorsOf(output));
  const reason = errorsOf(output)
    .split('\n')
    .find((line) => /^error/.test(line));
  throw new PlainError('server', `${command.join(' ')} ended with ${code}${reason ? `: ${reason}` : ''}`);
}
