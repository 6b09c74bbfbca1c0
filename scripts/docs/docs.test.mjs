import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { listed } from './contents.mjs';
import { buildDocs } from './index.mjs';
import { render } from './markdown.mjs';
import { declarations } from './reference.mjs';

const entry = {
  id: 'shells/Find-v0',
  family: 'shells',
  familyTitle: 'Shells',
  title: 'Find <it>',
  summary: 'Find the shell.',
  agents: 1,
  agentNames: ['agent_0'],
  actionSpaces: ['Discrete(2)'],
  observationSpaces: ['Discrete(3)'],
  fps: 10,
  keys: [[{ keys: 'KeyA', label: 'left', action: 0 }]],
  arguments: [{ name: 'count', kind: 'integer', min: 1, max: 9, default: 6, summary: 'How many.' }],
  manual: {
    actions: [{ at: '0', what: 'left' }],
    observation: [],
    reward: 'One.',
    start: '',
    ends: 'At once.',
    info: '',
    versions: '',
    source: 'here',
  },
};

describe('the documentation', () => {
  let site;
  before(async () => {
    site = await mkdtemp(join(tmpdir(), 'palaestra-docs-'));
    await buildDocs(site, [entry, { ...entry, id: 'Sort-v0', manual: undefined, keys: [] }]);
  });
  after(() => rm(site, { recursive: true, force: true }));

  const read = (file) => readFile(join(site, 'docs', file), 'utf8');

  test('has every document, each in its contents', async () => {
    const documents = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
    const sources = listed.flatMap(({ source }) => source ?? []);
    assert.deepEqual(documents.map((name) => `docs/${name}`).sort(), sources.sort());
    for (const { file } of listed) assert.ok(existsSync(join(site, 'docs', file)), file);
  });

  test('has no link that leads nowhere', async () => {
    const files = (await readdir(join(site, 'docs'), { recursive: true })).filter((name) => name.endsWith('.html'));
    const pages = new Map();
    for (const file of files) pages.set(file, await read(file));
    const lost = [];
    for (const [file, html] of pages) {
      for (const [, link] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path, hash] = link.split('#');
        const target = path === '' ? file : normalize(join(dirname(file), path));
        // What lies beside the documentation is the site's own: www/ has it, or the build writes it there.
        const beside = relative(join(site, 'docs'), join(site, 'docs', target));
        const there =
          beside.startsWith('..') || ['docs.css', 'play.js'].includes(target)
            ? existsSync(join(root, 'www', 'docs', target))
            : existsSync(join(site, 'docs', target));
        if (!there) lost.push(`${file}: ${link}`);
        else if (hash && !pages.get(target)?.includes(`id="${hash}"`)) lost.push(`${file}: ${link}`);
      }
    }
    assert.deepEqual(lost, []);
  });

  test('has a page for each environment, with what its numbers mean, and text as text', async () => {
    const html = await read('environments/shells-Find-v0.html');
    for (const told of [
      'Find &lt;it&gt;',
      'Discrete(3)',
      'One.',
      'At once.',
      '6 (integer, 1 to 9)',
      'data-env="shells/Find-v0"',
    ]) {
      assert.ok(html.includes(told), told);
    }
    assert.ok(!html.includes('How an episode begins'), 'nothing is said of what is not');
    assert.ok((await read('gallery.html')).includes('environments/shells-Find-v0.html'));
  });

  test('says what every code of an error and every reason of an end means', async () => {
    const [html, types] = [await read('errors.html'), await readFile(join(root, 'www/palaestra.d.ts'), 'utf8')];
    const all = declarations(types);
    for (const name of ['ErrorCode', 'Reason']) {
      const { code } = all.find((declaration) => declaration.name === name);
      const words = [...code.matchAll(/'(\w+)'/g)].map(([, word]) => word);
      assert.ok(words.length > 5, name);
      for (const word of words) assert.ok(html.includes(`<td><code>${word}</code></td>`), word);
    }
  });

  test('has everything that the types export in its reference', async () => {
    const [html, types] = [await read('reference.html'), await readFile(join(root, 'www/palaestra.d.ts'), 'utf8')];
    const exported = types.match(/^export (?!\{)/gm).length;
    assert.equal(declarations(types).length, exported);
    assert.equal(html.match(/<h3/g).length, exported);
  });
});

test('links between documents become links between pages, and those to sources are names', () => {
  const { html } = render(
    '[a](package.md#which-entry) [b](../crates/env/src/lib.rs) [c](https://a.example/b.md)',
    'docs/data.md',
  );
  assert.match(html, /href="package\.html#which-entry"/);
  assert.match(html, /<span title="in the sources: crates\/env\/src\/lib\.rs">b<\/span>/);
  assert.match(html, /href="https:\/\/a\.example\/b\.md"/);
});
