import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { root } from '../../scripts/lib/paths.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { moduleOf } from './support/modules.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const workerModule = moduleOf('CartPole-v1');
const wasm = { 'content-type': 'application/wasm' };

/** What a site may get wrong with the files that a Worker boots from, and what of it the error has to name. */
const broken = [
  { what: 'the module is missing', path: workerModule, message: /404/ },
  { what: 'the module is no WebAssembly', path: workerModule, body: 'hello', headers: wasm, message: /wasm/i },
  { what: 'the module is cut short', path: workerModule, body: '\0asm', headers: wasm, message: /wasm/i },
  { what: 'the loader is missing', path: '/worker/boot.js', message: /boot\.js/ },
  {
    what: 'the loader is a page',
    path: '/worker/boot.js',
    body: '<!doctype html>',
    headers: { 'content-type': 'text/html' },
    message: /boot\.js/,
  },
  { what: 'the loader does not parse', path: '/worker/boot.js', body: 'self.onmessage = {', message: /boot\.js/ },
];

/** Plays a few steps of a game and gives its record with what became of it. */
const playBriefly = (page) =>
  page.evaluate(async () => {
    const game = window.palaestra.play({ env: 'CartPole-v1', seed: 3, maxSteps: 5, fps: 60 });
    const { value: record, error } = await window.settle(game.finished);
    if (!record) return { error };
    const { blob, gzip } = await record.pack();
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return {
      reason: record.reason,
      steps: record.steps,
      gzip,
      head: Array.from(bytes.slice(0, 2)),
      lines: gzip ? undefined : new TextDecoder().decode(bytes).trim().split('\n').length,
      verification: await record.verification(),
      filename: await record.filename(),
      type: (await record.blob()).type,
    };
  });

describe('a site', () => {
  const owner = sharedOwner();
  let browser;

  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  for (const { what, path, message, ...answer } of broken) {
    test(`where ${what} says so to make and to play, and works once that is mended`, async (t) => {
      let mended = false;
      const bad = answer.body === undefined ? { status: 404, body: 'not here' } : { status: 200, ...answer };
      const site = await openTestSite(t, { intercept: (asked) => (!mended && asked === path ? bad : undefined) });
      const page = await openBarePage(browser, site);
      const seen = await page.evaluate(async () => {
        const made = await window.settle(window.palaestra.make('CartPole-v1'));
        const game = window.palaestra.play({ env: 'CartPole-v1' });
        const played = await window.settle(game.finished);
        return { made, played, state: game.state, live: window.palaestra.liveSessions() };
      });
      for (const [how, { error }] of [
        ['make', seen.made],
        ['play', seen.played],
      ]) {
        assert.deepEqual([error?.typed, error?.code], [true, 'load_failed'], `${how}: ${error?.message}`);
        assert.match(error.message, message, how);
        // Its address, so that whoever runs the site knows where to look.
        assert.ok(error.message.includes(`${site.url}worker/`), `${how}: ${error.message}`);
      }
      assert.deepEqual([seen.state, seen.live], ['disposed', 0]);
      await workersGone(browser, page);
      assert.deepEqual(page.uncaught, []);
      mended = true;
      const { reason, steps } = await playBriefly(page);
      assert.deepEqual([reason, steps], ['complete', 5]);
      await page.context().close();
    });
  }

  test("where the page's own module is missing says so to init, make and play, and works once that is mended", async (t) => {
    let mended = false;
    const missing = '/page/palaestra_page_bg.wasm';
    const site = await openTestSite(t, {
      intercept: (path) => (!mended && path === missing ? { status: 404, body: 'not here' } : undefined),
    });
    const page = await browser.openPage(`${site.url}bare.html`);
    const ask = () =>
      page.evaluate(async () => {
        await window.settle(window.loading);
        const palaestra = await import('./palaestra.js');
        const inited = await window.settle(palaestra.init());
        const made = await window.settle(palaestra.make('CartPole-v1').then((env) => env.close()));
        const game = palaestra.play({ env: 'CartPole-v1', maxSteps: 3, fps: 60 });
        const played = await window.settle(game.finished.then(({ steps }) => steps));
        return { inited, made, played, state: game.state, live: palaestra.liveSessions() };
      });
    const seen = await ask();
    for (const [how, { error }] of Object.entries({ init: seen.inited, make: seen.made, play: seen.played })) {
      assert.deepEqual([error?.name, error?.code], ['PalaestraError', 'load_failed'], how);
      assert.ok(error.message.includes(`${site.url.slice(0, -1)}${missing}`), error.message);
    }
    assert.deepEqual([seen.state, seen.live], ['disposed', 0]);
    mended = true;
    const { played, state, live } = await ask();
    assert.deepEqual([played.value, state, live], [3, 'disposed', 0]);
    assert.deepEqual(page.uncaught, []);
    await page.context().close();
  });

  for (const file of ['boot.js', 'palaestra_verifier_bg.wasm']) {
    test(`without the verifier's ${file} hands a record over all the same, as plain text`, async (t) => {
      const site = await openTestSite(t, { missing: [`/verifier/${file}`] });
      const page = await openBarePage(browser, site);
      const record = await playBriefly(page);
      assert.deepEqual([record.reason, record.steps, record.gzip], ['complete', 5, false]);
      assert.deepEqual([record.type, record.filename], ['application/jsonl', 'CartPole-v1.seed3.5steps.jsonl']);
      assert.equal(record.verification.identical, null);
      assert.ok(record.verification.message.startsWith('not verified: '), record.verification.message);
      assert.ok(record.verification.message.includes(`${site.url}verifier/${file}`), record.verification.message);
      assert.ok(record.lines >= 8, `${record.lines} lines`);
      assert.deepEqual(page.uncaught, []);
      await page.context().close();
    });
  }

  test("without the family's module for the replay hands a record over all the same, packed and not verified", async (t) => {
    let asked = 0;
    const site = await openTestSite(t, {
      intercept: (path) => (path === workerModule && (asked += 1) > 1 ? { status: 404, body: 'not here' } : undefined),
    });
    const page = await openBarePage(browser, site);
    const record = await playBriefly(page);
    assert.deepEqual([record.reason, record.steps, record.gzip], ['complete', 5, true]);
    assert.equal(record.verification.identical, null);
    assert.ok(record.verification.message.includes(`${site.url}${workerModule.slice(1)}`), record.verification.message);
    assert.deepEqual(page.uncaught, []);
    await page.context().close();
  });

  test('that sends no isolation headers works', async (t) => {
    const site = await openTestSite(t, { isolation: false });
    const page = await openBarePage(browser, site);
    assert.equal(await page.evaluate(() => window.crossOriginIsolated), false);
    const record = await playBriefly(page);
    assert.deepEqual([record.reason, record.steps, record.gzip], ['complete', 5, true]);
    assert.deepEqual(record.head, [0x1f, 0x8b]);
    assert.deepEqual(record.verification, { identical: true, steps: 5, message: 'verified: 5 steps identical' });
    await page.context().close();
  });

  test('that does not know the media type of WebAssembly works', async (t) => {
    const site = await openTestSite(t, {
      intercept: async (path) =>
        path.endsWith('.wasm')
          ? { headers: { 'content-type': 'application/octet-stream' }, body: await readFile(join(root, 'dist', path)) }
          : undefined,
    });
    const page = await openBarePage(browser, site);
    const record = await playBriefly(page);
    assert.deepEqual([record.reason, record.verification.identical], ['complete', true]);
    await page.context().close();
  });
});

describe('a browser that cannot clone a module', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  const playsByBytes = async (site, page) => {
    await page.goto(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    const { reason, steps, verification } = await playBriefly(page);
    assert.deepEqual([reason, steps, verification.identical], ['complete', 5, true]);
    const loaded = site.requests.filter(({ path }) => path === workerModule);
    assert.equal(loaded.length, 3, 'once to compile it, once for its bytes, once for the replay');
    await page.context().close();
  };

  test('and refuses to send it gets its bytes to the Worker', async (t) => {
    const site = await openTestSite(t);
    const page = await browser.openPage();
    await page.addInitScript(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function postMessage(message, ...rest) {
        if (message?.module instanceof WebAssembly.Module)
          throw new DOMException('it cannot be cloned', 'DataCloneError');
        return post.call(this, message, ...rest);
      };
    });
    await playsByBytes(site, page);
  });

  test('and cannot read it in the Worker gets its bytes there', async (t) => {
    const unreadable = `
      {
        const read = self.onmessage;
        self.onmessage = (event) =>
          event.data.module instanceof WebAssembly.Module ? self.dispatchEvent(new MessageEvent('messageerror')) : read(event);
      }`;
    const boot = await readFile(join(root, 'dist/worker/boot.js'), 'utf8');
    const site = await openTestSite(t, {
      intercept: (path) => (path === '/worker/boot.js' ? { body: boot + unreadable } : undefined),
    });
    await playsByBytes(site, await browser.openPage());
  });
});

describe('what is ended before its Worker is there', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  /** A site whose Worker's module comes only when the test says so. */
  const openSlowSite = async (t) => {
    let arrive;
    const arrived = new Promise((done) => (arrive = done));
    const site = await openTestSite(t, {
      intercept: (path) => (path === workerModule ? arrived.then(() => undefined) : undefined),
    });
    t.after(arrive);
    return { site, arrive };
  };

  test('never starts, and what arrives later starts nothing', async (t) => {
    const { site, arrive } = await openSlowSite(t);
    const page = await openBarePage(browser, site);
    await page.evaluate(() => {
      window.controller = new AbortController();
      window.made = window.settle(window.palaestra.make('CartPole-v1', {}, { signal: window.controller.signal }));
      window.game = window.palaestra.play({ env: 'CartPole-v1', canvas: document.getElementById('canvas') });
    });
    await eventually('both Workers', async () => (await browser.dedicatedWorkers(page)).length === 2);
    const seen = await page.evaluate(async () => {
      window.controller.abort();
      const record = await window.settle(window.game.dispose('excluded'));
      return {
        made: await window.made,
        reason: record.value?.reason,
        steps: record.value?.steps,
        disposal: record.value?.disposal,
        state: window.game.state,
        live: window.palaestra.liveSessions(),
      };
    });
    await workersGone(browser, page);
    assert.equal(seen.made.error?.code, 'session_closed');
    assert.deepEqual([seen.reason, seen.steps, seen.state, seen.live], ['excluded', 0, 'disposed', 0]);
    assert.equal(seen.disposal.outcome, 'never_started');
    arrive();
    await eventually('the module to arrive', () => site.requests.some(({ path }) => path === workerModule));
    const { reason } = await playBriefly(page);
    assert.equal(reason, 'complete');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('is ended for being slow when its time is over', async (t) => {
    const { site } = await openSlowSite(t);
    const page = await openBarePage(browser, site);
    const seen = await page.evaluate(async () => {
      const made = await window.settle(window.palaestra.make('CartPole-v1', {}, { loadTimeout: 300 }));
      const reasons = [];
      const onTransition = ({ to, reason }) => to === 'ended' && reasons.push(reason);
      const game = window.palaestra.play({ env: 'CartPole-v1', loadTimeout: 300, onTransition });
      return { made, played: await window.settle(game.finished), reasons, live: window.palaestra.liveSessions() };
    });
    assert.deepEqual([seen.made.error?.code, seen.played.error?.code], ['deadline_exceeded', 'deadline_exceeded']);
    assert.match(seen.played.error.message, /300 ms/);
    assert.deepEqual([seen.reasons, seen.live], [['timeout'], 0]);
    await workersGone(browser, page);
    await page.context().close();
  });

  test('can be ended in the very call that begins it', async (t) => {
    const site = await openTestSite(t);
    const page = await openBarePage(browser, site);
    const seen = await page.evaluate(async () => {
      const game = window.palaestra.play({ env: 'CartPole-v1' });
      const outcome = await window.settle(game.dispose());
      return {
        reason: outcome.value?.reason,
        disposal: outcome.value?.disposal,
        live: window.palaestra.liveSessions(),
      };
    });
    assert.deepEqual([seen.reason, seen.disposal.outcome, seen.live], ['closed', 'never_started', 0]);
    assert.ok(!site.requests.some(({ path }) => path === '/worker/boot.js'), 'no Worker was asked for');
    await page.context().close();
  });
});
