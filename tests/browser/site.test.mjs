import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

/** The strictest policy that the runtime works under: only what is of the same site, WebAssembly among it. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

describe('the site', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));

  test('is three files for a page that loads it, and two more for an environment', async (t) => {
    const site = await openTestSite(t);
    const page = await openBarePage(browser, site);
    const asked = () =>
      site.requests.map(({ path }) => path).filter((path) => !['/bare.html', '/favicon.ico'].includes(path));
    assert.deepEqual(asked().sort(), ['/page/palaestra_page_bg.wasm', '/page/registry.json', '/palaestra.js']);
    const before = site.requests.length;
    await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      await env.reset({ seed: 1 });
      await env.close();
    });
    const paths = site.requests.slice(before).map(({ path }) => path);
    assert.deepEqual(paths.sort(), ['/worker/boot.js', '/worker/classic_control_bg.wasm']);
    await page.context().close();
  });

  test('plays, draws, packs and replays under a strict content policy', async (t) => {
    const site = await openTestSite(t, { headers: { 'content-security-policy': policy } });
    const page = await browser.openPage(`${site.url}strict.html`);
    await page.evaluate(() => window.until('the module', () => window.playBriefly));
    const outcomes = await page.evaluate(async () => [
      await window.playBriefly('CartPole-v1'),
      // With pictures from a file of the site.
      await window.playBriefly('overcooked_ai/cramped_room', { agent_0: 'random', agent_1: 'random' }),
    ]);
    for (const { reason, identical, message } of outcomes)
      assert.deepEqual([reason, identical], ['complete', true], message);
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('has the sources of each script in a map, which no page asks for, and makes no code from text', async () => {
    const scripts = {
      'palaestra.js': 'www/palaestra.js',
      'worker/boot.js': 'worker/environment/boot.js',
      'verifier/boot.js': 'worker/verifier/boot.js',
    };
    for (const [script, source] of Object.entries(scripts)) {
      const code = await readFile(join(root, 'dist', script), 'utf8');
      assert.doesNotMatch(code, /\beval\(|new Function\b/, script);
      const { sources } = JSON.parse(await readFile(join(root, 'dist', `${script}.map`), 'utf8'));
      assert.ok(sources.includes(source), `${script}: ${sources.join(', ')}`);
      assert.ok(
        sources.every((name) => /^(www|worker|crates|generated)\//.test(name)),
        sources.join(', '),
      );
    }
  });

  test('has compressed files beside those that a page downloads', async () => {
    const files = await readdir(join(root, 'dist'), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.wasm'))) {
      for (const ending of ['.br', '.gz']) assert.ok(files.includes(`${file}${ending}`), `${file}${ending}`);
    }
  });
});
