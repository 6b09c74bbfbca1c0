// The npm packages that building and serving use. The project has them in node_modules; the npm package installs them for itself when an
// environment is built for the first time, since a page that uses it has no need of them.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { cacheDir, isPackage, root } from './paths.mjs';

const names = ['acorn', 'esbuild', 'mrmime', 'sirv'];

/** Their versions, as package.json has them. */
export function npmToolVersions() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.fromEntries(names.map((name) => [name, devDependencies[name]]));
}

/** Where the npm package keeps them: other versions have another folder. */
export function npmToolsFolder() {
  const versions = JSON.stringify(npmToolVersions());
  return join(cacheDir, `npm-${createHash('sha256').update(versions).digest('hex').slice(0, 12)}`);
}

/** One of them. It has been installed by then: `npmTools` of scripts/setup, or `npm ci` in a clone. */
export function npmTool(name) {
  return createRequire(join(isPackage ? npmToolsFolder() : root, 'package.json'))(name);
}
