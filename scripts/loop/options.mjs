import { resolve } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';

/** The words of `npm run loop`, as `{ small, folder }`. */
export function optionsOf(words) {
  const [small, rest] = [words.includes('--small'), words.filter((word) => word !== '--small')];
  const [name, folder, ...more] = rest;
  if ((name !== undefined && (name !== '--out' || folder === undefined)) || more.length > 0) {
    throw new PlainError('loop', `expected --small and --out FOLDER, found ${rest.join(' ')}`);
  }
  return { small, folder: resolve(root, folder ?? 'target/loop') };
}
