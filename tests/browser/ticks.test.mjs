import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { percentile } from '../../scripts/bench/figures.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { playedOf, stepsOf } from './support/demo.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const kitchen = 'overcooked_ai/cramped_room';

describe('a game loop', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let pages = [];

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
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
    const page = await browser.openPage();
    pages.push(page);
    if (hz) {
      await page.addInitScript((interval) => {
        let next = 0;
        window.requestAnimationFrame = (callback) => {
          const now = performance.now();
          next = Math.max(next + interval, now);
          return Number(setTimeout(() => callback(performance.now()), next - now));
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
      const deadline = performance.now() + 30_000;
      while (window.game.state !== 'playing') {
        if (window.game.state === 'disposed') throw new Error('the game ended before it played');
        if (performance.now() > deadline) throw new Error('waited 30 s in vain for the game to play');
        await new Promise((later) => setTimeout(later, 5));
      }
    }, options);

  /** Waits for the end and gives what was handed over. */
  const finish = (page) =>
    page.evaluate(async () => {
      const { value: record, error, pending } = await window.finished;
      if (!record) throw new Error(pending ? 'the game has not ended' : error.message);
      const lines = (await record.text())
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

  /** Waits until the game has made its step `frame`, or is over. */
  const frameReached = (page, frame) =>
    page.evaluate(async (frame) => {
      const deadline = performance.now() + 20_000;
      while (window.game.frameNumber < frame && window.game.state === 'playing') {
        if (performance.now() > deadline)
          throw new Error(`waited 20 s in vain for step ${frame}; the game is at ${window.game.frameNumber}`);
        await new Promise((later) => setTimeout(later, 2));
      }
    }, frame);

  /** Waits for `count` more steps. Only for games that go on by themselves: one that waits for a key may have made its last. */
  const framesPass = async (page, count) =>
    frameReached(page, (await page.evaluate(() => window.game.frameNumber)) + count);

  const events = (lines, name) =>
    lines.filter((line) => line.type === 'event' && line.event.event === name).map((line) => line.event);

  for (const { name, options } of [
    { name: 'CartPole', options: { env: 'CartPole-v1', seed: 9, idle: [1, 0, 0, 1, 1], episodePause: 0 } },
    {
      name: 'a kitchen of two at random',
      options: { env: kitchen, seed: 9, seats: { agent_0: 'random', agent_1: 'random' } },
    },
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
        const played = playedOf(lines);
        assert.deepEqual([reason, steps, frames, live], ['complete', 120, 120, 0], `${rates[index]} Hz`);
        assert.deepEqual(
          played.map((step) => step.t),
          Array.from({ length: 120 }, (_, i) => i + 1),
          `${rates[index]} Hz`,
        );
        assert.deepEqual(played, playedOf(seen[0].lines), `${rates[index]} Hz and ${rates[0]} Hz`);
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
    await page.evaluate(() => {
      const component = document.createElement('my-field');
      component.attachShadow({ mode: 'open' }).append(document.createElement('input'));
      document.body.append(document.createElement('input'), component);
    });
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30 });
    // Of the page's own, and within a component of its.
    for (const field of [page.locator('body > input'), page.locator('my-field input')]) {
      await field.focus();
      await page.keyboard.type('ada');
      await framesPass(page, 2);
      assert.equal(await field.inputValue(), 'ada');
      await field.blur();
    }
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

  test("leaves the page's own buttons their keys while it stands still, and takes them while it is played", async () => {
    const page = await openPage();
    await page.evaluate(() => {
      const button = document.createElement('button');
      button.textContent = 'Go on';
      window.pressed = 0;
      button.onclick = () => {
        window.pressed += 1;
        window.game.resume();
      };
      document.body.append(button);
    });
    await start(page, { env: kitchen, seed: 1, fps: 30, startPaused: true });
    await page.evaluate(() => window.until('the environment', () => window.game.spec));
    await page.locator('button').focus();
    await page.keyboard.press('Enter');
    await framesPass(page, 2);
    // The button has the focus still, and Space is the cook's.
    await page.keyboard.press('Space');
    await framesPass(page, 2);
    assert.equal(await page.evaluate(() => window.pressed), 1);
    const { lines } = await dispose(page);
    assert.ok(stepsOf(lines).some((step) => step.action[0] === 5));
  });

  test('lets go of every key when the window loses the keyboard', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30 });
    await page.keyboard.down('ArrowRight');
    await framesPass(page, 4);
    await page.evaluate(() => window.addEventListener('blur', () => void (window.lostAt = window.game.frameNumber)));
    const other = await lookElsewhere(page);
    await framesPass(page, 10);
    await page.bringToFront();
    await framesPass(page, 2);
    const lostAt = await page.evaluate(() => window.lostAt);
    assert.ok(lostAt > 0, 'the window lost the keyboard');
    await other.close();
    const { lines, reason } = await dispose(page);
    const actions = stepsOf(lines).map((step) => step.action);
    assert.ok(actions.slice(0, lostAt).includes(2), actions.join(''));
    // The Worker keeps the time: where the page is busy, up to a fifth of a second, which it had granted, was played before
    // it heard of this, and the page may not have seen all of it yet. From there on the key is up.
    const late = actions.slice(lostAt).lastIndexOf(2) + 1;
    assert.ok(late < 10, `${actions.join('')} from ${lostAt}`);
    assert.match(actions.join(''), /^1*2+1{3,}$/);
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

  /** Strikes keys between ticks: `at[n]` some milliseconds after step `n` has been seen. Gives what `finish` gives, and the rows. */
  const strikeBetween = async (page, at, options) => {
    await page.evaluate(
      ({ at, options }) => {
        const key = (type, code) => window.dispatchEvent(new KeyboardEvent(type, { code }));
        const onStep = ({ frameNumber }) => {
          const [after, code] = at[frameNumber] ?? [];
          if (code) setTimeout(() => ['keydown', 'keyup'].forEach((type) => key(type, code)), after);
        };
        window.game = window.palaestra.play({ ...options, onStep, canvas: document.getElementById('canvas') });
        window.finished = window.settle(window.game.finished, 60_000);
      },
      { at, options },
    );
    const finished = await finish(page);
    return { ...finished, rows: await page.evaluate(() => window.game.pipelineMetrics.table()) };
  };

  for (const inputMode of ['pressed_keys', 'single_keystroke']) {
    test(`plays a key at the first tick after it, and once, where ${inputMode} count`, async () => {
      const page = await openPage();
      const strokes = { 5: [20, 'ArrowRight'], 9: [60, 'ArrowLeft'], 14: [90, 'ArrowRight'] };
      const options = { env: 'MountainCar-v0', seed: 1, fps: 5, maxSteps: 18, inputMode };
      const { lines, rows } = await strikeBetween(page, strokes, options);
      const played = stepsOf(lines).flatMap(({ t, action }) => (action === 1 ? [] : [{ t, action }]));
      assert.deepEqual(
        played.map(({ action }) => action),
        [2, 0, 2],
      );
      for (const { t } of played) {
        const [before, row] = [rows[t - 2], rows[t - 1]];
        const shown = JSON.stringify([before, row]);
        // It was sent as it came, and of the ticks that began after that it is the first.
        assert.ok(row.queueExitTimestamp >= row.keypressTimestamp, shown);
        assert.ok(row.stepBeginTimestamp > row.keypressTimestamp, shown);
        assert.ok(before.stepBeginTimestamp < row.queueExitTimestamp + 50, shown);
        assert.ok(row.stepBeginTimestamp >= row.stepDueTimestamp - 0.3, shown);
      }
    });
  }

  test('stops within a fifth of a second where the page stalls, and loses no step', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      const onStep = ({ frameNumber }) => {
        if (frameNumber !== 20) return;
        window.stalledAt = performance.now();
        while (performance.now() < window.stalledAt + 1500);
      };
      const options = { env: 'MountainCar-v0', seed: 1, fps: 30, maxSteps: 60, onStep };
      window.game = window.palaestra.play({ ...options, canvas: document.getElementById('canvas') });
      window.finished = window.settle(window.game.finished, 60_000);
    });
    const { lines, reason, steps } = await finish(page);
    // When they were due: a busy machine begins a step that was granted later than that.
    const { due, stalledAt } = await page.evaluate(() => ({
      due: Array.from(window.game.pipelineMetrics.history().stepDueTimestamp),
      stalledAt: window.stalledAt,
    }));
    assert.deepEqual([reason, steps], ['complete', 60]);
    assert.deepEqual(
      stepsOf(lines).map((step) => step.t),
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    const [unseen] = due.filter((at) => at > stalledAt && at < stalledAt + 1400).slice(-1);
    assert.ok(unseen === undefined || unseen < stalledAt + 250, `played ${unseen - stalledAt} ms into the stall`);
    assert.ok(lines[0].slowed_ms > 1000, `${lines[0].slowed_ms} ms`);
  });

  test('grants no tick for nothing, however often the page pauses and goes on', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 10 });
    const { steps, ms } = await page.evaluate(async () => {
      const [began, first] = [performance.now(), window.game.frameNumber];
      for (let i = 0; i < 50; i += 1) {
        window.game.pause();
        window.game.resume();
        await new Promise((later) => setTimeout(later, 5));
      }
      return { steps: window.game.frameNumber - first, ms: performance.now() - began };
    });
    assert.ok(steps <= Math.ceil(ms / 100) + 1, `${steps} steps in ${ms} ms`);
    const { reason } = await dispose(page);
    assert.equal(reason, 'complete');
  });

  test('that nobody has seen yet waits for its person', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      const show = (hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      window.show = show;
      show(true);
    });
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 30, focusTimeout: 200 });
    await page.evaluate(() => new Promise((later) => setTimeout(later, 600)));
    assert.deepEqual(await page.evaluate(() => [window.game.state, window.game.frameNumber]), ['playing', 0]);
    await page.evaluate(() => window.show(false));
    await frameReached(page, 5);
    const { reason } = await dispose(page);
    assert.equal(reason, 'complete');
  });

  test('ends at once when it is to, with every step that the page has seen', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      const onStep = ({ frameNumber }) => frameNumber === 20 && void window.game.dispose('complete');
      const options = { env: 'MountainCar-v0', seed: 1, fps: 25, onStep };
      window.game = window.palaestra.play({ ...options, canvas: document.getElementById('canvas') });
      window.finished = window.settle(window.game.finished, 60_000);
    });
    const { lines, steps, reason, frames } = await finish(page);
    const { outcome, rejected_requests: rejected } = lines[0].disposal;
    assert.deepEqual([reason, steps, frames, outcome], ['complete', 20, 20, 'graceful']);
    assert.ok(rejected <= 1, `${rejected} requests were pending`);
  });

  test('steps at the key where it waits for one, and not faster than its pace', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 10, idle: [], inputMode: 'single_keystroke' });
    await page.evaluate(() => new Promise((later) => setTimeout(later, 300)));
    assert.equal(await page.evaluate(() => window.game.frameNumber), 0);
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
    await frameReached(page, 3);
    const rows = await page.evaluate(() => window.game.pipelineMetrics.table());
    const { lines } = await dispose(page);
    assert.equal(
      stepsOf(lines)
        .map((step) => step.action)
        .join(''),
      '202',
    );
    assert.equal(lines[0].slowed_ms, 0);
    assert.ok(rows[0].stepBeginTimestamp > rows[0].keypressTimestamp, 'no step before its key');
    // When they are due: a busy machine begins a step late, and the one after it at its time.
    const due = rows.map((row) => row.stepDueTimestamp);
    const between = [due[1] - due[0], due[2] - due[1]];
    assert.ok(
      between.every((ms) => ms > 99.5),
      `${between.join(' and ')} ms apart`,
    );
    // 0.3 ms: the page's clock and the Worker's are put on one.
    for (const row of rows) assert.ok(row.stepBeginTimestamp >= row.stepDueTimestamp - 0.3, JSON.stringify(row));
  });

  for (const fps of [30, 60]) {
    test(`has its steps at ${fps} Hz in time while the page is busy half the time`, async (t) => {
      const page = await openPage();
      const began = await page.evaluate(async (fps) => {
        const busy = setInterval(() => {
          const until = performance.now() + 8;
          while (performance.now() < until);
        }, 16);
        const game = window.palaestra.play({
          env: 'overcooked_ai/cramped_room',
          canvas: document.getElementById('canvas'),
          seats: { agent_0: 'random', agent_1: 'random' },
          fps,
          seed: 1,
          maxSteps: 4 * fps,
          verify: false,
        });
        await game.finished;
        clearInterval(busy);
        return Array.from(game.pipelineMetrics.history().stepBeginTimestamp);
      }, fps);
      assert.equal(began.length, 4 * fps);
      const settled = began.slice(fps);
      const off = settled.slice(1).map((at, i) => Math.abs(at - settled[i] - 1000 / fps));
      const [half, most, worst] = [0.5, 0.9, 0.99].map((share) => percentile(off, share));
      // How exact they are is for `npm run bench -- pacing` to say, beside a bare Worker's timer. Here: they do not wait for the page.
      t.diagnostic(`jitter p50 / p90 / p99: ${[half, most, worst].map((ms) => ms.toFixed(2)).join(' / ')} ms`);
      assert.ok(half < 1000 / fps / 2, `half of the intervals are off by more than ${half} ms`);
    });
  }

  test('with userTiming keeps the latest entry of each span for the profiler, however long it is played', async () => {
    const page = await openPage();
    await start(page, { env: 'MountainCar-v0', seed: 1, fps: 60, userTiming: true });
    const named = () =>
      page.evaluate(() =>
        performance.getEntriesByType('measure').map((entry) => {
          const { name, detail } = /** @type {PerformanceMeasure} */ (entry);
          return [name, detail.frameNumber];
        }),
      );
    await framesPass(page, 10);
    const early = await named();
    await framesPass(page, 60);
    const late = await named();
    await dispose(page);
    const names = (entries) => entries.map(([name]) => name).sort();
    assert.ok(early.length >= 3 && early.every(([name]) => name.startsWith('palaestra ')), JSON.stringify(early));
    assert.deepEqual(names(late), [...new Set(names(late))], 'each span once');
    const latest = (entries) => Math.max(...entries.map(([, frame]) => frame));
    assert.ok(latest(late) > latest(early), `${latest(early)}, then ${latest(late)}`);
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
