// Every command line that a document shows is one that its program takes: an option that was renamed fails here, with the document's line.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { blocksOf, commandsOf, documents, spokenIn } from '../../scripts/docs/shell.mjs';
import { isTaken } from './support/programs.mjs';

/** The command lines of a document, in blocks and in sentences, each with its place. */
function linesIn(text) {
  const shown = blocksOf(text).filter(({ language }) => language === 'sh');
  const inBlocks = shown.flatMap(({ line, body }) => body.split('\n').map((said, at) => ({ line: line + at, said })));
  return [...inBlocks, ...spokenIn(text)];
}

/** What is wrong with a line, with its place. */
async function wrongWith(path, { line, said }) {
  try {
    for (const words of commandsOf(said)) await isTaken(words);
  } catch (error) {
    return [`${path}:${line}: ${said.trim()}: ${error.message}`];
  }
  return [];
}

describe('the command lines', async () => {
  const all = await documents();
  for (const { path, text } of all) {
    const lines = linesIn(text).filter(({ said }) => commandsOf(said).length > 0);
    if (lines.length === 0) continue;
    test(`of ${path} are taken by their programs: ${lines.length}`, async () => {
      const wrong = [];
      for (const line of lines) wrong.push(...(await wrongWith(path, line)));
      assert.deepEqual(wrong, []);
    });
  }

  test('are found in the documents', () => {
    // Documents whose command lines are not found any more would pass.
    const count = all.flatMap(({ text }) => linesIn(text)).length;
    assert.ok(count > 100, `expected more than a hundred, found ${count}`);
  });

  test('stand in blocks that say what they are', () => {
    const unnamed = all.flatMap(({ path, text }) =>
      blocksOf(text).flatMap(({ language, line }) => (language === '' ? [`${path}:${line}`] : [])),
    );
    assert.deepEqual(unnamed, [], 'a block names its language, or `text`');
  });
});

test('a command line that its program does not take is told with its place', async () => {
  for (const said of [
    'palaestra export --output steps.csv my-study/',
    'palaestra replay a.jsonl.gz',
    'npx palaestra copy-assets dist --families toy_text',
    'npx palestra verify a.jsonl.gz',
    'npm run palaestra -- --family ../beach verify --onyl a',
    'palaestra-server --lobby study.toml',
    'palaestra-server bots --lobby pilot --skill 3',
    'npm run parties',
    'npm test -- browsers',
    'npm run build -- --output ../site',
    'npm run bench -- roundtrips',
    'npm run load -- hostile --loud 3',
    'npm run fuzz -- --hours 3',
    'npm run parity -- --step 3',
    'npm run loop -- --tiny',
    'npm run faults --quick',
    'npm install palestra',
    'cargo run --release -p palaestra-command -- verify a',
    'cargo run --relase -p palaestra-cli -- verify a',
    "pip install './python[parallels]'",
    'python python/examples/kitchen.py data.jsonl.gz --output kitchen.onnx',
    'make all',
  ]) {
    const [told, ...more] = await wrongWith('docs/x.md', { line: 7, said });
    assert.ok(told?.startsWith(`docs/x.md:7: ${said}: `) && more.length === 0, `${said}: ${told}`);
  }
});
