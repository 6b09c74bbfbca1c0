import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { npx, openApp, writeFiles } from './support/app.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

describe('the packed package', () => {
  const owner = sharedOwner();
  let app;
  let installed;
  let tarball;
  before(async () => void ({ app, installed, tarball } = await openApp(owner)));

  const packed = async () => (await readdir(installed, { recursive: true })).sort();

  test('has its licences and its documentation, and not the demo', async () => {
    const all = await packed();
    for (const file of [
      'LICENSE-MIT',
      'LICENSE-APACHE',
      'README.md',
      'CHANGELOG.md',
      'docs/package.md',
      'bin/palaestra.mjs',
    ])
      assert.ok(all.includes(file), file);
    // The sources of pages and Workers are there for `palaestra build`, the demo's among them; the built demo and documentation are not.
    const unwanted = all.filter(
      (file) =>
        /^dist\/(demo|docs|[^/]+\.html)|^www\/docs|\.(br|gz)$|\.test\.mjs$|^(tests|fuzz|bench|python)\b/.test(file) ||
        (/^(crates|worker)\b.*\.(rs|toml)$/.test(file) && !file.startsWith('kit/')),
    );
    assert.deepEqual(unwanted, []);
  });

  test('has a file behind each of its exports, and every file that a page may load among them', async () => {
    const { exports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    const plain = Object.entries(exports).filter(([name]) => !name.includes('*'));
    for (const [, target] of plain) {
      const paths = typeof target === 'string' ? [target] : Object.values(target);
      for (const path of paths) assert.ok((await stat(join(installed, path))).isFile(), path);
    }
    const resolve = createRequire(join(app, 'main.js')).resolve;
    const loaded = (await packed()).filter((file) =>
      /^dist\/(page|worker|verifier|art)\/.*\.(js|wasm|svg|json)$/.test(file),
    );
    assert.ok(loaded.length > 12, loaded.join(', '));
    for (const file of loaded) assert.equal(resolve(file.replace(/^dist/, 'palaestra')), join(installed, file));
  });

  test('has nothing that is awaited at the top of a script', async () => {
    const scripts = (await packed()).filter((file) => /^dist\/.*\.js$/.test(file));
    assert.ok(scripts.length > 20, scripts.join(', '));
    for (const file of scripts) {
      const sourceType = file.endsWith('.global.js') ? 'script' : 'module';
      const options = /** @type {const} */ ({ ecmaVersion: 2022, sourceType, allowAwaitOutsideFunction: false });
      const { body } = parse(await readFile(join(installed, file), 'utf8'), options);
      assert.ok(!body.some(awaitsAtTop), file);
    }
  });

  test('is imported by Node as well, where there is nothing to play with', async () => {
    await writeFiles(app, {
      'node.mjs': `import { registry } from 'palaestra';
        import { registry as within } from 'palaestra/inline/classic_control';
        console.log(registry.size > 20, [...within.values()].every(({ family }) => family === 'classic_control'));`,
    });
    const { code, output } = await run([process.execPath, 'node.mjs'], { cwd: app, timeoutMs: 60_000 });
    assert.deepEqual([code, output], [0, 'true true']);
  });

  test('gives publint nothing to complain of', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  test('gives "Are the types wrong?" nothing to complain of', async () => {
    const attw = join(here, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const assets = ['page', 'worker', 'verifier', 'export', 'policy', 'art'].map((folder) => `./${folder}/*`);
    // It is a package of ES modules; what is no script has no types.
    const options = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii', '--exclude-entrypoints', ...assets];
    const { code, output } = await run([process.execPath, attw, tarball, ...options], { cwd: app, timeoutMs: 120_000 });
    assert.equal(code, 0, output);
    // Those of the paths that count, each entry once for either.
    const found = [...output.matchAll(/^(?:node16 \(from ESM\)|bundler): (.*?) *$/gm)].map(([, said]) => said);
    assert.ok(found.length >= 12, output);
    assert.deepEqual(
      found.filter((said) => !/^OK|^\(wildcard\)$/.test(said)),
      [],
    );
  });

  for (const { resolution, module, files } of [
    { resolution: 'bundler', module: 'esnext', files: ['usage.ts', 'tag.ts'] },
    { resolution: 'nodenext', module: 'nodenext', files: ['usage.ts'] },
  ]) {
    test(`has types under strict, found as ${resolution} finds them`, async () => {
      const compilerOptions = {
        ...{ strict: true, noEmit: true, target: 'es2022', module, moduleResolution: resolution, types: [] },
        ...{ lib: ['es2022', 'dom'], exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      };
      const config = JSON.stringify({ compilerOptions, files });
      await writeFiles(app, { 'tsconfig.json': config });
      const tsc = join(here, 'node_modules/typescript/bin/tsc');
      const { code, output } = await run([process.execPath, tsc, '-p', app, '--pretty', 'false'], {
        cwd: app,
        timeoutMs: 120_000,
      });
      assert.deepEqual([code, output], [0, '']);
    });
  }

  test('has a command that copies what a page loads, of all families or of some', async () => {
    const all = await npx(app, 'copy-assets', 'all');
    const listed = await readdir(join(app, 'all'), { recursive: true });
    assert.match(all, /^\d+ files, \d+ kB, in all$/);
    for (const file of [
      'palaestra.js',
      'jspsych.js',
      'data.js',
      'worker/boot.js',
      'worker/mpe2_bg.wasm',
      'worker/mpe2_program.wasm',
      'page/palaestra_page_make.wasm',
      'page/descriptions.json',
      'art/overcooked.svg',
      'verifier/boot.js',
      'worker/guest.js',
      'page/guest.js',
    ])
      assert.ok(listed.includes(file), file);
    await npx(app, 'copy-assets', 'some', '--family', 'toy_text', '--compress');
    const some = await readdir(join(app, 'some/worker'));
    assert.deepEqual(some.sort(), [
      'boot.js',
      'boot.js.br',
      'boot.js.gz',
      'toy_text_bg.wasm',
      'toy_text_bg.wasm.br',
      'toy_text_bg.wasm.gz',
      ...['expert', 'options', 'program', 'rollout'].flatMap((part) =>
        ['', '.br', '.gz'].map((kind) => `toy_text_${part}.wasm${kind}`),
      ),
    ]);
    for (const words of [
      ['copy-assets'],
      ['copy'],
      ['copy-assets', 'some', '--family', 'toy'],
      ['copy-assets', 'some', '--all'],
    ]) {
      await assert.rejects(
        npx(app, ...words),
        ({ output }) => /^palaestra: .+\n\nUsage: /.test(output),
        words.join(' '),
      );
    }
    // A disk that is full, or a file where a folder should be, is no mistake of the command line's.
    await assert.rejects(
      npx(app, 'copy-assets', 'package.json/some'),
      ({ output }) => /^palaestra: /.test(output) && !/Usage: /.test(output),
    );
  });
});

/** Whether a node of a script awaits something that no function of its own does. */
function awaitsAtTop(node) {
  if (Array.isArray(node)) return node.some(awaitsAtTop);
  if (typeof node?.type !== 'string') return false;
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) return true;
  if (/Function|StaticBlock/.test(node.type)) return false;
  return Object.values(node).some(awaitsAtTop);
}
