import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSite } from '../browser/site.mjs';
import { root } from '../lib/paths.mjs';

const beside = { '/bench/': join(root, 'bench/pages'), '/pyodide/': join(root, 'node_modules/pyodide') };

/**
 * Serves the built site with the benchmarks' own pages under `bench/` and Pyodide's files under `pyodide/`. `files` are others:
 * an absolute path each by its path on the site.
 *
 * @param {import('../browser/owner.mjs').Owner} owner
 * @param {Parameters<typeof openSite>[1] & { files?: Record<string, string> }} [options]
 */
export function openBenchSite(owner, { files = {}, ...options } = {}) {
  const intercept = async (path) => (files[path] ? { body: await readFile(files[path]) } : undefined);
  return openSite(owner, { beside, intercept, ...options });
}
