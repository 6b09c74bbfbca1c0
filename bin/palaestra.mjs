#!/usr/bin/env node
// npx palaestra COMMAND: everything that the command can do. What has to know environments is written in Rust: it is compiled here, with the
// environment of this folder, or with those that come with Palaestra.
import { readFileSync } from 'node:fs';
import { readTaken } from './options.mjs';

/** @type {{ name: string, in: string, usage: string, about: string }[]} */
const commands = JSON.parse(readFileSync(new URL('commands.json', import.meta.url), 'utf8'));

const list = (where) =>
  commands
    .filter((command) => command.in === where)
    .map(({ name, usage, about }) => `  ${`${name} ${usage}`.padEnd(28)}  ${about}`)
    .join('\n');

const usage = `Usage: palaestra COMMAND

An environment of yours (new, then in its folder):
${list('npm').replace(/\n {2}copy-assets.*/, '')}

A page of yours:
${list('npm').split('\n').at(-1)}

Environments and records (in the folder of an environment that one, elsewhere those that come with Palaestra):
${list('Rust')}

palaestra COMMAND --help says what a command takes.
Exit status: 0 everything passed, 1 something failed, 2 the command line is wrong.`;

const help = {
  new: `Usage: palaestra new NAME [--id ID]

Writes a crate into a new folder NAME: a game, its picture and its tests. Nothing that is there is overwritten.

  --id ID        what the environment is called, as in Gymnasium: MyEnv-v0. Unless given, what the name of the folder says`,
  serve: `Usage: palaestra serve [--port PORT] [--host HOST]

In the folder of an environment: builds it, serves a page with it, and does both again whenever a file is saved. What the compiler says of
an error stands in the page and here; the page keeps what was built last. Ctrl-C ends it.

  --port PORT    8080 unless given, or another where that is taken
  --host HOST    127.0.0.1 unless given: this machine only`,
  build: `Usage: palaestra build [--out FOLDER]

In the folder of an environment: writes a site with that environment alone, page, Worker and module, which any web server can serve.

  --out FOLDER   site unless given`,
  'copy-assets': `Usage: palaestra copy-assets FOLDER [--family NAME]... [--compress]

Puts the files that a page loads into FOLDER: palaestra.js and the folders page, worker, verifier, export, policy and art.

  --family NAME  only the environments of this family, as classic_control; may be given several times
  --compress     writes a .br and a .gz beside each file, for servers that look for them`,
};

/** A command line that makes no sense. */
class Misuse extends Error {}

/** The folder of the environment that this is about. */
async function ownProject(projectOf, name) {
  const project = projectOf();
  if (!project)
    throw new Misuse(`${name}: expected the folder of an environment, found none here: \`palaestra new\` makes one`);
  return project;
}

async function run(name, words) {
  if (name === 'copy-assets') {
    const { positionals, values } = readTaken(name, words);
    const { copyAssets } = await import('./copy-assets.mjs');
    const options = { folder: positionals[0], families: values.family, compress: values.compress };
    const { files, bytes } = await copyAssets(options);
    console.log(`${files} files, ${(bytes / 1000).toFixed(0)} kB, in ${options.folder}`);
    return 0;
  }
  const { projectOf, targetOf } = await import('../scripts/environment/where.mjs');
  // What cargo writes lies where cargo would put it by itself. It is read when the scripts are loaded.
  const project = name === 'new' ? undefined : projectOf();
  if (project) process.env.CARGO_TARGET_DIR = targetOf(project);
  const { main } = await import('../scripts/lib/main.mjs');
  process.exitCode = 0;
  if (name === 'new') {
    const { positionals, values } = readTaken(name, words);
    const { newEnvironment, tellNew } = await import('../scripts/environment/new.mjs');
    await main(async () => tellNew(await newEnvironment(positionals[0], values)));
  } else if (name === 'serve') {
    const { values } = readTaken(name, words);
    const folder = await ownProject(projectOf, name);
    const { serveEnvironment } = await import('../scripts/environment/serve.mjs');
    await main(() => serveEnvironment(folder, { host: '127.0.0.1', ...values }));
  } else if (name === 'build') {
    const { values } = readTaken(name, words);
    const folder = await ownProject(projectOf, name);
    const { buildEnvironment } = await import('../scripts/environment/build.mjs');
    await main(() => buildEnvironment(folder, values));
  } else {
    const { sayOnStandardError } = await import('../scripts/lib/say.mjs');
    sayOnStandardError();
    const { runRust } = await import('../scripts/environment/command.mjs');
    await main(async () => {
      process.exitCode = await runRust([name, ...words], project);
    });
  }
  return process.exitCode;
}

/** @param {string[]} line */
async function start(line) {
  const [name, ...words] = line;
  if (['--help', '-h', 'help'].includes(name)) {
    console.log(help[words[0]] ?? usage);
    return 0;
  }
  if (['--version', '-V'].includes(name)) {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    console.log(`palaestra ${version}`);
    return 0;
  }
  if (name === undefined) throw new Misuse('expected a command, found none');
  if (!commands.some((command) => command.name === name)) {
    const { nearest } = await import('../crates/page/src/options.js');
    const meant = nearest(
      name,
      commands.map((command) => command.name),
    );
    throw new Misuse(
      `expected the command ${commands.map((command) => command.name).join(', ')}; found \`${name}\`${meant ? ` (did you mean \`${meant}\`?)` : ''}`,
    );
  }
  if (name in help && words.some((word) => word === '--help' || word === '-h')) {
    console.log(help[name]);
    return 0;
  }
  return run(name, words);
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  const misused = error instanceof Misuse || error.misuse === true;
  console.error(`palaestra: ${error.message}`);
  if (misused) console.error(`\n${help[process.argv[2]] ?? usage}`);
  process.exitCode = misused ? 2 : 1;
}
