import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSite } from '../browser/site.mjs';
import { root } from '../lib/paths.mjs';

const beside = { '/bench/': join(root, 'bench/pages'), '/pyodide/': join(root, 'node_modules/pyodide') };

/**
 * Serves the built site with the benchmarks' own pages under `bench/` and Pyodide's files under `pyodide/`. `files` are others:
 * an absolute path each by its path on the site. `bodies` are such that stand in no folder, `also` are folders.
 *
 * @param {import('../browser/owner.mjs').Owner} owner
 * @param {Parameters<typeof openSite>[1] & { files?: Record<string, string>, also?: Record<string, string>, bodies?: Map<string, Buffer> }} [options]
 */
export function openBenchSite(owner, { files = {}, also = {}, bodies = new Map(), ...options } = {}) {
  const intercept = async (path) => {
    const body = bodies.get(path) ?? (files[path] && (await readFile(files[path])));
    return body && { body };
  };
  return openSite(owner, { beside: { ...beside, ...also }, intercept, ...options });
}
