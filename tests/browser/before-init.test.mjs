import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openTestSite } from './support/pages.mjs';

const pageModule = '/page/palaestra_page_bg.wasm';

describe("before the page's module has come", () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  /** A page that has imported the script; its module comes when the test says so. */
  const openWaiting = async (t) => {
    let arrive;
    let asked = 0;
    const arrived = new Promise((done) => (arrive = done));
    const site = await openTestSite(t, {
      intercept: (path) => {
        if (path !== pageModule) return undefined;
        asked += 1;
        return arrived.then(() => undefined);
      },
    });
    t.after(arrive);
    const page = await browser.openPage(`${site.url}blank.html`);
    await page.evaluate(async () => void (window.palaestra = await import('../palaestra.js')));
    return { page, site, arrive, asked: () => asked };
  };

  /** The code of what a promise rejects with, or its value. */
  const outcomes = (page) =>
    page.evaluate(() => {
      window.outcome = (promise) =>
        promise.then(
          (value) => ({ value }),
          ({ name, code, message }) => ({ name, code, message }),
        );
    });

  test('the registry is there, and nothing is asked for', async (t) => {
    const { page, asked } = await openWaiting(t);
    const seen = await page.evaluate(() => ({
      title: window.palaestra.registry.get('CartPole-v1').title,
      live: window.palaestra.liveSessions(),
    }));
    assert.deepEqual([typeof seen.title, seen.live], ['string', 0]);
    // What the import had asked for would have come before this.
    await page.evaluate(() => fetch('blank.html').then((answer) => answer.text()));
    assert.equal(asked(), 0);
    await page.context().close();
  });

  test('a game is created, has its seed, can be paused, and plays when it has', async (t) => {
    const { page, arrive } = await openWaiting(t);
    const first = await page.evaluate(() => {
      const options = { env: 'CartPole-v1', maxSteps: 3, fps: 60, onTransition: ({ to }) => window.states.push(to) };
      window.states = [];
      window.game = window.palaestra.play(options);
      options.maxSteps = 1;
      const { state, frameNumber, episode, spec, paused, seed, score, match } = window.game;
      window.game.pause();
      const { pipelineMetrics } = window.game;
      return {
        ...{ state, frameNumber, episode, spec, paused, score, match },
        seeded: Number.isInteger(seed) && seed >= 0,
        pausedThen: window.game.paused,
        rows: pipelineMetrics.table().length,
        count: pipelineMetrics.count,
        p50: pipelineMetrics.summary().step.p50,
        stamp: pipelineMetrics.paintTimestamp,
        live: window.palaestra.liveSessions(),
      };
    });
    assert.deepEqual(first, {
      ...{ state: 'created', frameNumber: 0, episode: 0, spec: null, paused: false, score: [], match: null },
      ...{ seeded: true, pausedThen: true, rows: 0, count: 0, p50: NaN, stamp: NaN, live: 1 },
    });
    const { seed } = await page.evaluate(() => ({ seed: window.game.seed }));
    arrive();
    const played = await page.evaluate(async () => {
      await window.until('the game to be there', () => window.game.state === 'playing');
      const { paused } = window.game;
      window.game.resume();
      const record = await window.game.finished;
      return { paused, steps: record.steps, seed: record.header.seed, live: window.palaestra.liveSessions() };
    });
    assert.deepEqual(played, { paused: true, steps: 3, seed, live: 0 });
    assert.equal((await page.evaluate(() => window.states)).at(-1), 'disposed');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a game that is paused in a hidden tab stands still when the tab can be seen, until it is resumed', async (t) => {
    const { page, arrive } = await openWaiting(t);
    await page.evaluate(() => {
      window.hide = (hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      window.hide(true);
      window.game = window.palaestra.play({ env: 'CartPole-v1', fps: 60 });
      window.game.pause();
    });
    arrive();
    const still = await page.evaluate(async () => {
      await window.until('the game to be there', () => window.game.state === 'playing');
      window.hide(false);
      await new Promise((later) => setTimeout(later, 500));
      return [window.game.paused, window.game.frameNumber];
    });
    assert.deepEqual(still, [true, 0]);
    const reason = await page.evaluate(async () => {
      window.game.resume();
      await window.until('steps', () => window.game.frameNumber > 3);
      return (await window.game.dispose()).reason;
    });
    assert.equal(reason, 'closed');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a game that is disposed of hands over an empty record when it has', async (t) => {
    const { page, arrive } = await openWaiting(t);
    const state = await page.evaluate(() => {
      window.game = window.palaestra.play({ env: 'CartPole-v1' });
      window.over = window.game.dispose('excluded');
      return window.game.state;
    });
    assert.equal(state, 'ended');
    arrive();
    const seen = await page.evaluate(async () => {
      const { reason, steps, disposal } = await window.over;
      return [reason, steps, disposal.outcome, window.game.state, window.palaestra.liveSessions()];
    });
    assert.deepEqual(seen, ['excluded', 0, 'never_started', 'disposed', 0]);
    await page.context().close();
  });

  test('who looks away before it has is without the game from its first moment on', async (t) => {
    const { page, arrive } = await openWaiting(t);
    await page.evaluate(() => {
      document.hasFocus = () => false;
      window.game = window.palaestra.play({ env: 'CartPole-v1', focusTimeout: 200 });
      window.over = window.game.finished;
      dispatchEvent(new Event('blur'));
    });
    arrive();
    const reason = await page.evaluate(async () => (await window.over).reason);
    assert.equal(reason, 'focus_lost');
    await page.context().close();
  });

  test('options that are none reject the game when it has, and the console says so', async (t) => {
    const { page, arrive } = await openWaiting(t);
    await outcomes(page);
    await page.evaluate(() => void (window.game = window.palaestra.play({ env: 'CartPole-v1', sed: 1 })));
    arrive();
    const { code, state, live } = await page.evaluate(async () => ({
      ...(await window.outcome(window.game.finished)),
      state: window.game.state,
      live: window.palaestra.liveSessions(),
    }));
    assert.deepEqual([code, state, live], ['bad_argument', 'disposed', 0]);
    assert.match(page.faults.join(), /found `sed`/);
    assert.deepEqual(page.uncaught, []);
    // From then on it is thrown at once.
    const thrown = await page.evaluate(() => {
      try {
        window.palaestra.play({ env: 'CartPole-v1', sed: 1 });
        return undefined;
      } catch ({ code }) {
        return code;
      }
    });
    assert.equal(thrown, 'bad_argument');
    await page.context().close();
  });

  test('make and play wait as long as they are told, and make until its signal says so', async (t) => {
    const { page } = await openWaiting(t);
    await outcomes(page);
    const seen = await page.evaluate(async () => {
      const { make, play, liveSessions } = window.palaestra;
      const controller = new AbortController();
      const aborted = window.outcome(make('CartPole-v1', {}, { signal: controller.signal }));
      controller.abort();
      const late = await window.outcome(make('CartPole-v1', {}, { loadTimeout: 300 }));
      const game = play({ env: 'CartPole-v1', loadTimeout: 300 });
      const played = await window.outcome(game.finished);
      return { codes: [(await aborted).code, late.code, played.code], message: played.message, live: liveSessions() };
    });
    assert.deepEqual(seen.codes, ['session_closed', 'deadline_exceeded', 'deadline_exceeded']);
    assert.match(seen.message, /300 ms/);
    assert.equal(seen.live, 0);
    await page.context().close();
  });

  test('a game of a match, and who watches one, begin when it has', async (t) => {
    const { page, arrive } = await openWaiting(t);
    await outcomes(page);
    const server = 'http://127.0.0.1:1';
    const first = await page.evaluate(async (server) => {
      const { play, watch } = window.palaestra;
      const match = { lobby: 'l', server, overlay: false };
      window.views = [];
      window.game = play({
        env: 'overcooked_ai/cramped_room',
        match,
        onMatch: ({ state }) => window.views.push(state),
      });
      window.over = window.outcome(watch({ match: 'm-none', server, colour: 'red' }));
      window.finished = watch({ match: 'm-none', server });
      const late = await window.outcome(watch({ match: 'm-none', server, loadTimeout: 300 }));
      const { state } = window.game;
      return { state, match: window.game.match, late: late.code, views: window.views.length };
    }, server);
    assert.deepEqual(first, { state: 'created', match: null, late: 'deadline_exceeded', views: 0 });
    arrive();
    const seen = await page.evaluate(async () => {
      await window.until('a word of the match', () => window.views.length > 0);
      const spectator = await window.finished;
      const { state } = spectator;
      const { code } = await spectator.dispose();
      const { reason } = await window.game.dispose();
      return [window.views[0], state, code, reason, (await window.over).code, window.palaestra.liveSessions()];
    });
    assert.deepEqual(seen, ['connecting', 'connecting', 'left', 'closed', 'bad_argument', 0]);
    assert.deepEqual(page.uncaught, []);
    await page.context().close();
  });

  test('init refuses what it does not know, and another place after something was loaded', async (t) => {
    const { page, arrive } = await openWaiting(t);
    await outcomes(page);
    arrive();
    const seen = await page.evaluate(async () => {
      const { init } = window.palaestra;
      const tries = [
        { bse: '/' },
        7,
        { base: 'http://' },
        { locateFile: '/' },
        { base: '/', locateFile: (path) => path },
      ];
      const refused = [];
      for (const options of tries) refused.push((await window.outcome(init(options))).code);
      await init({ base: '/' });
      await init({ base: new URL('/', location.href) });
      return { refused, again: await window.outcome(init()), moved: (await window.outcome(init({ base: '/b' }))).code };
    });
    assert.deepEqual(seen.refused, Array(5).fill('bad_argument'));
    assert.deepEqual([seen.again, seen.moved], [{ value: undefined }, 'out_of_order']);
    await page.context().close();
  });
});
