import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { mustRun } from '../lib/run.mjs';

const readLock = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/** The npm packages that the package-lock.json of a folder names, each in the very version it names. */
export const modulesOf = ({ name, folder }) => ({
  name,
  installing: 'npm ci',
  async check() {
    const wanted = readLock(join(folder, 'package-lock.json')) ?? {};
    // npm writes down here what it installed; it lacks the project itself and what other platforms need.
    const installed = readLock(join(folder, 'node_modules/.package-lock.json'));
    if (!installed) return undefined;
    const needed = Object.entries(wanted).filter(([path, entry]) => path !== '' && !entry.optional);
    if (needed.some(([path, entry]) => installed[path]?.version !== entry.version)) return undefined;
    return { note: `${needed.length} packages as locked` };
  },
  async install(update) {
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    await mustRun([...npm, 'ci', '--no-audit', '--no-fund'], { cwd: folder, onLine: update });
  },
});

/** Those of the project. */
export const nodeModules = modulesOf({ name: 'node_modules', folder: root });
