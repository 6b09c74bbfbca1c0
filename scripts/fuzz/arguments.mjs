import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';

/** The targets there are: a file each. */
export const targets = readdirSync(join(root, 'fuzz', 'targets'))
  .filter((name) => name.endsWith('.rs'))
  .map((name) => name.slice(0, -'.rs'.length))
  .sort();

/** Reads the words of the command line: `{ minutes, seed, chosen }`; without a seed each run has its own. */
export function parse(words) {
  const chosen = [];
  let minutes = 1;
  let seed;
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--minutes') {
      minutes = Number(rest.shift());
      if (!(minutes > 0 && minutes <= 10_000))
        throw new PlainError('fuzz', 'expected a number of minutes after --minutes');
    } else if (word === '--seed') {
      seed = Number(rest.shift());
      if (!Number.isInteger(seed) || seed < 1 || seed > 0xffff_ffff)
        throw new PlainError('fuzz', 'expected a whole number from 1 to 4294967295 after --seed');
    } else if (targets.includes(word)) {
      chosen.push(word);
    } else {
      throw new PlainError(
        'fuzz',
        `expected --minutes N, --seed N or a target among ${targets.join(', ')}, found ${word}`,
      );
    }
  }
  return { minutes, seed, chosen: chosen.length > 0 ? chosen : targets };
}

/** How many inputs libFuzzer says it ran. */
export function executions(output) {
  const count = /^stat::number_of_executed_units:\s*(\d+)$/m.exec(output)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** What went wrong in libFuzzer's words, and the file that holds the input. */
export function failure(output) {
  const summary = /^SUMMARY: libFuzzer: (.+)$/m.exec(output)?.[1] ?? /^SUMMARY: (.+)$/m.exec(output)?.[1];
  const file = /Test unit written to (\S+)/.exec(output)?.[1];
  return { what: summary ?? 'the fuzzer ended without saying why', file };
}
