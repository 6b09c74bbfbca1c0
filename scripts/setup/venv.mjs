import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask, mustRun } from '../lib/run.mjs';
import { MissingError } from './step.mjs';

/** The oldest and the newest Python 3 that all packages come ready-made for. */
const [oldest, newest] = [11, 13];

/** The first Python on PATH (or the one that PYTHON names) of a version that fits and that can make virtual environments. */
async function find(name) {
  const named = process.env.PYTHON;
  const candidates = named ? [named] : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const asked = 'import sys, venv, ensurepip; print(sys.version_info.major, sys.version_info.minor)';
  for (const candidate of candidates) {
    const [major, minor] = ((await ask([candidate, '-c', asked])) ?? '').split(' ').map(Number);
    if (major === 3 && minor >= oldest && minor <= newest) return candidate;
  }
  const missing = `expected ${named ? `PYTHON=${named} to be` : 'on PATH'} Python 3.${oldest} to 3.${newest} with its venv module, found none`;
  throw new MissingError(name, `${missing}: install python3 and python3-venv, or name another in PYTHON`);
}

/** The Python of a virtual environment. */
export const pythonIn = (folder) => join(folder, 'bin', 'python');

/**
 * A step of the set-up: a virtual environment with the packages of a file of requirements, each in the very version that the file
 * says, and with nothing that it does not say. The value is its Python.
 *
 * @param {{ name: string, installing: string, folder: string, requirements: string, shown: string }} environment
 */
export function virtualEnvironment({ name, installing, folder, requirements, shown }) {
  const python = pythonIn(folder);
  // What was installed last, whole: an installation that was broken off leaves none.
  const stamp = join(folder, 'installed.txt');
  const wanted = () => readFileSync(requirements, 'utf8');
  return {
    name,
    installing,
    async check() {
      if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) return undefined;
      const version = await ask([python, '--version']);
      const count = wanted().match(/^[^#\s]/gm).length;
      return version && { note: `${count} packages for ${version} in ${shown}`, value: python };
    },
    async install(update) {
      const chosen = await find(name);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(dirname(folder), { recursive: true });
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
}
