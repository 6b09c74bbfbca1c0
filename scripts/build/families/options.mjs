import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlainError } from '../../lib/main.mjs';

/**
 * Takes what says which families a site has off a command line: `--family FOLDER`, any number of times, and `--alone`. Gives
 * `{ families, rest }`. A relative path is one of the folder in which npm was called.
 *
 * @typedef {object} Families which a site or a program has
 * @property {string[]} [folders] crates from elsewhere
 * @property {boolean} [alone] without those that come with Palaestra
 *
 * @param {string[]} words
 * @returns {{ families: Families, rest: string[] }}
 */
export function familyOptions(words, from = process.env.INIT_CWD ?? process.cwd()) {
  const families = { folders: [], alone: false };
  const rest = [];
  const all = [...words];
  while (all.length > 0) {
    const word = all.shift();
    if (word === '--alone') families.alone = true;
    else if (word === '--family') families.folders.push(resolve(from, folderAfter('--family', all)));
    else rest.push(word);
  }
  if (families.alone && families.folders.length === 0) {
    throw new PlainError(
      'family',
      '--alone leaves out the families that come with Palaestra: name others with --family FOLDER',
    );
  }
  return { families, rest };
}

/** The folder of `--out`, in which a build replaces what the last one wrote: a site's, or one that is not there or empty. */
export function outFolder(path, from = process.env.INIT_CWD ?? process.cwd()) {
  const folder = resolve(from, path);
  const free =
    !existsSync(folder) || readdirSync(folder).length === 0 || existsSync(join(folder, 'page/registry.json'));
  if (!free)
    throw new PlainError('options', `--out: expected a new folder, or one that a site was built in, found ${folder}`);
  return folder;
}

/** The folder that comes next, which an option needs. */
export function folderAfter(option, words) {
  const value = words.shift();
  if (value === undefined || value.startsWith('--'))
    throw new PlainError('options', `expected a folder after ${option}, found ${value ?? 'none'}`);
  return value;
}
