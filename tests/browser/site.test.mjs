import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { openBenchSite } from '../../scripts/bench/site.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { verdict } from './support/demo.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

/** The strictest policy that the runtime works under, as the README has it: only what is of the same site, WebAssembly among it. */
const policyOfReadme = async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, policy] = /works under a content policy of\s+`([^`]+)`/.exec(readme) ?? [];
  assert.match(
    policy ?? '',
    /^default-src 'none';.*script-src 'self'/,
    'the README says under which policy a site works',
  );
  return `${policy}; base-uri 'none'; form-action 'none'`;
};

/**
 * What was reached, and what the same sources may differ by: in another folder the compiler puts functions in another order, by
 * which they compress to 100 bytes more or less. Whoever makes it less writes less here. In bytes.
 */
const MOST_GZIP = 164_400;
const MOST_BROTLI = 140_900;

describe('the site', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner, { whole: true })));

  test('is three files for a page that loads it, and six more for an environment', async (t) => {
    const site = await openTestSite(t);
    const page = await openBarePage(browser, site);
    const asked = () =>
      site.requests.map(({ path }) => path).filter((path) => !['/bare.html', '/favicon.ico'].includes(path));
    assert.deepEqual(asked().sort(), [
      '/page/palaestra_page_bg.wasm',
      '/page/palaestra_page_options.wasm',
      '/palaestra.js',
    ]);
    const before = site.requests.length;
    await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      await env.reset({ seed: 1 });
      await env.close();
    });
    const paths = site.requests.slice(before).map(({ path }) => path);
    assert.deepEqual(paths.sort(), [
      '/page/make.js',
      '/page/palaestra_page_make.wasm',
      '/worker/boot.js',
      '/worker/classic_control_bg.wasm',
      '/worker/classic_control_options.wasm',
      '/worker/classic_control_program.wasm',
    ]);
    await page.context().close();
  });

  test('costs a page with CartPole no more until its first picture than was promised', async (t) => {
    // As `npm run bench -- sizes` sees it.
    const site = await openBenchSite(t);
    const page = await browser.openPage(`${site.url}bench/cold.html?env=CartPole-v1`);
    const asked = await page.evaluate(() => window.within('the first picture', window.asked));
    await page.context().close();
    const files = ['palaestra.js', 'page/palaestra_page_bg.wasm', 'worker/boot.js', 'worker/classic_control_bg.wasm'];
    assert.deepEqual(
      asked.filter((path) => path !== '/favicon.ico' && !path.startsWith('/bench/')).sort(),
      files.map((file) => `/${file}`).sort(),
    );
    for (const [ending, most] of Object.entries({ gz: MOST_GZIP, br: MOST_BROTLI })) {
      const sizes = await Promise.all(files.map((file) => readFile(join(root, `dist/${file}.${ending}`))));
      const sum = sizes.reduce((sum, { length }) => sum + length, 0);
      assert.ok(sum <= most, `expected at most ${most} bytes, found ${sum} (${sizes.map(({ length }) => length)})`);
    }
  });

  test('plays, draws, packs and replays under a strict content policy', async (t) => {
    const site = await openTestSite(t, { headers: { 'content-security-policy': await policyOfReadme() } });
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

  test('has a demo that keeps to its own content policy, from the first script to the downloaded record', async (t) => {
    const html = await readFile(join(root, 'dist/index.html'), 'utf8');
    assert.match(
      html,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    assert.doesNotMatch(
      html,
      /\son\w+=|\sstyle=|<style|<script(?![^>]* src=)/,
      'what stands in the page itself is refused',
    );
    const site = await openTestSite(t);
    const page = await browser.openPage();
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        window.violations.push(`${violatedDirective}: ${blockedURI}`),
      );
    });
    const settings = { env: 'overcooked_ai/cramped_room', seed: 1, maxSteps: 10, fps: 30, autostart: 1 };
    await page.goto(
      `${site.url}?${new URLSearchParams(Object.entries(settings).map(([name, value]) => [name, `${value}`]))}`,
    );
    assert.match(await verdict(page), /verified: 10 steps identical/i);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#ended .download').click()]);
    await download.delete();
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    assert.deepEqual(page.faults, []);
    // It is in force: what it forbids is refused, and told.
    const refused = await page.evaluate(async () => {
      document.body.setAttribute('onclick', 'window.broken = true');
      document.body.click();
      await window.until('the violation', () => window.violations.length > 0);
      return [window.broken, ...window.violations];
    });
    assert.deepEqual(refused, [undefined, 'script-src-attr: inline']);
    await page.context().close();
  });

  test('has a demo that keeps who plays in the next environment, and out of the link for others', async (t) => {
    const site = await openTestSite(t);
    const person = { PROLIFIC_PID: '5f-7', SESSION_ID: 's-1', participant: 'p7' };
    const settings = { env: 'CartPole-v1', seed: '1', maxSteps: '10', transport: 'relay', ...person, autostart: '1' };
    const page = await browser.openPage(`${site.url}?${new URLSearchParams(settings)}`);
    await verdict(page);
    const { link, next } = await page.evaluate(async () => {
      let link;
      const writeText = async (text) => void (link = text);
      Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
      document.getElementById('copy-link').click();
      await window.until('the link', () => link);
      /** @type {HTMLInputElement} */ (document.querySelector('#picker input[value="MountainCar-v0"]')).click();
      return { link, next: location.search };
    });
    assert.equal(new URL(link).search, '?env=CartPole-v1&seed=1&maxSteps=10&transport=relay');
    const kept = Object.fromEntries(new URLSearchParams(next));
    assert.deepEqual([kept.env, kept.transport], ['MountainCar-v0', 'relay']);
    for (const [name, value] of Object.entries(person)) assert.equal(kept[name], value, next);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('has a demo that says so where its scripts cannot be loaded', async (t) => {
    for (const missing of ['/demo/app.js', '/demo/stage.js', '/palaestra.js']) {
      const site = await openTestSite(t, { missing: [missing] });
      const page = await browser.openPage(site.url);
      await page.evaluate(() =>
        window.until('the page to say so', () =>
          /could not be loaded/.test(document.getElementById('starting').textContent),
        ),
      );
      await page.context().close();
    }
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
