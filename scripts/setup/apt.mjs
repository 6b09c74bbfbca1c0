import { existsSync } from 'node:fs';
import { ask, mustRun, run, which } from '../lib/run.mjs';
import { MissingError } from './step.mjs';

/** Whether this is Debian or one of its descendants. */
export function hasApt() {
  return existsSync('/etc/debian_version') && which('apt-get') !== undefined;
}

const isRoot = () => process.getuid?.() === 0;

/** Whether all of these packages are installed. */
export async function packagesInstalled(packages) {
  const output = await ask(['dpkg-query', '-W', '-f', '${db:Status-Status}\\n', ...packages]);
  return output !== undefined && output.split('\n').every((status) => status === 'installed');
}

/** Installs Debian packages, or throws the line that tells an administrator what to type. */
export async function aptInstall(step, packages, update) {
  if (!isRoot()) {
    throw new MissingError(
      step,
      `only root may install it: run "sudo apt-get install ${packages.join(' ')}" and start again`,
    );
  }
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, onLine: update };
  const first = await run(install, options);
  if (first.code === 0) return;
  // A fresh machine has no package lists, an old one has lists of versions that are gone.
  await mustRun(['apt-get', 'update'], options);
  await mustRun(install, options);
}
