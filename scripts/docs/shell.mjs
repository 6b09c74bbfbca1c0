// The command lines and configurations that documents show, as their tests read them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

/** What people read to know what to type. The changelog is not among them: it says what was. */
export async function documents() {
  const names = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).sort();
  const paths = [
    'README.md',
    'bench/README.md',
    'scripts/environment/template/README.md',
    ...names.map((name) => `docs/${name}`),
  ];
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
}

/**
 * Each block between fences, with the line of the document that it begins at, without the indentation of a list that it stands in.
 *
 * @param {string} text
 */
export function blocksOf(text) {
  const found = [];
  for (const { index, 1: indent, 2: language, 3: body } of text.matchAll(/^( *)```(\w*)[^\n]*\n(.*?)^\1```$/gms)) {
    const lines = body.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    found.push({ language, line: text.slice(0, index).split('\n').length + 1, body: lines.join('\n') });
  }
  return found;
}

/** Programs whose command lines stand in sentences, too. */
const spoken = /^(?:npm|npx|palaestra|palaestra-server|cargo|pip|python) /;

/** What stands between backticks in sentences and is a command line, with its line. */
export function spokenIn(text) {
  // Blocks are read by themselves; their lines stay, so that those after them keep their numbers.
  const sentences = text.replace(/^( *)```.*?^\1```$/gms, (block) => block.replace(/[^\n]/g, ''));
  return [...sentences.matchAll(/`([^`\n]+)`/g)]
    .filter(([, said]) => spoken.test(said))
    .map(({ index, 1: said }) => ({ line: sentences.slice(0, index).split('\n').length, said }));
}

/**
 * The words of a line as a shell has them, a list for each of the commands that `&&` joins; quotes keep words together, and what follows
 * a `#` is said to people.
 *
 * @param {string} line
 */
export function commandsOf(line) {
  const commands = [[]];
  let rest = line.trim();
  while (rest !== '' && !rest.startsWith('#')) {
    const [all, word] = /^((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+)\s*/.exec(rest) ?? [];
    if (all === undefined) throw new Error(`a quote that does not end: ${line}`);
    rest = rest.slice(all.length);
    if (word === '&&') commands.push([]);
    else commands.at(-1).push(word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, '$1$2$3'));
  }
  return commands.filter((words) => words.length > 0);
}
