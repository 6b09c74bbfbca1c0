import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from './support/browser.mjs';
import { stepsOf } from './support/demo.mjs';
import { sharedOwner } from './support/owner.mjs';
import { openTestSite, openWatchedPage } from './support/pages.mjs';
import { workersGone } from './support/workers.mjs';

const kitchen = 'overcooked_ai/cramped_room';

describe('a game loop', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let pages = [];

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
  });
  afterEach(async () => {
    for (const page of pages) {
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
    pages = [];
    await workersGone(browser);
  });

  /** Opens the bare page; with `hz` its animation frames come as on a display of that rate. */
  const openPage = async (hz) => {
    const page = await openWatchedPage(browser);
    pages.push(page);
    if (hz) {
      await page.addInitScript((interval) => {
        let next = 0;
        window.requestAnimationFrame = (callback) => {
          const now = performance.now();
          next = Math.max(next + interval, now);
          return setTimeout(() => callback(performance.now()), next - now);
        };
        window.cancelAnimationFrame = clearTimeout;
      }, 1000 / hz);
    }
    await page.goto(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    return page;
  };

  /** Starts a game on the page's canvas as `window.game` and waits until it plays. */
  const start = (page, options) =>
    page.evaluate(async (options) => {
      window.game = window.palaestra.play({ ...options, canvas: document.getElementById('canvas') });
      window.finished = window.settle(window.game.finished, 60_000);
      while (window.game.state !== 'playing') {
        if (window.game.state === 'disposed') throw new Error('the game ended before it played');
        await new Promise((later) => setTimeout(later, 5));
      }
    }, options);

  /** Waits for the end and gives what was handed over. */
  const finish = (page) =>
    page.evaluate(async () => {
      const { value: record, error, pending } = await window.finished;
      if (!record) throw new Error(pending ? 'the game has not ended' : error.message);
      const lines = record
        .text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return {
        lines,
        reason: record.reason,
        steps: record.steps,
        frames: window.game.frameNumber,
        live: window.palaestra.liveSessions(),
      };
    });

  const dispose = async (page) => {
    await page.evaluate(() => void window.game.dispose('complete'));
    return finish(page);
  };

  /** Brings another page of the same browser before this one, as a participant might; gives it. */
  const lookElsewhere = async (page) => {
    const protocol = await page.context().newCDPSession(page);
    // Without this every page under test believes that it has the keyboard.
    await protocol.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    const other = await page.context().newPage();
    await other.bringToFront();
    return other;
  };

  const framesPass = (page, count) =>
    page.evaluate(async (count) => {
      const until = window.game.frameNumber + count;
      while (window.game.frameNumber < until && window.game.state === 'playing')
        await new Promise((later) => setTimeout(later, 2));
    }, count);

  const events = (lines, name) =>
    lines.filter((line) => line.type === 'event' && line.event.event === name).map((line) => line.event);

  for (const [name, options] of [
    ['CartPole', { env: 'CartPole-v1', seed: 9, idle: [1, 0, 0, 1, 1], episodePause: 0 }],
    ['a kitchen of two at random', { env: kitchen, seed: 9, seats: { agent_0: 'random', agent_1: 'random' } }],
  ]) {
    test(`plays ${name} alike on displays of every rate, no step lost or doubled`, async () => {
      const rates = [30, 60, 120, 144];
      const seen = await Promise.all(
        rates.map(async (hz) => {
          const page = await openPage(hz);
          await start(page, { ...options, fps: 50, maxSteps: 120 });
          return finish(page);
        }),
      );
      for (const [index, { lines, reason, steps, frames, live }] of seen.entries()) {
        const played = stepsOf(lines);
        assert.deepEqual([reason, steps, frames, live], ['complete', 120, 120, 0], `${rates[index]} Hz`);
        assert.deepEqual(
          played.map((step) => step.t),
          Array.from({ length: 120 }, (_, i) => i + 1),
          `${rates[index]} Hz`,
        );
        assert.deepEqual(played, stepsOf(seen[0].lines), `${rates[index]} Hz and ${rates[0]} Hz`);
        assert.ok(played.every((step) => /^[0-9a-f]{16}$/.test(step.hash)));
      }
    });
  }

  test('keeps its pace, whatever the rate of the display', async () => {
    const durations = await Promise.all(
      [30, 144].map(async (hz) => {
        const page = await openPage(hz);
        await start(page, { env: 'MountainCar-v0', seed: 1, fps: 40, maxSteps: 81 });
        const { lines } = await finish(page);
        const [playing, ended] = ['playing', 'ended'].map(
          (to) => events(lines, 'transition').find((event) => event.to === to).at,
        );
        return { ms: ended - playing, slowed: lines[0].slowed_ms };
      }),
    );
    // 80 intervals of 25 ms; a machine under load may have slowed the game down, and then says so.
    for (const { ms, slowed } of durations)
      assert.ok(ms - slowed > 1900 && ms - slowed < 2600, JSON.stringify(durations));
  });

  test('plays a key that is struck between two ticks once, at the next', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 5 });
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowRight']) {
      await framesPass(page, 1);
      await page.keyboard.press(key);
      await framesPass(page, 2);
    }
    const { lines } = await dispose(page);
    const actions = stepsOf(lines)
      .map((step) => step.action)
      .join('');
    assert.match(actions, /^1+21+01+21+$/);
  });

  test('plays every one of many quick strokes in order where strokes are what counts', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 10, inputMode: 'single_keystroke' });
    await framesPass(page, 1);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
    await framesPass(page, 6);
    const { lines } = await dispose(page);
    // Between two strokes there may be ticks that find none yet.
    assert.equal(
      stepsOf(lines)
        .map((step) => step.action)
        .filter((action) => action !== 1)
        .join(''),
      '2202',
    );
  });

  test('takes no key that is typed into a field or held with a modifier', async () => {
    const page = await openPage();
    await page.evaluate(() => document.body.append(document.createElement('input')));
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30 });
    await page.locator('input').focus();
    await page.keyboard.type('ada');
    await framesPass(page, 2);
    assert.equal(await page.locator('input').inputValue(), 'ada');
    await page.locator('input').blur();
    await page.keyboard.press('Control+ArrowRight');
    await framesPass(page, 2);
    const { lines } = await dispose(page);
    assert.match(
      stepsOf(lines)
        .map((step) => step.action)
        .join(''),
      /^1+$/,
    );
  });

  test('lets go of every key when the window loses the keyboard', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30 });
    await page.keyboard.down('ArrowRight');
    await framesPass(page, 4);
    await page.evaluate(() => window.addEventListener('blur', () => void (window.lostAt = window.game.frameNumber)));
    const other = await lookElsewhere(page);
    await framesPass(page, 5);
    await page.bringToFront();
    await framesPass(page, 2);
    const lostAt = await page.evaluate(() => window.lostAt);
    assert.ok(lostAt > 0, 'the window lost the keyboard');
    await other.close();
    const { lines, reason } = await dispose(page);
    const actions = stepsOf(lines).map((step) => step.action);
    assert.ok(actions.slice(0, lostAt).includes(2), actions.join(''));
    // One step may have been under way.
    assert.ok(
      actions.slice(lostAt + 1).every((action) => action === 1),
      `${actions.join('')} from ${lostAt}`,
    );
    assert.equal(reason, 'complete');
    assert.equal(events(lines, 'focus_lost').length, 1);
  });

  test('ends for focus_lost when the window is without the keyboard for too long', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30, focusTimeout: 300 });
    await page.evaluate(() => {
      window.dispatchEvent(new Event('blur'));
      window.dispatchEvent(new Event('focus'));
    });
    await page.evaluate(() => new Promise((later) => setTimeout(later, 500)));
    assert.equal(await page.evaluate(() => window.game.state), 'playing', 'back in time is no reason to end');
    const other = await lookElsewhere(page);
    const { reason, live, steps } = await finish(page);
    await other.close();
    assert.deepEqual([reason, live], ['focus_lost', 0]);
    assert.ok(steps > 3);
  });

  test('stands still while the tab is hidden, and the record says for how long', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      window.hide = (hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        Object.defineProperty(document, 'visibilityState', {
          configurable: true,
          get: () => (hidden ? 'hidden' : 'visible'),
        });
        document.dispatchEvent(new Event('visibilitychange'));
      };
    });
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30 });
    await framesPass(page, 3);
    const seen = await page.evaluate(async () => {
      const wait = (ms) => new Promise((later) => setTimeout(later, ms));
      const began = performance.now();
      window.hide(true);
      await wait(100);
      const [before, paused] = [window.game.frameNumber, window.game.paused];
      await wait(600);
      const after = window.game.frameNumber;
      window.hide(false);
      return { before, after, paused, ms: performance.now() - began, going: window.game.paused };
    });
    await framesPass(page, 5);
    const { lines, reason } = await dispose(page);
    assert.equal(reason, 'complete');
    assert.equal(seen.after, seen.before);
    assert.deepEqual([seen.paused, seen.going], [true, false]);
    const [hidden, ...more] = events(lines, 'hidden');
    assert.equal(more.length, 0);
    assert.ok(Math.abs(hidden.ms - seen.ms) < 60, `${hidden.ms} of ${seen.ms} ms`);
    assert.deepEqual(
      stepsOf(lines).map((step) => step.t),
      stepsOf(lines).map((_, i) => i + 1),
    );
  });

  test('that the page does not hold on to plays to its end all the same', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      const options = { env: 'MountainCar-v0', seed: 1, fps: 30, maxSteps: 60 };
      window.record = window.settle(window.palaestra.play(options).finished);
    });
    for (let round = 0; round < 3; round += 1) {
      await page.evaluate(() => new Promise((later) => setTimeout(later, 300)));
      await browser.liveHeap(page);
    }
    const seen = await page.evaluate(async () => ({
      steps: (await window.record).value?.steps,
      live: window.palaestra.liveSessions(),
    }));
    assert.deepEqual(seen, { steps: 60, live: 0 });
  });
});
