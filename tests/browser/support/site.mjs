import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { serve } from '../../../scripts/serve/serve.mjs';

/**
 * Serves the built site on a free port until `owner` is done with it. `faults: true` serves the one whose Worker can be
 * made to fail; the other options are those of `serve`.
 */
export async function openSite(owner, { faults = false, ...options } = {}) {
  const folder = join(root, faults ? 'dist-test' : 'dist');
  if (!existsSync(folder)) {
    throw new Error(
      `${folder} is not built: run "npm run build${faults ? ' -- --faults' : ''}" or "npm test -- browser"`,
    );
  }
  return openFolder(owner, folder, options);
}

/** Serves any folder in the same way. */
export async function openFolder(owner, folder, options = {}) {
  const site = await serve({ root: folder, record: true, ...options });
  owner.after(() => site.close());
  return site;
}
