import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, root } from '../lib/paths.mjs';
import { ask, mustRun } from '../lib/run.mjs';
import { findPython } from './python.mjs';

const folder = join(cacheDir, 'python');
const python = join(folder, 'bin', 'python');
const requirements = join(root, 'python', 'requirements.txt');
// What was installed last, whole: an installation that was broken off leaves none.
const stamp = join(folder, 'installed.txt');

/** The oldest and the newest Python 3 that the packages the tests need come ready-made for. */
const [oldest, newest] = [11, 13];

const wanted = () => readFileSync(requirements, 'utf8');

/** A virtual environment with what builds and tests the Python package; the value is its Python. */
export const pythonPackages = {
  name: 'python package',
  installing: 'what builds and tests the Python package',
  async check() {
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) return undefined;
    const version = await ask([python, '--version']);
    const count = wanted().match(/^[^#\s]/gm).length;
    return version && { note: `${count} packages for ${version}`, value: python };
  },
  async install(update) {
    const chosen = await findPython(oldest, newest);
    rmSync(folder, { recursive: true, force: true });
    await mustRun([chosen, '-m', 'venv', folder], { onLine: update });
    const options = ['--no-deps', '--disable-pip-version-check', '--no-input'];
    await mustRun([python, '-m', 'pip', 'install', ...options, '-r', requirements], { onLine: update });
    writeFileSync(stamp, wanted());
  },
};
