import { PlainError } from '../lib/main.mjs';
import { crowd } from './crowd.mjs';
import { hostile } from './hostile.mjs';

/** What is measured by which name, by what numbers, and the most of each. */
export const kinds = {
  crowd: { run: crowd, usual: { matches: 500, waiting: 5000, seconds: 30 }, files: (n) => n.waiting + 4 * n.matches },
  hostile: { run: hostile, usual: { silent: 10_000, matches: 20 }, files: (n) => n.silent + 4 * n.matches + 2000 },
};
const most = { matches: 2000, waiting: 12_000, seconds: 600, silent: 15_000 };

/** The words of `npm run load`, as `{ kind, numbers, profile }`. */
export function asked(words) {
  const kind = words[0] in kinds ? words.shift() : 'crowd';
  const numbers = { ...kinds[kind].usual };
  // The profile that people run; `dev` tries the script, its figures say nothing.
  let profile = 'serve';
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index].replace(/^--/, '');
    if (name === 'profile' && /^[a-z]+$/.test(words[index + 1] ?? '')) {
      profile = words[index + 1];
      continue;
    }
    const number = Number(words[index + 1]);
    if (!(name in numbers) || !Number.isInteger(number) || number < 0 || number > most[name]) {
      const known = Object.keys(numbers).map((known) => `--${known} up to ${most[known]}`);
      throw new PlainError('load', `expected ${known.join(', ')}, or --profile; found ${words.slice(index).join(' ')}`);
    }
    numbers[name] = number;
  }
  return { kind, numbers, profile };
}
