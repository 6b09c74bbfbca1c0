import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { skipWithout, engines, withPage } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { linesOf, stepsOf } from '../browser/support/demo.mjs';
import { openApp } from './support/app.mjs';
import { enginesOf } from './support/engines.mjs';
import {
  esbuildBuild,
  filesIn,
  rollupBuild,
  viteBuild,
  viteServer,
  viteServers,
  webpackBuild,
} from './support/bundlers.mjs';
import { expected } from './support/expected.mjs';
import { areTheCommands, playForTables, playModel, slowMs } from './support/extras.mjs';
import { playStudy, seesMatches } from './support/playing.mjs';

/** Which modules of families, and parts of them, there are among a bundle's files: bundlers give them names of their own. */
async function ofFamilies(folder, paths) {
  const files = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  const worker = join(root, 'dist/worker');
  const names = (await readdir(worker)).filter((name) => name.endsWith('.wasm'));
  const found = await Promise.all(
    names.map(async (name) => {
      const module = await readFile(join(worker, name));
      return files.some((file) => file.equals(module)) ? [name] : [];
    }),
  );
  return found.flat().sort();
}

describe('the packed package, bundled without configuration', () => {
  const owner = sharedOwner();
  let app;
  const engineOf = enginesOf(owner);

  before(async () => void ({ app } = await openApp(owner)));

  const outOf = (name) => join(app, '..', name);

  /** Plays the study of a folder. */
  async function plays(t, folder, { engine = 'Chromium', path = '', ...options } = {}) {
    const site = await openFolder(t, folder, { isolation: false, ...options });
    await withPage(await engineOf(engine), `${site.url}${path}`, async (page) => {
      await playStudy(page, await expected(owner));
      // WebKit's and Firefox's pages say as faults what cannot be reached.
      if (engine === 'Chromium') await seesMatches(page);
    });
    return site;
  }

  for (const name of Object.keys(viteServers)) {
    test(`by ${name}, plays on its development server`, async (t) => {
      const url = await viteServer(t, app, name);
      await withPage(await engineOf('Chromium'), url, async (page) => {
        await playStudy(page, await expected(owner));
        await seesMatches(page);
      });
    });
  }

  const vite = { name: 'Vite', build: (out) => viteBuild(app, out) };
  const pack = { name: 'webpack', build: (out) => webpackBuild(app, out) };
  for (const { name, build } of [vite, pack]) {
    let built;
    const folderOf = () => (built ??= build(outOf(name)));

    test(`by ${name}, plays, and downloads one family for each game`, async (t) => {
      const folder = await folderOf();
      const site = await plays(t, folder);
      const modules = site.requests.map(({ path }) => path).filter((path) => path.endsWith('.wasm'));
      assert.deepEqual(await ofFamilies(folder, modules), [
        'classic_control_bg.wasm',
        'classic_control_options.wasm',
        'classic_control_program.wasm',
        'overcooked_ai_bg.wasm',
        'overcooked_ai_options.wasm',
        'overcooked_ai_program.wasm',
      ]);
      assert.ok((await filesIn(folder)).filter((file) => file.endsWith('.wasm')).length > 8, 'all are there');
    });

    for (const { name: engine, ...other } of engines.slice(1)) {
      test(`by ${name}, plays in ${engine}`, { skip: skipWithout({ name: engine, ...other }) }, async (t) => {
        await plays(t, await folderOf(), { engine });
      });
    }
  }

  test('by Vite for a sub-path, plays there', async (t) => {
    const folder = await viteBuild(app, join(outOf('deep'), 'a/study'), { base: '/a/study/' });
    await plays(t, join(folder, '../..'), { path: 'a/study/' });
  });

  test('by esbuild as an ES module, plays with its files copied beside the bundle', async (t) => {
    await plays(t, await esbuildBuild(app, outOf('esbuild')));
  });

  test('by esbuild as it is, plays with everything within the bundle', async (t) => {
    const folder = await esbuildBuild(app, outOf('esbuild-inline'), { inline: true });
    const site = await plays(t, folder);
    const asked = site.requests.map(({ path }) => path).filter((path) => path !== '/favicon.ico');
    assert.deepEqual(asked, ['/', '/bundle.js']);
  });

  const entry = 'main-extras.js';
  for (const [name, build] of [
    ['esbuild', (out) => esbuildBuild(app, out, { inline: true, entry })],
    // It warns of a bundle of some megabytes, which one that has everything within it is.
    ['Vite', (out) => viteBuild(app, out, { entry })],
  ]) {
    test(`by ${name} with inline/extras, seats models and makes tables, and asks for no other file`, async (t) => {
      const folder = await build(outOf(`${name}-extras`));
      const site = await openFolder(t, folder, { isolation: false });
      await withPage(await engineOf('Chromium'), site.url, async (page) => {
        await eventually('the page to have the package', () => page.evaluate(() => Boolean(window.palaestra)), {
          timeoutMs: slowMs,
        });
        const { text, message, live } = await playModel(page);
        const actions = stepsOf(linesOf(text)).map(({ action }) => action);
        assert.ok(actions.length === 60 && new Set(actions).size === 2, `the model's actions: ${actions}`);
        assert.deepEqual([message, live], ['verified: 60 steps identical', 0]);
        await areTheCommands(await playForTables(page));
        assert.deepEqual(page.faults, []);
      });
      const asked = site.requests.map(({ path }) => path).filter((path) => path !== '/favicon.ico');
      assert.equal(asked.length, 2, asked.join(' '));
    });
  }

  for (const format of ['es', 'iife']) {
    test(`by Rollup as ${format}, plays with its files copied beside the bundle`, async (t) => {
      await plays(t, await rollupBuild(app, outOf(`rollup-${format}`), { format }));
    });
  }
});
