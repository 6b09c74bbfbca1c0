import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { moduleOf } from './support/modules.mjs';
import { openTestSite } from './support/pages.mjs';
import { standIn, watchingCartPole } from './support/watched.mjs';

/** Every promise of the public API: what it ends in where nothing answers, and the test that starves it. */
const promises = {
  init: ['load_failed', 'fault-matrix, loading'],
  make: ['deadline_exceeded', 'here, stalled'],
  preload: ['deadline_exceeded', 'here'],
  descriptions: ['load_failed', 'here'],
  'Env.reset': ['deadline_exceeded', 'here'],
  'Env.step': ['deadline_exceeded', 'here, faults'],
  'Env.stepMany': ['deadline_exceeded', 'here'],
  'Env.save': ['deadline_exceeded', 'here'],
  'Env.restore': ['deadline_exceeded', 'here'],
  'Env.hash': ['deadline_exceeded', 'here, faults'],
  'Env.rollout': ['deadline_exceeded', 'here'],
  'Env.close': ['forced', 'here, faults'],
  'Game.finished': ['deadline_exceeded', 'here, faults, stalled'],
  'Game.snapshot': ['deadline_exceeded', 'here'],
  'Game.dispose': ['forced', 'here, faults'],
  'GameRecord.pack': ['plain text', 'packing, fault-matrix'],
  'GameRecord.verification': ['identical: null', 'packing'],
  'GameRecord.blob': ['plain text', 'packing'],
  'GameRecord.text': ['made on the page', 'packing'],
  'GameRecord.filename': ['.jsonl', 'packing'],
  'GameRecord.download': ['plain text', 'here'],
  'GameRecord.csv': ['load_failed', 'here, data'],
  'GameRecord.jsonl': ['load_failed', 'here, data'],
  'GameRecord.arrow': ['load_failed', 'here, data'],
  'GameRecord.minari': ['load_failed', 'here, data'],
  'Game.saved': ['failed', 'here, saving'],
  recover: ['not_kept', 'here, saving'],
  'Leftover.pack': ['load_failed', 'here'],
  'Leftover.verification': ['load_failed', 'here'],
  'Leftover.blob': ['load_failed', 'here'],
  'Leftover.text': ['load_failed', 'here'],
  'Leftover.csv': ['load_failed', 'here'],
  'Leftover.jsonl': ['load_failed', 'here'],
  'Leftover.arrow': ['load_failed', 'here'],
  'Leftover.minari': ['load_failed', 'here'],
  'Leftover.download': ['load_failed', 'here'],
  'Leftover.send': ['not_sent', 'here'],
  'Leftover.delete': ['not_kept', 'here'],
  watch: ['deadline_exceeded', 'here, parts'],
  'Spectator.finished': ['match_failed, or deadline_exceeded', 'here'],
  'Spectator.dispose': ['closed', 'here'],
};

/** The limits that nobody has set, in milliseconds: of `make`, of a step and of many, of a game's loading, of packing. */
const limits = { load: 60_000, step: 5_000, many: 60_000, pack: 10_000 };
/** How many times as fast the time of these pages is. */
const speed = 50;

describe('a promise of the public API', () => {
  const owner = sharedOwner();
  let browser;
  let page;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(async () => {
    assert.deepEqual(page?.uncaught ?? [], []);
    await page?.context().close();
    page = undefined;
    await workersGone(browser);
  });

  test('stands in the list of those that are starved, and no other does', async (t) => {
    const types = await readFile(join(root, 'www/palaestra.d.ts'), 'utf8');
    const found = [];
    let owner = '';
    for (const line of types.split('\n')) {
      owner = /^export (?:class|interface) (\w+)/.exec(line)?.[1] ?? (/^\}/.test(line) ? '' : owner);
      const name = /^(?:export function | +(?:readonly )?)(\w+)(?:\(.*\))?: Promise</.exec(line)?.[1];
      if (name) found.push(owner ? `${owner}.${name}` : name);
    }
    assert.deepEqual(found.sort(), Object.keys(promises).sort());
    for (const [name, [ends, tests]] of Object.entries(promises)) t.diagnostic(`${name}: ${ends}; ${tests}`);
  });

  /**
   * A page whose time is fast, on a site of which some files never come and whose Worker hears nothing once it has its environment.
   *
   * @param {import('node:test').TestContext} t
   * @param {{ stalls?: (path: string) => boolean, deaf?: boolean }} [site]
   */
  const openFast = async (t, { stalls = () => false, deaf = false } = {}) => {
    const boot = await readFile(join(root, 'dist/worker/boot.js'), 'utf8');
    const deafBoot = `{
      let heard = 0;
      self.addEventListener('message', (event) => {
        heard += 1;
        if (heard > 1) event.stopImmediatePropagation();
      });
    }\n${boot}`;
    const site = await openTestSite(t, {
      intercept: (path) => {
        if (stalls(path)) return new Promise(() => {});
        return deaf && path === '/worker/boot.js' ? { body: deafBoot } : undefined;
      },
    });
    page = await browser.openPage();
    await page.addInitScript((speed) => {
      const now = performance.now.bind(performance);
      const { setTimeout, setInterval } = window;
      window.realTimeout = setTimeout;
      window.quicken = () => {
        performance.now = () => now() * speed;
        Object.assign(window, {
          setTimeout: (body, ms, ...given) => setTimeout(body, ms / speed, ...given),
          setInterval: (body, ms, ...given) => setInterval(body, ms / speed, ...given),
        });
      };
    }, speed);
    await page.goto(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    await page.evaluate(() => window.quicken());
    return page;
  };

  /**
   * On the page: asks, and gives what became of it and after how much of the page's time; `pending` after a minute of everybody's
   * time.
   */
  const askThere = async ({ ask, options }) => {
    const { make, play, watch, liveSessions } = window.palaestra;
    const began = performance.now();
    const late = new Promise((pending) => window.realTimeout(() => pending({ pending: true }), 60_000));
    const asked = new Function('make', 'play', 'watch', 'options', `return (async () => { ${ask} })()`)(
      make,
      play,
      watch,
      options,
    );
    const outcome = await Promise.race([
      asked.then(
        (value) => ({ value }),
        (error) => ({ code: error.code, message: error.message }),
      ),
      late,
    ]);
    return { ...outcome, ms: performance.now() - began, live: liveSessions() };
  };

  const expectLate = (name, { code, message, pending, ms, live }, limit) => {
    assert.ok(!pending, `${name} pends`);
    assert.equal(code, 'deadline_exceeded', `${name}: ${message}`);
    // The watch looks ten times a second, in fast time as often as it can, and never counts more than a quarter at once.
    assert.ok(ms >= limit * 0.9, `${name}: ended after ${ms} ms of ${limit}`);
    assert.equal(live, 0, name);
  };

  test('of make and of a game ends by its own limit where the module or the Worker never comes', async (t) => {
    const asks = {
      make: "await make('CartPole-v1')",
      finished: "await play({ env: 'CartPole-v1' }).finished",
      preload: "await window.palaestra.preload('CartPole-v1')",
    };
    for (const path of [moduleOf('CartPole-v1'), '/worker/boot.js']) {
      await openFast(t, { stalls: (asked) => asked === path });
      for (const [name, ask] of Object.entries(asks)) {
        expectLate(`${name} without ${path}`, await page.evaluate(askThere, { ask }), limits.load);
      }
      await page.context().close();
    }
    for (const path of ['/page/palaestra_page_make.wasm', '/page/make.js']) {
      await openFast(t, { stalls: (asked) => asked === path });
      expectLate(`make without ${path}`, await page.evaluate(askThere, { ask: asks.make }), limits.load);
      await page.context().close();
    }
  });

  test('of a rollout ends where what plays it never comes', async (t) => {
    const ask = `const env = await make('CartPole-v1');
      try {
        await env.rollout({ policies: { agent_0: 'random' }, steps: 10 });
      } finally {
        await env.close();
      }`;
    for (const path of [
      '/page/rollout.js',
      '/page/palaestra_page_rollout.wasm',
      '/worker/classic_control_rollout.wasm',
    ]) {
      await openFast(t, { stalls: (asked) => asked === path });
      expectLate(`rollout without ${path}`, await page.evaluate(askThere, { ask }), limits.load);
      await page.context().close();
    }
  });

  test('of the record so far ends where what makes it never comes', async (t) => {
    await openFast(t, { stalls: (asked) => asked === '/page/palaestra_page_record.wasm' });
    const ask = `const game = play({ env: 'CartPole-v1', seats: { agent_0: 'random' } });
      try {
        await game.snapshot();
      } finally {
        await game.dispose();
      }`;
    expectLate('snapshot', await page.evaluate(askThere, { ask }), limits.load);
  });

  test('of descriptions ends where they never come', async (t) => {
    await openFast(t, { stalls: (asked) => asked === '/page/descriptions.json' });
    const ask = 'await window.palaestra.descriptions()';
    const { code, message, pending, ms } = await page.evaluate(askThere, { ask });
    assert.deepEqual([code, pending], ['load_failed', undefined], message);
    assert.ok(ms >= limits.load * 0.9, `ended after ${ms} ms`);
  });

  test('of an environment whose Worker hears nothing ends by its own limit, each by itself', async (t) => {
    await openFast(t, { deaf: true });
    const calls = {
      reset: ['env.reset()', limits.step],
      step: ['env.step(0)', limits.step],
      stepMany: ['env.stepMany([0, 1])', limits.many],
      save: ['env.save()', limits.step],
      restore: ['env.restore(new Uint8Array(8))', limits.step],
      hash: ['env.hash()', limits.step],
    };
    // What goes through shared memory is heard all the same, by no event of the Worker's.
    const options = { sharedMemory: false };
    for (const [name, [call, limit]] of Object.entries(calls)) {
      const ask = `const env = await make('CartPole-v1', {}, options); await ${call};`;
      expectLate(name, await page.evaluate(askThere, { ask, options }), Number(limit));
    }
    const ask = "const env = await make('CartPole-v1', {}, options); return (await env.close()).outcome;";
    const { value, pending } = await page.evaluate(askThere, { ask, options });
    assert.deepEqual([value, pending], ['forced', undefined], 'close');
  });

  test('of a game whose Worker hears nothing ends by its own limit, and when it is disposed of', async (t) => {
    await openFast(t, { deaf: true });
    const finished = await page.evaluate(askThere, { ask: "await play({ env: 'CartPole-v1' }).finished" });
    assert.ok(!finished.pending, 'finished pends');
    assert.equal(finished.code, 'deadline_exceeded', finished.message);
    const ask = `const game = play({ env: 'CartPole-v1', stepTimeout: 1e6, loadTimeout: 1e6 });
      await window.until('the environment', () => game.spec);
      const record = await game.dispose('excluded');
      return [record.reason, record.disposal.outcome];`;
    const { value, pending, message } = await page.evaluate(askThere, { ask });
    assert.deepEqual([value, pending], [['excluded', 'forced'], undefined], message);
  });

  test('of watching ends by its own limit where what it needs never comes', async (t) => {
    for (const path of ['/page/watch.js', '/page/palaestra_page_watch.wasm', '/page/palaestra_page_make.wasm']) {
      await openFast(t, { stalls: (asked) => asked === path });
      const outcome = await page.evaluate(askThere, { ask: "await watch({ match: 'm-1' })" });
      expectLate(`watch without ${path}`, outcome, limits.load);
      await page.context().close();
    }
  });

  test('of who watches ends by itself where the server, or the Worker, says nothing of the match', async (t) => {
    await openFast(t, { deaf: true });
    // In place of a server: one that never takes the connection, one that only shows signs of life, one that says what is played.
    const kinds = { unreached: false, ping: [{ type: 'ping', t: 0 }], watching: [watchingCartPole] };
    for (const [kind, says] of Object.entries(kinds)) {
      await page.evaluate(standIn, says);
      const ask = "await (await watch({ match: 'm-1' })).finished";
      const { code, message, pending, live } = await page.evaluate(askThere, { ask });
      // The Worker's own limit is the shorter one, but it begins when the Worker is there.
      const codes = kind === 'watching' ? ['deadline_exceeded', 'match_failed'] : ['match_failed'];
      assert.ok(codes.includes(code), `${kind}: ${code}, ${message}`);
      assert.deepEqual([pending, live], [undefined, 0], kind);
      const left = `const spectator = await watch({ match: 'm-1' });
        if (${kind === 'watching'}) await window.until('the match to be known', () => spectator.match);
        return [(await spectator.dispose()).reason, spectator.state];`;
      const { value, ...others } = await page.evaluate(askThere, { ask: left });
      assert.deepEqual([value, others.pending, others.live], [['closed', 'disposed'], undefined, 0], kind);
    }
  });

  test('of who watches has no end of its own where the page has set a limit without end, or longer than a timer can be', async (t) => {
    const site = await openTestSite(t, {
      intercept: (path) => (path === '/worker/boot.js' ? new Promise(() => {}) : undefined),
    });
    page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    await page.evaluate(standIn, [watchingCartPole]);
    const states = await page.evaluate(async () => {
      const begin = (loadTimeout) => window.palaestra.watch({ match: 'm-1', loadTimeout });
      const spectators = await Promise.all([Infinity, 2 ** 31].map(begin));
      await window.until('the match to be known', () => spectators.every(({ match }) => match));
      await new Promise((later) => setTimeout(later, 1000));
      const states = spectators.map(({ state }) => state);
      await Promise.all(spectators.map((spectator) => spectator.dispose()));
      return states;
    });
    assert.deepEqual(states, ['connecting', 'connecting']);
  });

  test('of a table, and of what was left, ends by itself where the files never come and the storage is silent', async (t) => {
    await openFast(t, { stalls: (path) => /^\/(verifier|export)\//.test(path) });
    const play = { env: 'CartPole-v1', seed: 3, fps: 60, maxSteps: 20, seats: { agent_0: 'random' } };
    const tables = await page.evaluate(async (play) => {
      const game = window.palaestra.play(play);
      const record = await game.finished;
      await game.saved;
      return [
        await window.settle(record.csv({ keep: true }), 3_000_000),
        await window.settle(record.jsonl({ keep: true }), 3_000_000),
        await window.settle(record.arrow({ keep: true }), 3_000_000),
        await window.settle(record.minari({ keep: true }), 3_000_000),
      ];
    }, play);
    assert.deepEqual(
      tables.map(({ error }) => error?.code),
      ['load_failed', 'load_failed', 'load_failed', 'load_failed'],
    );
    await page.reload();
    const left = await page.evaluate(async (play) => {
      await window.loading;
      window.quicken();
      const [left] = await window.palaestra.recover();
      const ask = async (names) =>
        Object.fromEntries(
          await Promise.all(names.map(async (name) => [name, await window.settle(left[name](), 3_000_000)])),
        );
      const without = await ask([
        'pack',
        'verification',
        'blob',
        'text',
        'csv',
        'jsonl',
        'arrow',
        'minari',
        'download',
      ]);
      const sent = await window.settle(left.send({ callback: () => Promise.reject(new Error('no')) }), 3_000_000);
      /** @type {any} */ (IDBFactory.prototype).open = () => ({});
      /** @type {any} */ (IDBDatabase.prototype).transaction = () => ({
        objectStore: () => ({ delete() {}, getAll: () => ({}) }),
      });
      const silent = {
        delete: await window.settle(left.delete(), 3_000_000),
        recover: await window.settle(window.palaestra.recover(), 3_000_000),
      };
      const game = window.palaestra.play(play);
      const { value } = await window.settle(game.saved, 3_000_000);
      const codes = Object.entries({ ...without, send: sent, ...silent }).map(([name, { error }]) => [
        name,
        error?.code,
      ]);
      return { codes: Object.fromEntries(codes), saved: value?.kept.state };
    }, play);
    assert.equal(left.saved, 'failed');
    for (const [name, code] of Object.entries(left.codes)) {
      assert.equal(code, promises[name === 'recover' ? name : `Leftover.${name}`][0], name);
    }
    await page.evaluate(() => new Promise((later) => window.realTimeout(later, 50)));
  });

  test('of a download ends by its own limit where the verifier never comes', async (t) => {
    await openFast(t, { stalls: (path) => path.startsWith('/verifier/') });
    const ask = `const record = await play({ env: 'CartPole-v1', maxSteps: 3, seed: 1 }).finished;
      const began = performance.now();
      await record.download();
      return performance.now() - began;`;
    const [download, { value: ms, pending, message }] = await Promise.all([
      page.waitForEvent('download', { timeout: 60_000 }),
      page.evaluate(askThere, { ask }),
    ]);
    assert.ok(!pending && ms >= limits.pack * 0.9, `${ms} ms, ${message}`);
    assert.equal(download.suggestedFilename(), 'CartPole-v1.seed1.3steps.jsonl');
    await download.delete();
  });
});
