import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Live } from './live.mjs';
import { changed, fingerprint, pathDependencies } from './sources.mjs';

async function folderOf(t, files = {}) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'palaestra-live-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** The states that a page hears. */
async function* states(live) {
  const { body } = await live.answer('/@palaestra/events');
  for await (const chunk of body) yield JSON.parse(String(chunk).match(/^event: state\ndata: (.*)\n\n$/)[1]);
}

test('a page hears of a failed build, and of the next that is there', async (t) => {
  const live = new Live(await folderOf(t));
  live.ready();
  const heard = states(live);
  const next = async () => (await heard.next()).value;
  const first = await next();
  assert.equal(first.status, 'ready');
  live.failed('error: expected `;`');
  assert.deepEqual(await next(), { status: 'failed', build: first.build, text: 'error: expected `;`' });
  live.building('Building …');
  assert.equal((await next()).status, 'building');
  live.ready();
  const last = await next();
  assert.equal(last.status, 'ready');
  assert.notEqual(last.build, first.build);
  assert.equal(live.pages, 1);
  await heard.return(undefined);
  assert.equal(live.pages, 0);
});

test('a page has the script with its build, and other files are left alone', async (t) => {
  const live = new Live(await folderOf(t, { 'index.html': '<body><h1>Mine</h1></body>', 'a.js': '' }));
  assert.match((await live.answer('/')).body, /Building.*live\.js\?build="/s, 'before there is a build');
  live.ready();
  const { body } = await live.answer('/index.html');
  assert.match(
    body,
    /<h1>Mine<\/h1><script type="module" src="\/@palaestra\/live\.js\?build=\w+-1"><\/script>\n<\/body>/,
  );
  assert.match((await live.answer('/@palaestra/live.js')).body, /EventSource/);
  for (const path of ['/a.js', '/nothing.html', '/.secret.html', '/../index.html'])
    assert.equal(await live.answer(path), undefined, path);
});

/** What a page shows of the states that it hears, of a build or of none. */
async function shownOn(t, build) {
  const listeners = new Map();
  const waiting = { hidden: false };
  const panel = { textContent: '', style: {}, isConnected: false, setAttribute() {}, remove() {} };
  const globals = {
    document: {
      getElementById: (id) => (id === 'palaestra-waiting' && build === '' ? waiting : null),
      createElement: () => panel,
      body: { append() {} },
    },
    EventSource: class {
      addEventListener(name, listener) {
        listeners.set(name, listener);
      }
    },
  };
  Object.assign(globalThis, globals);
  t.after(() => Object.keys(globals).forEach((name) => delete globalThis[name]));
  await import(`./live.js?build=${build}`);
  return (status) => {
    listeners.get('state')({ data: JSON.stringify({ status, build, text: `it is ${status}` }) });
    return [panel.textContent, waiting.hidden];
  };
}

test('a failed build leaves the last good one on the page, and says so only where there was one', async (t) => {
  const first = await shownOn(t, '');
  assert.deepEqual(first('building'), ['it is building', false]);
  assert.deepEqual(first('failed'), ['it is failed\n\nNothing has been built yet: save a file to try again.', true]);
  assert.deepEqual(first('building'), ['it is building', false]);
  const later = await shownOn(t, 'r-1');
  assert.equal(later('failed')[0], 'it is failed\n\nThe game above is the last that was built.');
  assert.equal(later('ready')[0], '');
  assert.match((await new Live('').answer('/')).body, /<div id="palaestra-waiting"><h1>Building/);
});

test('a change is noticed when it has come to rest, and what a build writes is none', async (t) => {
  const folder = await folderOf(t, { 'lib.rs': 'one', 'Cargo.lock': '' });
  const known = await fingerprint(folder);
  await writeFile(join(folder, 'Cargo.lock'), 'another');
  await writeFile(join(folder, '.hidden'), '');
  assert.equal(await fingerprint(folder), known);
  const noticed = changed(() => fingerprint(folder), known, 20);
  await writeFile(join(folder, 'lib.rs'), 'two, longer');
  assert.equal(await noticed, await fingerprint(folder));
  assert.notEqual(await noticed, known);
});

test('what cargo writes is no change, wherever in the project it was told to', async (t) => {
  const folder = await folderOf(t, { 'lib.rs': 'one' });
  const target = join(folder, 'build/cargo');
  const known = await fingerprint(folder, target);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'env.wasm'), 'module');
  assert.equal(await fingerprint(folder, target), known);
  // Nor what cargo writes for a crate beside it, which it marks.
  await mkdir(join(folder, 'other/out'), { recursive: true });
  await mkdir(join(folder, 'other/node_modules'), { recursive: true });
  await writeFile(join(folder, 'other/out/CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55');
  await writeFile(join(folder, 'other/out/env.wasm'), 'module');
  await writeFile(join(folder, 'other/node_modules/index.js'), '');
  assert.equal(await fingerprint(folder, target), known);
  await writeFile(join(folder, 'build/rules.txt'), 'read by the build');
  assert.notEqual(await fingerprint(folder, target), known);
});

test('a change behind a link is noticed, and links that lead in a circle are followed once', async (t) => {
  const [folder, art] = [await folderOf(t, { 'lib.rs': 'one' }), await folderOf(t, { 'my-env.svg': '<svg/>' })];
  await symlink(art, join(folder, 'art'));
  await symlink(folder, join(art, 'back'));
  await symlink(join(folder, 'nowhere'), join(folder, 'gone'));
  const known = await fingerprint(folder);
  assert.deepEqual(
    known.split('\n').map((line) => line.replace(/ \S+ \S+$/, '')),
    ['art/my-env.svg', 'gone', 'lib.rs'].map((name) => join(folder, name)),
  );
  await writeFile(join(art, 'my-env.svg'), '<svg>another</svg>');
  assert.notEqual(await fingerprint(folder), known);
});

test('crates elsewhere that an environment is built on are looked at too, and Palaestra’s own are not', async (t) => {
  const folder = await folderOf(t);
  const crate = async (name, ...dependencies) => {
    await mkdir(join(folder, name, 'src'), { recursive: true });
    await writeFile(join(folder, name, 'src/lib.rs'), '');
    const lines = dependencies.map((path) => `${path.replace(/.*\//, '')} = { path = "${path}" }\n`);
    const text = `[package]\nname = "${name.replace(/.*\//, '')}"\nversion = "0.1.0"\n[dependencies]\nserde = "1"\n`;
    await writeFile(join(folder, name, 'Cargo.toml'), text + lines.join(''));
  };
  await crate('study/mine', 'inner', '../../palaestra-env');
  await crate('study/mine/inner', '../../rules');
  await crate('study/rules', '../../numbers');
  await crate('numbers');
  await crate('palaestra-env', '../palaestra-math');
  await crate('palaestra-math');
  const project = join(folder, 'study/mine');
  const found = await pathDependencies(project, [join(folder, 'palaestra-env')]);
  assert.deepEqual(
    found,
    ['study/rules', 'numbers'].map((name) => join(folder, name)),
  );
  const known = await fingerprint([project, ...found]);
  await writeFile(join(folder, 'numbers/src/lib.rs'), 'pub const ONE: u8 = 1;');
  assert.notEqual(await fingerprint([project, ...found]), known);
  await writeFile(join(project, 'Cargo.toml'), '[package');
  assert.deepEqual(await pathDependencies(project), [], 'a manifest that is being written');
});
