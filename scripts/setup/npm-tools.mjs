import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmTool, npmToolsFolder, npmToolVersions } from '../lib/npm-tools.mjs';
import { mustRun } from '../lib/run.mjs';

/** The npm packages with which the npm package of Palaestra builds and serves a page. */
export const npmTools = {
  name: 'npm packages',
  installing: 'esbuild and three small ones, which put a page together and serve it (once, into the cache)',
  async check() {
    const versions = npmToolVersions();
    try {
      for (const [name, version] of Object.entries(versions)) {
        npmTool(name);
        if (npmTool(`${name}/package.json`).version !== version) return undefined;
      }
    } catch {
      return undefined;
    }
    return {
      note: Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    };
  },
  async install(update) {
    const folder = npmToolsFolder();
    await mkdir(folder, { recursive: true });
    const manifest = { private: true, dependencies: npmToolVersions() };
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
    // Of the folder, whatever a surrounding `npm exec` told the shell about another.
    await mustRun([...npm, 'install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: folder,
      onLine: update,
    });
  },
};
