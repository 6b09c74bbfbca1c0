// What the scripts with everything within them can do on a page that is opened as a file, with `inline/extras` and without.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, test } from 'node:test';
import { engines, skipWithout, withPage } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';
import { eventually, within } from '../../scripts/browser/until.mjs';
import { linesOf, stepsOf } from '../browser/support/demo.mjs';
import { npx, openApp, pageWith, writeFiles } from './support/app.mjs';
import { enginesOf } from './support/engines.mjs';
import { areTheCommands, playForTables, playModel, slowMs } from './support/extras.mjs';

/** The error that something ends with on a page. */
const refused = (page, body) =>
  within(
    'a refusal',
    page.evaluate(async (body) => {
      try {
        await new Function('palaestra', `return (async () => { ${body} })()`)(window.palaestra);
        return { code: 'none', message: 'it went well', typed: false };
      } catch (error) {
        const { code, message } = error;
        return { code, message, typed: error instanceof window.palaestra.PalaestraError };
      }
    }, body),
    slowMs,
  );

const ready = (page) =>
  eventually('the page to have the package', () => page.evaluate(() => Boolean(window.palaestra)), {
    timeoutMs: slowMs,
  });

describe('a page that is a file, with everything in scripts', () => {
  const owner = sharedOwner();
  const engineOf = enginesOf(owner);
  let app;
  let installed;
  /** The addresses of pages with and without the second file. */
  let extended;
  let plain;

  before(async () => {
    ({ app, installed } = await openApp(owner));
    const folder = await writeFiles(join(app, 'files'), {
      'extended.html': pageWith('<script src="inline.global.js"></script>', '<script src="extras.global.js"></script>'),
      // The order does not matter.
      'reversed.html': pageWith('<script src="extras.global.js"></script>', '<script src="inline.global.js"></script>'),
      'plain.html': pageWith('<script src="inline.global.js"></script>'),
      'inline.global.js': await readFile(join(installed, 'dist/inline/classic_control.global.js'), 'utf8'),
      'extras.global.js': await readFile(join(installed, 'dist/inline/extras.global.js'), 'utf8'),
    });
    const at = (name) => pathToFileURL(join(folder, name)).href;
    extended = ['extended.html', 'reversed.html'].map(at);
    plain = at('plain.html');
  });

  const opened = async (name, url, body) =>
    withPage(await engineOf(name), url, async (page) => {
      await ready(page);
      await body(page);
      assert.deepEqual(page.faults, []);
    });

  for (const { name, ...other } of engines) {
    const skip = skipWithout({ name, ...other });

    test(`seats models in ${name}, which do as with files beside the script`, { skip }, async (t) => {
      const folder = join(app, `beside-${name}`);
      await npx(app, 'copy-assets', folder, '--family', 'classic_control');
      await writeFiles(folder, {
        'index.html': pageWith(
          '<script type="module">import * as palaestra from "./palaestra.js"; window.palaestra = palaestra;</script>',
        ),
      });
      const site = await openFolder(t, folder);
      const actions = ({ text }) => stepsOf(linesOf(text)).map(({ action }) => action);
      let expected;
      await opened(name, site.url, async (page) => {
        expected = actions(await playModel(page));
      });
      assert.ok(expected.length === 60 && new Set(expected).size === 2, `the model's actions: ${expected}`);
      for (const url of extended) {
        await opened(name, url, async (page) => {
          const { message, live, ...record } = await playModel(page);
          assert.deepEqual(actions(record), expected);
          assert.match(linesOf(record.text)[0].policy, /^onnx blob:.* xxh64:[0-9a-f]{16}$/);
          // A Worker of such a page reads no Blob in WebKit: tables are made of bytes there.
          assert.match(message, name === 'WebKit' ? /^not verified: / : /^verified: 60 steps identical$/);
          assert.equal(live, 0);
        });
      }
    });

    test(`writes tables in ${name}, as \`palaestra export\` does`, { skip }, async () => {
      await opened(name, extended[0], async (page) => {
        await areTheCommands(await playForTables(page));
      });
    });
  }

  test('without the second file says of models and tables what is needed', async () => {
    await opened('Chromium', plain, async (page) => {
      const onnx = 'URL.createObjectURL(new Blob([]))';
      const ends = (options) =>
        `await palaestra.play({ env: 'CartPole-v1', fps: 240, maxSteps: 5, ${options} }).finished`;
      for (const [body, path] of [
        [ends(`seats: { agent_0: { onnx: ${onnx} } }`), 'policy/palaestra_policy_module_bg.wasm'],
        [`const record = ${ends("seats: { agent_0: 'random' }")}; await record.csv()`, 'export/'],
        [`const record = ${ends("seats: { agent_0: 'random' }")}; await record.jsonl()`, 'export/'],
        [`const record = ${ends("seats: { agent_0: 'random' }")}; await record.arrow()`, 'export/'],
      ]) {
        const { code, message, typed } = await refused(page, body);
        assert.deepEqual([code, typed], ['load_failed', true], message);
        assert.ok(message.includes(`found ${path}`), message);
        assert.match(message, /load palaestra\/inline\/extras as well/);
      }
      assert.equal(await page.evaluate(() => window.palaestra.liveSessions()), 0);
    });
  });

  test('has no environments in Python, with or without it, and says why and what to do', async () => {
    for (const url of [plain, extended[0]]) {
      await opened('Chromium', url, async (page) => {
        for (const body of [
          "await palaestra.make('guest/mine', { module: 'mine.py' })",
          "await palaestra.play({ env: 'guest/mine', kwargs: { module: 'mine.py' } }).finished",
        ]) {
          const { code, message, typed } = await refused(page, body);
          assert.deepEqual([code, typed], ['load_failed', true], message);
          assert.match(message, /Pyodide and its packages are loaded from addresses, which one file has none of/);
          assert.match(message, /import palaestra with its files beside it/);
        }
        assert.equal(await page.evaluate(() => window.palaestra.liveSessions()), 0);
      });
    }
  });

  test('is as large as the document says', async () => {
    const text = await readFile(join(installed, 'docs/package.md'), 'utf8');
    for (const [entry, file] of [
      ['palaestra/inline', 'inline.js'],
      ['palaestra/inline/classic_control', 'inline/classic_control.js'],
      ['palaestra/inline/extras', 'inline/extras.js'],
    ]) {
      const [, said] = new RegExp(`^\\| \`${entry}\` \\|[^|]*?([\\d.]+) MB`, 'm').exec(text) ?? [];
      const { size } = await stat(join(installed, 'dist', file));
      assert.ok(Math.abs(Number(said) - size / 1e6) < 0.1, `${entry}: ${said} MB, and ${size} bytes`);
    }
  });
});
