import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

/**
 * Makes `window.panic` have the page's module panic, in the next call of its own that looks at the clock: a clock that asks for the
 * game's state while the game is being changed finds it borrowed, as some fake clock of a page's own might. Whoever else looks at the
 * clock before finds nothing wrong.
 */
const plantPanic = (page) =>
  page.evaluate(() => {
    const { performance } = window;
    const now = performance.now.bind(performance);
    window.panic = (game) => {
      performance.now = () => {
        try {
          void game.frameNumber;
        } catch (error) {
          performance.now = now;
          throw error;
        }
        return now();
      };
    };
  });

describe("a panic in the page's own module", () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
  });
  afterEach(async () => {
    await workersGone(browser, page);
    await page.context().close();
  });

  const open = async () => {
    page = await openBarePage(browser, site);
    await plantPanic(page);
  };

  test('is the typed end of all that is under way, in whatever call it happens', async () => {
    await open();
    const seen = await page.evaluate(async () => {
      const { make, play, liveSessions, PalaestraError } = window.palaestra;
      const env = await make('CartPole-v1');
      await env.reset({ seed: 1 });
      const game = play({ env: 'MountainCar-v0', fps: 60, canvas: document.getElementById('canvas') });
      await window.until('the game to play', () => game.frameNumber > 3);
      // Nobody answers it any more: what the page has asked by then is pending.
      const pending = [env.step(0), env.hash(), env.stepMany([0, 1])].map((promise) => window.settle(promise, 2000));
      window.panic(game);
      let thrown;
      try {
        game.pause();
      } catch (error) {
        thrown = { code: error.code, typed: error instanceof PalaestraError, message: error.message };
      }
      const before = await Promise.all([...pending, window.settle(game.finished, 2000)]);
      const later = {
        finished: await window.settle(game.finished, 2000),
        dispose: await window.attempt(() => game.dispose(), 2000),
        pause: await window.attempt(() => game.pause(), 2000),
        score: await window.attempt(() => game.score, 2000),
        metrics: await window.attempt(() => game.pipelineMetrics.summary(), 2000),
        play: await window.attempt(() => play({ env: 'CartPole-v1' }), 2000),
        make: await window.attempt(() => make('CartPole-v1'), 2000),
        step: await window.attempt(() => env.step(0), 2000),
        reset: await window.attempt(() => env.reset(), 2000),
        close: await window.attempt(() => env.close(), 2000),
      };
      return { thrown, before, later, state: game.state, live: liveSessions() };
    });
    assert.deepEqual([seen.thrown?.code, seen.thrown?.typed], ['panicked', true]);
    assert.match(seen.thrown.message, /borrowed/);
    for (const [name, { error, pending }] of [...seen.before.entries(), ...Object.entries(seen.later)]) {
      assert.deepEqual(
        [error?.code, error?.typed, pending],
        ['panicked', true, undefined],
        `${name}: ${error?.message}`,
      );
    }
    assert.deepEqual([seen.state, seen.live], ['disposed', 0]);
    assert.deepEqual(page.uncaught, []);
    assert.ok(
      page.faults.some((fault) => /panicked|has failed/.test(fault)),
      page.faults.join(),
    );
  });

  test('of a callback is the typed end as well, told once, and what was handed over before is still packed', async () => {
    await open();
    const seen = await page.evaluate(async () => {
      const { play } = window.palaestra;
      const first = await play({ env: 'CartPole-v1', seed: 3, maxSteps: 5, fps: 60 }).finished;
      const game = play({ env: 'MountainCar-v0', fps: 60, canvas: document.getElementById('canvas') });
      await window.until('the game to play', () => game.frameNumber > 3);
      const finished = window.settle(game.finished, 5000);
      window.panic(game);
      const { error, pending } = await finished;
      // Some frames and timers of what is no more.
      await new Promise((later) => setTimeout(later, 400));
      const packed = await window.settle(first.pack());
      const text = await window.settle(first.text());
      return { error, pending, packed: packed.value ?? packed, text: text.value?.length ?? text, state: game.state };
    });
    assert.deepEqual([seen.error?.code, seen.error?.typed, seen.pending], ['panicked', true, undefined]);
    assert.deepEqual(
      [seen.packed.identical, seen.packed.steps, seen.state],
      [true, 5, 'disposed'],
      JSON.stringify(seen),
    );
    assert.ok(seen.text > 500, JSON.stringify(seen.text));
    // The console is told, and the browser says what nobody caught, the trap itself: once each, whatever it still calls.
    assert.ok(page.uncaught.length <= 1, page.uncaught.join('\n'));
    assert.equal(page.faults.length - page.uncaught.length, 1, page.faults.join('\n'));
  });
});
