import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { mustRun } from '../lib/run.mjs';

const readLock = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/** The npm packages that package-lock.json names, each in the very version it names. */
export const nodeModules = {
  name: 'node_modules',
  installing: 'npm ci',
  async check() {
    const wanted = readLock('package-lock.json') ?? {};
    // npm writes down here what it installed; it lacks the project itself and what other platforms need.
    const installed = readLock('node_modules/.package-lock.json');
    if (!installed) return undefined;
    const needed = Object.entries(wanted).filter(([path, entry]) => path !== '' && !entry.optional);
    if (needed.some(([path, entry]) => installed[path]?.version !== entry.version)) return undefined;
    return { note: `${needed.length} packages as locked` };
  },
  async install(update) {
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    await mustRun([...npm, 'ci', '--no-audit', '--no-fund'], { cwd: root, onLine: update });
  },
};
