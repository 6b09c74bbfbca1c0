import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { afterEach, before, describe, test } from 'node:test';
import { engines, launchEngine, skipWithout, withPage } from '../../scripts/browser/engines.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openTestSite } from './support/pages.mjs';

/** What a game asks for that others do not: a picture, what a pointer plays with, or nothing. */
const games = [
  { env: 'overcooked_ai/cramped_room', besides: '/art/overcooked.svg' },
  { env: 'Pendulum-v1', besides: '/page/hands.js' },
  { env: 'CartPole-v1' },
];

const asked = (site) =>
  site.requests.filter(({ path }) => path !== '/favicon.ico').map(({ path, status }) => [path, status]);

/** Loads what an environment needs, on a page that has loaded nothing else. */
const preloads = (page, env) =>
  page.evaluate(async (env) => {
    window.palaestra = await import(String('./palaestra.js'));
    await window.palaestra.preload(env);
  }, env);

/** Plays until something is painted: more than one colour. */
const paints = (page, env) =>
  page.evaluate(async (env) => {
    const canvas = document.body.appendChild(document.createElement('canvas'));
    canvas.style.width = '300px';
    canvas.tabIndex = 0;
    const game = window.palaestra.play({ env, canvas, seed: 7, fps: 30, focusTimeout: Infinity, maxSteps: 3000 });
    const failed = game.finished.then(
      () => undefined,
      (error) => error,
    );
    canvas.focus();
    const painted = () => {
      if (canvas.width === 0 || canvas.height === 0) return false;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      return pixels.some((pixel) => pixel !== pixels[0]);
    };
    const begun = performance.now();
    while (!painted()) {
      if (performance.now() - begun > 20_000) throw new Error(`nothing was painted; the game is ${game.state}`);
      await new Promise((next) => requestAnimationFrame(next));
    }
    await game.dispose();
    return failed;
  }, env);

describe('after preload', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  for (const { env, besides } of games) {
    test(`the first picture of ${env} asks for nothing more, where files may be kept`, async (t) => {
      const site = await openTestSite(t, { headers: { 'cache-control': 'max-age=3600' } });
      const page = await browser.openPage(`${site.url}blank.html`);
      await preloads(page, env);
      const before = asked(site);
      if (besides)
        assert.ok(
          before.some(([path]) => path === besides),
          `${besides}: ${before.join(' ')}`,
        );
      await paints(page, env);
      assert.deepEqual(asked(site).slice(before.length), []);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });

    test(`the first picture of ${env} asks whether the Worker's script has changed, and for nothing else, where all has to be asked for`, async (t) => {
      const site = await openTestSite(t);
      const page = await browser.openPage(`${site.url}blank.html`);
      await preloads(page, env);
      const before = asked(site).length;
      await paints(page, env);
      assert.deepEqual(asked(site).slice(before), [['/worker/boot.js', 304]]);
      await page.context().close();
    });
  }

  test('asked again, nothing is loaded twice, and what failed is loaded by the next', async (t) => {
    let broken = true;
    const site = await openTestSite(t, {
      intercept: (path) => (broken && path === '/art/overcooked.svg' ? { status: 404, body: 'none' } : undefined),
    });
    const page = await browser.openPage(`${site.url}blank.html`);
    const [{ env }] = games;
    const pictures = () => asked(site).filter(([path]) => path === '/art/overcooked.svg').length;
    const failed = await page.evaluate(async (env) => {
      window.palaestra = await import(String('./palaestra.js'));
      return window.palaestra.preload(env).then(
        () => undefined,
        ({ code, message }) => ({ code, message }),
      );
    }, env);
    assert.equal(failed?.code, 'load_failed');
    assert.match(failed.message, /art\/overcooked\.svg: expected a picture, found none/);
    broken = false;
    const before = pictures();
    await page.evaluate((env) => window.palaestra.preload(env), env);
    assert.equal(pictures(), before + 1);
    await page.evaluate((env) => window.palaestra.preload(env), env);
    assert.equal(pictures(), before + 1);
    await page.context().close();
  });

  test('that is given up, the picture is not waited for any more', async (t) => {
    const site = await openTestSite(t, {
      intercept: (path) => (path === '/art/overcooked.svg' ? new Promise(() => {}) : undefined),
    });
    const page = await browser.openPage(`${site.url}blank.html`);
    const code = await page.evaluate(async (env) => {
      const { preload } = await import(String('./palaestra.js'));
      return preload(env, { loadTimeout: 500 }).then(
        () => 'loaded',
        (error) => error.code,
      );
    }, games[0].env);
    assert.equal(code, 'deadline_exceeded');
    await page.context().close();
  });
});

/** Games with options that need files of their own, and some of these. */
const options = {
  'an expert, arguments, a bar, pads, and somebody who hears of each step': {
    env: 'overcooked_ai/cramped_room',
    options: {
      kwargs: { observation: 'lossless' },
      seats: { agent_0: 'human', agent_1: { expert: true, skill: 0.9 } },
      controls: { countdown: 0 },
      touchControls: true,
      participant: 'p-07',
    },
    needs: ['/page/controls.js', '/page/hands.js', '/page/make.js', '/page/save.js', 'overcooked_ai_expert'],
  },
  'a model, whose manifest is at an address': {
    env: 'overcooked_ai/cramped_room',
    options: {
      kwargs: { observation: 'lossless' },
      seats: { agent_1: { onnx: 'models/kitchen_cnn.onnx', manifest: 'partner.json', sample: true } },
      save: false,
    },
    needs: ['/models/kitchen_cnn.onnx', '/partner.json', '/policy/seat.js', 'palaestra_policy_module'],
  },
  'a model in a match': {
    env: 'overcooked_ai/cramped_room',
    options: { match: { lobby: 'kitchen', policy: { onnx: 'models/kitchen_cnn.onnx' } }, save: false },
    needs: [
      '/models/kitchen_cnn.onnx',
      '/page/match.js',
      'palaestra_page_match',
      '/policy/seat.js',
      'overcooked_ai_options',
    ],
  },
};
const models = fileURLToPath(new URL('../../crates/onnx/tests/models/', import.meta.url));
const pages = fileURLToPath(new URL('pages/', import.meta.url));

describe('after preload with options of play', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  /** Everything that was asked for, of a site with models, but for what a browser asks for by itself. */
  const open = async (t, headers) => {
    const site = await openTestSite(t, { beside: { '/models/': models, '/': pages }, ...(headers && { headers }) });
    const page = await browser.openPage(`${site.url}blank.html`);
    const asked = () =>
      site.requests.filter(({ path }) => path !== '/favicon.ico').map(({ path, status }) => [path, status]);
    return { page, asked };
  };

  /** Loads, and gives what was asked for then; then plays to the end, or in a match until its server is not to be had. */
  const goes = async ({ page, asked }, { env, options }) => {
    await page.evaluate(
      async ({ env, options }) => {
        window.palaestra = await import(String('./palaestra.js'));
        await window.palaestra.preload(env, { ...options, onStep() {}, canvas: undefined });
      },
      { env, options },
    );
    const before = asked();
    const played = await page.evaluate(
      async ({ env, options }) => {
        const canvas = document.body.appendChild(document.createElement('canvas'));
        canvas.style.width = '300px';
        canvas.tabIndex = 0;
        canvas.focus();
        let heard = 0;
        const more = { canvas, seed: 7, fps: 30, maxSteps: 60, onStep: () => void (heard += 1) };
        const game = window.palaestra.play({ env, ...options, ...more });
        const finished = game.finished.then(
          ({ steps, reason }) => ({ steps, reason }),
          ({ code }) => ({ code }),
        );
        if (options.match) setTimeout(() => game.dispose('closed'), 2000);
        const end = await window.within('the game to end', finished, 20_000);
        return { ...end, heard, bar: Boolean(options.controls) };
      },
      { env, options },
    );
    return { before: before.map(([path]) => path), later: asked().slice(before.length), played };
  };

  for (const [what, game] of Object.entries(options)) {
    test(`of a game with ${what}, nothing more is asked for, where files may be kept`, async (t) => {
      const there = await open(t, { 'cache-control': 'max-age=3600' });
      const { before, later, played } = await goes(there, game);
      for (const need of game.needs) {
        assert.ok(
          before.some((path) => path.includes(need)),
          `${need}: ${before.join(' ')}`,
        );
      }
      // The server of a match is no file: there is none here.
      const files = later.filter(([path]) => !path.startsWith('/lobby'));
      assert.deepEqual(files, []);
      if (!game.options.match) assert.deepEqual([played.steps, played.heard], [60, 60], JSON.stringify(played));
      await there.page.context().close();
    });
  }

  test('only whether scripts of Workers have changed is asked, where all has to be asked for', async (t) => {
    const there = await open(t);
    const { later } = await goes(there, options['a model, whose manifest is at an address']);
    assert.deepEqual(later.sort(), [
      ['/policy/seat.js', 304],
      ['/worker/boot.js', 304],
    ]);
    await there.page.context().close();
  });

  test('a model that is not to be had is told, and loaded by the next', async (t) => {
    let gone = true;
    const site = await openTestSite(t, {
      beside: { '/models/': models, '/': pages },
      intercept: (path) => (gone && path.endsWith('.onnx') ? { status: 404, body: 'none' } : undefined),
    });
    const page = await browser.openPage(`${site.url}blank.html`);
    const load = () =>
      page.evaluate(async () => {
        const { preload } = await import(String('./palaestra.js'));
        const seats = { agent_0: { onnx: 'models/sb3_ppo_mlp.onnx' } };
        return preload('CartPole-v1', { seats }).then(
          () => 'loaded',
          ({ code, message }) => `${code}: ${message}`,
        );
      });
    assert.match(await load(), /^load_failed: .*models\/sb3_ppo_mlp\.onnx: expected status 200, found 404/);
    gone = false;
    assert.equal(await load(), 'loaded');
    const askedFor = () => site.requests.filter(({ path }) => path.endsWith('.onnx')).length;
    const before = askedFor();
    assert.equal(await load(), 'loaded');
    assert.equal(askedFor(), before, 'and kept');
    await page.context().close();
  });
});

describe('a picture that was preloaded', () => {
  const owner = sharedOwner();
  for (const { name, ...other } of engines) {
    test(`is asked for once in ${name}`, { skip: skipWithout({ name, ...other }) }, async (t) => {
      const site = await openTestSite(t);
      const [{ env, besides }] = games;
      await withPage(await launchEngine(name, owner), `${site.url}blank.html`, async (page) => {
        await preloads(page, env);
        await eventually('the picture to be asked for', () => asked(site).some(([path]) => path === besides));
        await paints(page, env);
        assert.equal(asked(site).filter(([path]) => path === besides).length, 1);
      });
    });
  }
});
