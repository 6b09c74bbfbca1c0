import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { root } from '../lib/paths.mjs';
import { serve } from '../serve/serve.mjs';

/**
 * Serves the built site on a free port until `owner` is done with it, with `requests` listed.
 *
 * - `faults: true`: the one whose Worker can be made to fail.
 * - `beside`: folders whose files the site has as well, each by its path on it, as in `{ '/bench/': folder }`. They are kept in
 *   memory: nothing that is measured waits for the disk.
 * - The other options are those of `serve`; `intercept` comes first.
 *
 * @param {import('./owner.mjs').Owner} owner
 * @param {Partial<import('../serve/serve.mjs').ServeOptions> & { faults?: boolean, beside?: Record<string, string> }} [options]
 */
export async function openSite(owner, { faults = false, beside = {}, intercept, ...options } = {}) {
  const folder = join(root, faults ? 'dist-test' : 'dist');
  if (!existsSync(folder)) {
    throw new Error(
      `${folder} is not built: run "npm run build${faults ? ' -- --faults' : ''}" or "npm test -- browser"`,
    );
  }
  const kept = new Map();
  const fileBeside = async (path) => {
    const prefix = Object.keys(beside).find((prefix) => path.startsWith(prefix));
    const name = prefix && normalize(path.slice(prefix.length));
    if (!name || name.startsWith('..')) return undefined;
    if (!kept.has(path)) kept.set(path, await readFile(join(beside[prefix], name)).catch(() => undefined));
    return kept.get(path) && { body: kept.get(path) };
  };
  return openFolder(owner, folder, {
    ...options,
    intercept: async (path) => (await intercept?.(path)) || fileBeside(path),
  });
}

/**
 * Serves any folder in the same way.
 *
 * @param {import('./owner.mjs').Owner} owner
 * @param {string} folder
 * @param {Partial<import('../serve/serve.mjs').ServeOptions>} [options]
 */
export async function openFolder(owner, folder, options = {}) {
  const site = await serve({ root: folder, record: true, ...options });
  owner.after(() => site.close());
  return site;
}
