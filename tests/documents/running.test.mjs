// What documents say to type is typed, in an empty folder with what their text takes for granted; what is not says why, in not-run.json.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mlp } from '../../scripts/bench/mlp.mjs';
import { eventually, within } from '../../scripts/browser/until.mjs';
import { palaestraCommand } from '../../scripts/build/command.mjs';
import { serverCommand } from '../../scripts/build/server.mjs';
import { blocksOf, commandsOf, documents } from '../../scripts/docs/shell.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { mustRun, run } from '../../scripts/lib/run.mjs';

const all = await documents();
/** @type {{ command: string, because: string }[]} */
const notRun = JSON.parse(await readFile(new URL('not-run.json', import.meta.url), 'utf8'));
/** What is run by a test of its own below, as it does not end by itself. */
const SERVER = 'palaestra-server --site dist/';

const beginsWith = (said, command) => said === command || said.startsWith(`${command} `);
/** The lines of a document's blocks, without what they say to people. */
const linesOf = ({ text }) =>
  blocksOf(text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ line, body }) => body.split('\n').map((said, at) => ({ line: line + at, said: said.trim() })))
    .filter(({ said }) => commandsOf(said).length > 0)
    .map(({ line, said }) => ({ line, said: said.replace(/\s+#.*$/, '') }));
const isRun = ({ said }) => said !== SERVER && !notRun.some(({ command }) => beginsWith(said, command));

/** @type {string} */
let folder;
/** @type {string} */
let record;

/** A program of this name for the shell. */
async function put(name, script) {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', name), 0o755);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palaestra-documents-'));
  await mkdir(join(folder, 'bin'));
  await symlink(palaestraCommand, join(folder, 'bin/palaestra'));
  await put('npx', `shift; exec node "${join(root, 'bin/palaestra.mjs')}" "$@"`);
  // What cargo would compile is compiled already, in another profile.
  await put('cargo', `while [ "$1" != -- ]; do shift; done; shift; exec "${palaestraCommand}" "$@"`);
  record = join(folder, 'session.jsonl.gz');
  await mustRun([palaestraCommand, 'play', 'CartPole-v1', '--seed', '3', '--steps', '40', '-o', record]);
});
after(() => rm(folder, { recursive: true, force: true }));

/** A folder for one document, with the files that its reader has. */
async function furnished(name) {
  const own = await mkdtemp(join(folder, `${name.replaceAll(/\W+/g, '-')}-`));
  await copyFile(record, join(own, 'session.jsonl.gz'));
  for (const records of ['my-study', 'my-records']) {
    await mkdir(join(own, records));
    for (const one of ['p07', 'p08']) await copyFile(record, join(own, records, `${one}.jsonl.gz`));
  }
  // A cook's observation with `features` has 96 numbers, and a cook six actions.
  await writeFile(join(own, 'kitchen.onnx'), mlp([96, 16, 6]));
  return own;
}

describe('what is typed in blocks', () => {
  for (const document of all) {
    const lines = linesOf(document).filter(isRun);
    if (lines.length === 0) continue;
    test(`of ${document.path} does what it should: ${lines.length} lines`, async () => {
      const cwd = await furnished(document.path);
      const env = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` };
      for (const { line, said } of lines) {
        const { code, output } = await run(['/bin/sh', '-euc', said], { cwd, env, timeoutMs: 240_000 });
        assert.equal(code, 0, `${document.path}:${line}: ${said}\n${output}`);
      }
    });
  }

  test('is run, or says why it is not', () => {
    const lines = all.flatMap(linesOf);
    assert.ok(lines.filter(isRun).length >= 10, 'lines that are run');
    for (const { command, because } of notRun) {
      assert.ok(because.length > 10, command);
      assert.ok(
        lines.some(({ said }) => beginsWith(said, command)),
        `not-run.json has \`${command}\`, which no document says any more`,
      );
    }
  });
});

describe('the server of docs/server.md', () => {
  const { text } = all.find(({ path }) => path === 'docs/server.md');

  /** Starts it with these words, asks it for what it should have, and ends it. */
  async function serves(words, look) {
    const cwd = await furnished('server');
    await symlink(join(root, 'dist'), join(cwd, 'dist'));
    await writeFile(join(cwd, 'study.toml'), blocksOf(text).find(({ language }) => language === 'toml').body);
    const child = spawn(serverCommand, [...words, '--listen', '127.0.0.1:0'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((done) => child.once('exit', (code) => done(code)));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    try {
      const [, url, token] = await eventually('the address of its monitor', () => {
        assert.equal(child.exitCode, null, output);
        return /(http:\/\/[\d.:]+)\/monitor\?token=(\S+)/.exec(output);
      });
      await look(url, token);
      child.kill('SIGTERM');
      assert.equal(await within('its end', ended, 20_000), 0, output);
    } finally {
      child.kill('SIGKILL');
    }
  }

  test('starts as the document says, and serves the site', async () => {
    const said = linesOf({ text }).filter(({ said }) => said === SERVER);
    assert.equal(said.length, 1, SERVER);
    const [[, ...words]] = commandsOf(SERVER);
    await serves(words, async (url) => {
      const response = await fetch(`${url}/palaestra.js`, { signal: AbortSignal.timeout(20_000) });
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type'), /javascript/);
    });
  });

  test('takes the lobbies of the document', async () => {
    await serves(['--site', 'dist/', '--lobbies', 'study.toml'], async (url, token) => {
      const response = await fetch(`${url}/monitor/data?token=${token}`, { signal: AbortSignal.timeout(20_000) });
      assert.match(await response.text(), /"pilot"/);
    });
  });
});
