// Reads what stands behind a command of the npm package.
import { nearest } from '../crates/page/src/options.js';

/** What each command in JavaScript takes: see `readOptions`. */
export const taken =
  /** @type {Record<string, { expected: string[], options: Record<string, 'flag' | 'text' | 'list' | 'port'> }>} */ ({
    'copy-assets': { expected: ['a folder'], options: { family: 'list', compress: 'flag' } },
    new: { expected: ['a name for it'], options: { id: 'text' } },
    serve: { expected: [], options: { port: 'port', host: 'text' } },
    build: { expected: [], options: { out: 'text' } },
  });

/** What a command line lacks, or has too much of: `misuse` is what it is told by. */
function misuse(message) {
  return Object.assign(new Error(message), { misuse: true });
}

/** The words of a command in JavaScript, as `{ positionals, values }`. */
export const readTaken = (command, words) =>
  readOptions(command, words, taken[command].expected, taken[command].options);

/**
 * The words of a command as `{ positionals, values }`. `expected` says what stands without an option, each in words; `options` what may
 * follow: a `flag`, a `text`, a `list` of texts, or a `port`.
 *
 * @param {string} command
 * @param {string[]} words
 * @param {string[]} expected
 * @param {Record<string, 'flag' | 'text' | 'list' | 'port'>} options
 */
export function readOptions(command, words, expected, options) {
  const names = Object.keys(options).map((name) => `--${name}`);
  const positionals = [];
  /** @type {Record<string, any>} */
  const values = {};
  const rest = words.flatMap((word) =>
    /^--[^=]+=/.test(word) ? [word.replace(/=.*/s, ''), word.replace(/^.*?=/s, '')] : [word],
  );
  while (rest.length > 0) {
    const word = rest.shift();
    if (!word.startsWith('-')) {
      positionals.push(word);
      continue;
    }
    if (!names.includes(word)) {
      const meant = nearest(word, names);
      throw misuse(
        `${command}: expected ${[...names, ...expected].join(', ') || 'nothing more'}; found \`${word}\`${meant ? ` (did you mean \`${meant}\`?)` : ''}`,
      );
    }
    const name = word.slice(2);
    if (options[name] === 'flag') {
      values[name] = true;
      continue;
    }
    const value = rest.shift();
    if (value === undefined || value.startsWith('--'))
      throw misuse(`${command}: expected a value after ${word}, found ${value ?? 'none'}`);
    if (options[name] === 'list') values[name] = [...(values[name] ?? []), value];
    else if (options[name] === 'port') values[name] = port(command, value);
    else values[name] = value;
  }
  if (positionals.length < expected.length)
    throw misuse(`${command}: expected ${expected[positionals.length]}, found none`);
  if (positionals.length > expected.length)
    throw misuse(`${command}: expected nothing more, found \`${positionals[expected.length]}\``);
  return { positionals, values };
}

function port(command, text) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535)
    throw misuse(`${command}: --port: expected a number from 0 to 65535, found \`${text}\``);
  return number;
}
