// The name of a record's file: api/record.js itself, with stubs for the page's module and what it loads.
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

let folder;
let GameRecord;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palaestra-named-'));
  await mkdir(join(folder, 'api'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(folder, 'module-parts.js'), 'export const part = () => {};\n');
  await writeFile(join(folder, 'api/recorded.js'), 'export const [context, download] = [{}, () => {}];\n');
  const copied = ['api/record.js', 'api/only.js', 'options.js', 'page.js'];
  await Promise.all(
    copied.map((name) => copyFile(new URL(`../../crates/page/src/${name}`, import.meta.url), join(folder, name))),
  );
  ({ GameRecord } = await import(pathToFileURL(join(folder, 'api/record.js')).href));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A record whose header has this seed, as text. */
function recordOf(seed, kwargs = '{}') {
  const header = `{"type":"header","env_id":"lab/X-v0","kwargs":${kwargs},"seed":${seed},"package":"palaestra","versions":{}}`;
  const pack = async () => ({ gzip: true, whole: true });
  return new GameRecord({ about: () => [header], steps: 3, returns: [], pack, free() {} });
}

test('a record is named after its seed to the last digit, whatever a number of JavaScript holds', async () => {
  for (const seed of ['7', '9007199254740993', '18446744073709551615', 'null']) {
    assert.equal(await recordOf(seed).filename(), `lab_X-v0.seed${seed}.3steps.jsonl.gz`);
  }
  const record = recordOf('9007199254740993', '{"config":{"seed":5},"package":"a","seed":1}');
  assert.equal(record.header.kwargs.seed, 1);
  assert.equal(await record.filename(), 'lab_X-v0.seed9007199254740993.3steps.jsonl.gz');
  // Once it was packed it has its name, also when its memory is gone.
  record.free();
  assert.equal(await record.filename(), 'lab_X-v0.seed9007199254740993.3steps.jsonl.gz');
});
