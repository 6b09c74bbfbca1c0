import { randomInt } from 'node:crypto';
import { PlainError } from '../lib/main.mjs';

const about = 'parity';

function integer(option, text, least) {
  const value = Number(text);
  if (text === undefined || !Number.isSafeInteger(value) || value < least) {
    throw new PlainError(about, `${option}: expected an integer from ${least}, found ${text ?? 'nothing'}`);
  }
  return value;
}

/** What the command line asks for: `{ filters, steps, seed, jobs, docs }`. */
export function parse(words) {
  const options = { filters: [], steps: 200_000, seed: randomInt(2 ** 31), jobs: 2, docs: false };
  const numbers = { '--steps': ['steps', 1], '--seed': ['seed', 0], '--jobs': ['jobs', 1] };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    const [option, value] = word.split(/=(.*)/s);
    if (numbers[option]) {
      const [name, least] = numbers[option];
      options[name] = integer(option, value ?? rest.shift(), least);
    } else if (word === '--docs') options.docs = true;
    else if (word.startsWith('-'))
      throw new PlainError(about, `expected --steps, --seed, --jobs or --docs, found ${word}`);
    else options.filters.push(word);
  }
  return options;
}

/** Whether an id is one of those that are asked for: all, or those with one of the filters in them. */
export const chosen = (id, filters) =>
  filters.length === 0 || filters.some((filter) => id.toLowerCase().includes(filter.toLowerCase()));
