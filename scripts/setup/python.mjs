import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { ask, mustRun } from '../lib/run.mjs';
import { MissingError } from './step.mjs';

const folder = join(root, '.venv-parity');
const python = join(folder, 'bin', 'python');
const requirements = join(root, 'tests', 'golden', 'reference', 'requirements.txt');
// What was installed last, whole: an installation that was broken off leaves none.
const stamp = join(folder, 'installed.txt');

/** The oldest and the newest Python 3 that all packages come ready-made for. */
const [oldest, newest] = [11, 13];

const wanted = () => readFileSync(requirements, 'utf8');

/** The first Python on PATH (or the one that PYTHON names) of a version that fits and that can make virtual environments. */
export async function findPython(oldest, newest) {
  const named = process.env.PYTHON;
  const candidates = named ? [named] : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const asked = 'import sys, venv, ensurepip; print(sys.version_info.major, sys.version_info.minor)';
  for (const candidate of candidates) {
    const [major, minor] = ((await ask([candidate, '-c', asked])) ?? '').split(' ').map(Number);
    if (major === 3 && minor >= oldest && minor <= newest) return candidate;
  }
  const missing = `expected ${named ? `PYTHON=${named} to be` : 'on PATH'} Python 3.${oldest} to 3.${newest} with its venv module, found none`;
  throw new MissingError('python', `${missing}: install python3 and python3-venv, or name another in PYTHON`);
}

/** A virtual environment with the Python packages that our environments follow; the value is its Python. */
export const referencePackages = {
  name: 'python packages',
  installing: 'the Python references, into .venv-parity',
  async check() {
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) return undefined;
    const version = await ask([python, '--version']);
    const count = wanted().match(/^[^#\s]/gm).length;
    return version && { note: `${count} packages for ${version} in .venv-parity`, value: python };
  },
  async install(update) {
    const chosen = await findPython(oldest, newest);
    rmSync(folder, { recursive: true, force: true });
    await mustRun([chosen, '-m', 'venv', folder], { onLine: update });
    const install = [
      '-m',
      'pip',
      'install',
      '--no-deps',
      '--disable-pip-version-check',
      '--no-input',
      '-r',
      requirements,
    ];
    await mustRun([python, ...install], { onLine: update });
    writeFileSync(stamp, wanted());
  },
};
