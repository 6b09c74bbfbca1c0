import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';

/** The path on the site of the Worker's module that plays an environment. */
export function moduleOf(id) {
  const registry = JSON.parse(readFileSync(join(root, 'dist/page/registry.json'), 'utf8'));
  return `/worker/${registry.find((entry) => entry.id === id).family}_bg.wasm`;
}
