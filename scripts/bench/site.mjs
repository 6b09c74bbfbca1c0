import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { openSite } from '../../tests/browser/support/site.mjs';
import { root } from '../lib/paths.mjs';

const folders = { '/bench/': join(root, 'bench/pages'), '/pyodide/': join(root, 'node_modules/pyodide') };

/**
 * Serves the built site with the benchmarks' own pages under `bench/` and Pyodide's files under `pyodide/`. `files` are others:
 * an absolute path each by its path on the site.
 */
export function openBenchSite(owner, { files = {}, ...options } = {}) {
  const kept = new Map();
  const intercept = async (path) => {
    if (files[path]) return { body: await readFile(files[path]) };
    const prefix = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    if (!prefix) return undefined;
    const name = normalize(path.slice(prefix.length));
    if (name.startsWith('..')) return { status: 400, body: 'not a path of this site' };
    // From memory: nothing that we are compared with has to wait for the disk.
    if (!kept.has(path)) kept.set(path, await readFile(join(folders[prefix], name)));
    return { body: kept.get(path) };
  };
  return openSite(owner, { intercept, ...options });
}
