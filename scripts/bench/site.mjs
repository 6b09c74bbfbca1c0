import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { openSite } from '../../tests/browser/support/site.mjs';
import { root } from '../lib/paths.mjs';

const folders = { '/bench/': join(root, 'bench/pages'), '/pyodide/': join(root, 'node_modules/pyodide') };

/** Serves the built site with the benchmarks' own pages under `bench/` and Pyodide's files under `pyodide/`. */
export function openBenchSite(owner, options = {}) {
  const kept = new Map();
  const intercept = async (path) => {
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
