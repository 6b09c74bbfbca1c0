import { inCi } from '../lib/ci.mjs';
import { ask, which } from '../lib/run.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { MissingError } from './step.mjs';

/**
 * A TURN server, which one test of matches starts for itself. Debian's package may also make it a service of the machine, at a port
 * that others reach: so it is installed in CI only, and elsewhere by whoever wants it.
 */
export const turnServer = {
  name: 'coturn',
  installing: 'coturn, for the test of matches through a TURN server',
  async check() {
    const path = which('turnserver');
    // It says its version first, among other things.
    const [version] = (path && (await ask([path, '--version'], { timeoutMs: 10_000 })))?.split('\n') ?? [];
    return path && { note: version ? `${path}, ${version}` : path };
  },
  async install(update) {
    if (!inCi() || !hasApt()) throw new MissingError('coturn', 'to have it, run "apt-get install coturn"');
    await aptInstall('coturn', ['coturn'], 'a test plays through a TURN server', update);
  },
};
