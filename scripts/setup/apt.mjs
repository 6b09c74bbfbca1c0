import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { inCi } from '../lib/ci.mjs';
import { ask, mustRun, run, which } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { MissingError } from './step.mjs';

/** Whether this is Debian or one of its descendants. */
export function hasApt() {
  return existsSync('/etc/debian_version') && which('apt-get') !== undefined;
}

const isRoot = () => process.getuid?.() === 0;

/** Whether all of these packages are installed. */
export async function packagesInstalled(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder.
  const output = await ask(['dpkg-query', '-W', '-f', '${db:Status-Status}\\n', ...packages]);
  return output?.split('\n').every((status) => status === 'installed') ?? false;
}

/**
 * Installs Debian packages, or throws the line that tells an administrator what to type.
 *
 * What is installed, and `why`, is said before anything is done; whoever sits at a terminal is asked, too.
 */
export async function aptInstall(step, packages, why, update, { confirm = confirmAtTerminal, root = isRoot() } = {}) {
  const typed = `apt-get install ${packages.join(' ')}`;
  if (!root) throw new MissingError(step, `only root may install it: run "sudo ${typed}" and start again`);
  say('note', step, `this installs the Debian packages ${packages.join(', ')} on this machine: ${why}`);
  if (!(await confirm())) throw new MissingError(step, `not installed, as you wished: run "${typed}" and start again`);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, onLine: update };
  const first = await run(install, options);
  if (first.code === 0) return;
  // A fresh machine has no package lists, an old one has lists of versions that are gone.
  await mustRun(['apt-get', 'update'], options);
  await mustRun(install, options);
}

/** Whether the person at the terminal agrees; where nobody sits at one, as in CI, there is nobody to ask. */
export async function confirmAtTerminal() {
  if (!process.stdin.isTTY || !process.stdout.isTTY || inCi()) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Go on? [Y/n] ').finally(() => terminal.close());
  return /^\s*(y(es)?)?\s*$/i.test(answer);
}
