// Whether a command line of a document is one that its program takes: asked of the program itself, as far as it does nothing then.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTaken, taken } from '../../../bin/options.mjs';
import { choose as chooseSections } from '../../../scripts/bench/choose.mjs';
import { sections } from '../../../scripts/bench/sections.mjs';
import { palaestraCommand } from '../../../scripts/build/command.mjs';
import { familyOptions } from '../../../scripts/build/families/options.mjs';
import { readOptions } from '../../../scripts/build/options.mjs';
import { serverCommand } from '../../../scripts/build/server.mjs';
import { parse as parseFuzz } from '../../../scripts/fuzz/arguments.mjs';
import { asked } from '../../../scripts/load/options.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { optionsOf } from '../../../scripts/loop/options.mjs';
import { parse as parseParity } from '../../../scripts/parity/arguments.mjs';
import { choose } from '../../../scripts/suites/choose.mjs';
import { suites } from '../../../scripts/suites/index.mjs';

const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const { name, version, scripts } = json('package.json');
/** @type {{ name: string, in: string }[]} */
const commands = json('bin/commands.json');

/**
 * Runs a program whose words are read by clap, with `--help` behind them: an option or a command that it does not know, and a value that it
 * does not take, is told before help is, and nothing else is done.
 */
async function helps(program, words) {
  const { code, output } = await run([...program, ...words, '--help'], { cwd: root, timeoutMs: 60_000 });
  assert.equal(code, 0, output);
  assert.match(output, /Usage:|SYNOPSIS/, `${program.join(' ')}: help was expected`);
}

async function palaestra([command, ...words], { npm = true } = {}) {
  // Without a command it says how it is used.
  if (command === undefined) return;
  if (command.startsWith('-')) return assert.ok(['--help', '--version'].includes(command), command);
  const found = commands.find((one) => one.name === command);
  assert.ok(found, `palaestra has no command ${command}`);
  if (found.in === 'npm') {
    assert.ok(npm, `${command} is a command of the npm package`);
    if (words.length > 0 || taken[command].expected.length === 0) readTaken(command, words);
  } else await helps([palaestraCommand], [command, ...words]);
}

/** What the words behind `npm run NAME --` are for: read as the script itself reads them. */
const readers = {
  start: (words) => assert.deepEqual(familyOptions(words).rest, []),
  test(words) {
    const { chosen } = choose(words);
    assert.ok(chosen.length > 0, 'no suite is chosen');
    // Else a suite that was renamed is taken for a filter.
    assert.ok(words.length === 0 || suites.some((suite) => suite.name === words[0]), `${words[0]} is no suite`);
  },
  build: readOptions,
  palaestra: (words) => palaestra(familyOptions(words).rest, { npm: false }),
  bench: (words) => chooseSections(words, sections),
  fuzz: parseFuzz,
  parity: parseParity,
  load: asked,
  loop: optionsOf,
  golden: (words) => assert.equal(words.length, 1, 'npm run golden takes an id'),
};

async function npm([command, ...words]) {
  if (command === 'install') {
    for (const word of words) assert.ok([name, `${name}-${version}.tgz`].includes(word), `${word} is not this package`);
    return;
  }
  if (command === 'pack') return assert.deepEqual(words, []);
  const script = command === 'run' ? words.shift() : command;
  assert.ok(scripts[script], `package.json has no script ${script}`);
  assert.ok(command === 'run' || ['start', 'test'].includes(command), `npm has no command ${command}`);
  if (words.length === 0) return;
  assert.equal(words.shift(), '--', `npm takes for itself what does not stand behind --`);
  assert.ok(readers[script], `nothing here reads the words of npm run ${script}`);
  await readers[script](words);
}

const members = () => {
  const manifests = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  return [...manifests.matchAll(/^name = "(palaestra[\w-]*)"\nversion = "[^"]+"\n(?!source)/gm)].map(([, one]) => one);
};

async function cargo(words) {
  const end = words.indexOf('--');
  const [own, rest] = end < 0 ? [words, undefined] : [words.slice(0, end), words.slice(end + 1)];
  // Its help is a page of the manual, and comes when it has taken the words before.
  await helps(['cargo'], own);
  const named = own.flatMap((word, index) => (['-p', '--package'].includes(word) ? [own[index + 1]] : []));
  for (const one of named) assert.ok(members().includes(one), `there is no package ${one}`);
  if (rest) {
    assert.deepEqual(named, ['palaestra-cli'], 'whose words are those behind --?');
    await palaestra(rest, { npm: false });
  }
}

function pip([command, wanted, ...more]) {
  assert.deepEqual([command, more], ['install', []]);
  const [, path, extras] = /^(.+?)(?:\[(.*)\])?$/.exec(wanted);
  const project = readFileSync(join(root, path, 'pyproject.toml'), 'utf8');
  const table = /^\[project\.optional-dependencies\]\n((?:(?!\[).*\n?)*)/m.exec(project)?.[1] ?? '';
  for (const extra of extras?.split(',') ?? []) assert.match(table, new RegExp(`^${extra} = `, 'm'), extra);
}

/** Programs of ours: what they have read is written in them, `argparse` has no way to be asked and do nothing. */
function python([file, ...words]) {
  assert.ok(existsSync(join(root, file)), `there is no ${file}`);
  const source = readFileSync(join(root, file), 'utf8');
  for (const word of words.filter((word) => word.startsWith('-')))
    assert.ok(source.includes(`add_argument("${word.split('=')[0]}"`), `${file} has no option ${word}`);
}

const programs = {
  palaestra,
  'palaestra-server': (words) => helps([serverCommand], words),
  npx([package_, ...words]) {
    assert.equal(package_, name);
    return palaestra(words);
  },
  npm,
  cargo,
  pip,
  python,
  cd: ([folder, ...more]) => assert.ok(folder && more.length === 0),
};

/** What stands for something in a command line of a sentence, and something that it may stand for. */
const examples = { N: '1', '<id>': 'CartPole-v1', '…': 'x' };

/**
 * Rejects with the reason if a program does not take these words.
 *
 * @param {string[]} words
 */
export async function isTaken(words) {
  const [program, ...rest] = words.map((word) => examples[word] ?? word);
  assert.ok(programs[program], `nothing here knows the program ${program}`);
  await programs[program](rest);
}
