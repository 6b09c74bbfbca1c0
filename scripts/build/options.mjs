import { PlainError } from '../lib/main.mjs';
import { familyOptions, folderAfter, outFolder } from './families/options.mjs';

/** The words of `npm run build`, as `{ families, faults, out }`. */
export function readOptions(words) {
  const { families, rest } = familyOptions(words);
  const options = { families, faults: false, out: undefined };
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--faults') options.faults = true;
    else if (word === '--out') options.out = outFolder(folderAfter('--out', rest));
    else throw new PlainError('build', `expected --family, --alone, --out or --faults, found ${word}`);
  }
  return options;
}
