import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { withProtocol } from '../../scripts/browser/protocol.mjs';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually, within } from '../../scripts/browser/until.mjs';
import { memoryIsReadable } from '../../scripts/browser/processes.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { linesOf, playedOf, stepsOf } from './support/demo.mjs';
import { verify } from './support/native.mjs';
import { openTestSite } from './support/pages.mjs';

const kitchen = 'overcooked_ai/cramped_room';

/** On the page: starts a game as `window.game` and waits until it has made some steps. */
const start = async (options) => {
  await window.loading;
  const canvas = document.getElementById('canvas');
  window.game = window.palaestra.play({ seed: 1, fps: 30, ...options, canvas });
  window.finished = window.settle(window.game.finished, 60_000);
  await window.until('the game to play', () => window.game.frameNumber >= 5, 30_000);
};

/** On the page: waits for so many more steps of a game that goes on by itself. */
const stepsPass = async (count) => {
  const frame = window.game.frameNumber + count;
  await window.until(`step ${frame}`, () => window.game.frameNumber >= frame, 30_000);
};

/** On the page: ends the game, if it has not ended by itself, and gives its record. */
const finish = async () => {
  window.game.dispose('complete');
  const { value: record, error } = await window.finished;
  if (!record) throw new Error(error?.message ?? 'the game has not ended');
  const { identical, message } = await record.verification();
  return { reason: record.reason, code: record.error?.code ?? null, text: await record.text(), identical, message };
};

const events = (lines, name) => lines.filter(({ event }) => event?.event === name).map(({ event }) => event);

/** No step is lost or doubled, and all of them replay, here and natively. */
const checkRecord = async ({ text, identical, message }) => {
  const lines = linesOf(text);
  const steps = playedOf(lines);
  assert.deepEqual(
    steps.map(({ t }) => t),
    steps.map((_, i) => i + 1),
  );
  assert.equal(identical, true, message);
  assert.match(await verify(text), new RegExp(`: ${steps.length} steps in`));
  return { lines, steps };
};

describe('a tab', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
  });
  afterEach(async () => {
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await workersGone(browser);
  });

  const skip = memoryIsReadable ? false : 'no /proc to find the process of a page';
  test('whose process stands still for a while makes no step, and goes on afterwards', { skip }, async () => {
    page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(start, { env: 'MountainCar-v0' });
    const pid = await browser.rendererProcess(page);
    // As a browser freezes a tab, page and Workers at once; headless Chromium takes no order to do so.
    process.kill(pid, 'SIGSTOP');
    const frozen = performance.now();
    try {
      await new Promise((later) => setTimeout(later, 2000));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const ms = performance.now() - frozen;
    await page.evaluate(stepsPass, 10);
    const began = await page.evaluate(() => Array.from(window.game.pipelineMetrics.history().stepBeginTimestamp));
    const gaps = began.slice(1).map((at, i) => at - began[i]);
    const [longest] = gaps.toSorted((a, b) => b - a);
    assert.ok(longest > ms - 300, `${longest} of ${ms} ms without a step`);
    const steps = (began.at(-1) - began[0] - longest) / (1000 / 30);
    assert.ok(began.length < steps + 12, `${began.length} steps in the time of ${steps}`);
    const record = await page.evaluate(finish);
    const { lines } = await checkRecord(record);
    assert.equal(record.reason, 'complete', record.code);
    // It heard nothing, not even that it is hidden: the record says that the game was slower than it should have been.
    const [header] = lines;
    assert.ok(header.slowed_ms > ms - 500, `${header.slowed_ms} of ${ms} ms`);
    assert.deepEqual([events(lines, 'hidden'), events(lines, 'focus_lost')], [[], []]);
  });

  test('with two pixels to one of the page, or with padding, does not grow a canvas that has no width but that of its pixels', async () => {
    page = await browser.openPage(`${site.url}bare.html`, { deviceScaleFactor: 2 });
    /** On the page: how wide the canvas is on it, and in pixels, after some pictures. */
    const widths = async (style) => {
      const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById('canvas'));
      canvas.removeAttribute('style');
      canvas.style.cssText = style;
      [canvas.width, canvas.height] = [300, 150];
      const from = window.game.frameNumber;
      await window.until('twenty steps', () => window.game.frameNumber >= from + 20, 30_000);
      return { style: canvas.style.width, shown: canvas.clientWidth, pixels: canvas.width };
    };
    await page.evaluate(start, { env: 'CartPole-v1', fps: 60 });
    const capped = await page.evaluate(widths, 'width: 200%; max-width: 280px');
    assert.deepEqual(capped, { style: '200%', shown: 280, pixels: 560 });
    const own = await page.evaluate(widths, 'max-width: 100%');
    assert.deepEqual(own, { style: '300px', shown: 300, pixels: 600 });
    await page.evaluate(finish);
    await page.context().close();
    page = await browser.openPage(`${site.url}bare.html`, { deviceScaleFactor: 1 });
    await page.evaluate(start, { env: 'CartPole-v1', fps: 60 });
    const padded = await page.evaluate(widths, 'padding: 16px');
    assert.deepEqual(padded, { style: '300px', shown: 332, pixels: 332 });
    await page.evaluate(finish);
  });

  test('that is closed or left for good in mid-game takes the Worker with it', async () => {
    for (const leave of [(left) => left.goto(`${site.url}blank.html`), (left) => left.close()]) {
      page = await browser.openPage(`${site.url}bare.html`);
      await page.evaluate(start, { env: 'MountainCar-v0' });
      assert.equal((await browser.dedicatedWorkers(page)).length, 1);
      const context = page.context();
      await leave(page);
      await workersGone(browser);
      if (page.isClosed()) await context.close();
    }
    page = await browser.openPage(`${site.url}blank.html`);
  });

  test('whose device pixel ratio and canvas change in play has a picture of that size, and the same game', async () => {
    page = await browser.openPage(`${site.url}bare.html`);
    const seats = { agent_0: 'random', agent_1: 'random' };
    const options = { env: kitchen, seats };
    /** What is on the canvas once it is as wide as expected: its size, and how many pixels are painted. */
    const look = async (width) => {
      const canvas = document.getElementById('canvas');
      await window.until(
        () => `a canvas ${width} wide; it is ${canvas.width}`,
        () => canvas.width === width,
      );
      // A picture is painted in the frame that changes the size.
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let painted = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) painted += 1;
      return { ratio: canvas.width / canvas.height, painted: painted / (canvas.width * canvas.height) };
    };
    await page.evaluate(start, options);
    const seen = [];
    await withProtocol(page, async (protocol) => {
      for (const [deviceScaleFactor, width] of [
        [1, 400],
        [2, 400],
        [2, 250],
        [3, 250],
        [1, 300],
      ]) {
        await protocol.send('Emulation.setDeviceMetricsOverride', {
          width: 900,
          height: 700,
          deviceScaleFactor,
          mobile: false,
        });
        await page.evaluate((width) => void (document.getElementById('canvas').style.width = `${width}px`), width);
        seen.push(await page.evaluate(look, deviceScaleFactor * width));
      }
    });
    for (const { ratio, painted } of seen) {
      assert.ok(Math.abs(ratio - seen[0].ratio) < 0.02, JSON.stringify(seen));
      assert.ok(painted > 0.9, JSON.stringify(seen));
    }
    const changed = await checkRecord(await page.evaluate(finish));
    await page.evaluate(start, { ...options, fps: 240, maxSteps: changed.steps.length });
    await page.evaluate(() => window.until('the game to end', () => window.game.state === 'disposed', 30_000));
    const undisturbed = await checkRecord(await page.evaluate(finish));
    assert.ok(changed.steps.length >= 5, `${changed.steps.length} steps`);
    assert.deepEqual(changed.steps, undisturbed.steps);
  });

  test('under memory pressure plays on, and its record is whole', async () => {
    page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(start, { env: kitchen, seats: { agent_0: 'random', agent_1: 'random' } });
    await withProtocol(page, async (protocol) => {
      for (const level of ['moderate', 'critical']) {
        await protocol.send('Memory.simulatePressureNotification', { level });
        await protocol.send('HeapProfiler.collectGarbage');
        await page.evaluate(stepsPass, 15);
      }
    });
    const record = await page.evaluate(finish);
    const { steps } = await checkRecord(record);
    assert.ok(steps.length >= 35 && record.reason === 'complete', `${steps.length} steps, ${record.reason}`);
  });

  /** A page whose clock, and its Workers', `window.sleep` moves: as a machine that sleeps. */
  const openSleepy = async (t, slow) => {
    // What a page and its Workers read their clocks from besides: one number, so that both are moved at once.
    const clock = (share) => `{
      const now = performance.now.bind(performance);
      let slept = new Float64Array(1);
      performance.now = () => now() + slept[0];
      ${share}
    }`;
    const worker = clock(`self.addEventListener('message', (event) => {
      if (!event.data.slept) return;
      slept = event.data.slept;
      event.stopImmediatePropagation();
    });`);
    const boot = await readFile(join(root, 'dist/worker/boot.js'), 'utf8');
    const sleepy = await openTestSite(t, {
      intercept: async (path) => {
        if (path === '/worker/boot.js') return { body: `${worker}\n${boot}` };
        await slow?.(path);
        return undefined;
      },
    });
    page = await browser.openPage();
    await page.addInitScript(
      clock(`slept = new Float64Array(new SharedArrayBuffer(8));
      window.sleep = (ms) => void (slept[0] += ms);
      window.Worker = class extends Worker {
        constructor(address, options) {
          super(address, options);
          if (options.name === 'palaestra environment') this.postMessage({ slept });
        }
      };`),
    );
    await page.goto(`${sleepy.url}bare.html`);
  };
  const hour = 3_600_000;

  test('of a machine that sleeps for an hour plays no step for it, and the record says so', async (t) => {
    await openSleepy(t);
    await page.evaluate(start, { env: 'MountainCar-v0', focusTimeout: 60_000 });
    const { before, after, ms } = await page.evaluate(async (hour) => {
      const [before, began] = [window.game.frameNumber, performance.now()];
      window.sleep(hour);
      await new Promise((later) => setTimeout(later, 1000));
      return { before, after: window.game.frameNumber, ms: performance.now() - began - hour };
    }, hour);
    assert.ok(after > before, `it stands at ${before}`);
    // 30 a second, and what was granted before it slept.
    assert.ok(after - before <= (ms / 1000) * 30 + 8, `${after - before} steps in ${ms} ms`);
    const record = await page.evaluate(finish);
    const { lines } = await checkRecord(record);
    assert.equal(record.reason, 'complete', record.code);
    const [header] = lines;
    assert.ok(Math.abs(header.slowed_ms - hour) < 2000, `${header.slowed_ms} ms`);
    const times = events(lines, 'transition').map(({ at }) => at);
    assert.ok(times.at(-1) - times[0] > hour, times.join());
  });

  test('of a machine that sleeps for an hour while a game loads has the time to load it', async (t) => {
    let arrive;
    const arrived = new Promise((done) => (arrive = done));
    await openSleepy(t, (path) => (path.startsWith('/worker/classic') ? arrived : undefined));
    await page.evaluate(async (hour) => {
      await window.loading;
      window.game = window.palaestra.play({ env: 'MountainCar-v0', seed: 1, fps: 30, loadTimeout: 20_000 });
      window.finished = window.settle(window.game.finished, 60_000);
      await window.until('the game to load', () => window.game.state === 'validating');
      window.sleep(hour);
      await new Promise((later) => setTimeout(later, 600));
    }, hour);
    arrive();
    await page.evaluate(stepsPass, 5);
    const record = await page.evaluate(finish);
    await checkRecord(record);
    assert.equal(record.reason, 'complete', record.code);
  });
  for (const { name, ms } of [
    { name: 'slept for an hour before its game began', ms: hour },
    { name: 'was set back by an hour before its game began', ms: -hour },
  ]) {
    test(`of a machine that ${name} plays it, with times of one clock`, async (t) => {
      // A browser takes a context's beginning from the system's clock, which goes on in a sleep; `performance.now` may not.
      const origin = `Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + ${ms} });`;
      const boot = await readFile(join(root, 'dist/worker/boot.js'), 'utf8');
      const shifted = await openTestSite(t, {
        intercept: (path) => (path === '/worker/boot.js' ? { body: `${origin}\n${boot}` } : undefined),
      });
      page = await browser.openPage(`${shifted.url}bare.html`);
      await page.evaluate(start, { env: 'MountainCar-v0' });
      await page.evaluate(stepsPass, 10);
      const rows = await page.evaluate(() => window.game.pipelineMetrics.table());
      assert.ok(rows.length >= 10, `${rows.length} rows`);
      for (const row of rows) {
        const shown = JSON.stringify(row);
        // As exact as the Worker's first answer was quick.
        assert.ok(row.stepCallTimestamp <= row.workerReceiveTimestamp + 500, shown);
        assert.ok(row.stepBeginTimestamp <= row.stepEndTimestamp, shown);
        assert.ok(row.stepEndTimestamp <= row.stepReturnTimestamp + 500, shown);
      }
      const record = await page.evaluate(finish);
      await checkRecord(record);
      assert.equal(record.reason, 'complete', record.code);
    });
  }
});

for (const engine of engines) {
  describe(`in ${engine.name} a page that is left in mid-game and comes back as it was`, {
    skip: skipWithout(engine),
  }, () => {
    const owner = sharedOwner();
    let site;
    let browser;
    before(async () => {
      site = await openTestSite(owner);
      browser = await engine.launch(owner, { whole: true, keepsPages: true });
    });

    /** Leaves the page in mid-game and goes back; gives the page, or nothing where this browser has loaded it anew. */
    const leaveAndReturn = async (t, atPagehide = false) => {
      const page = await browser.open(`${site.url}bare.html`);
      await page.evaluate(start, { env: 'MountainCar-v0' });
      await page.evaluate((atPagehide) => {
        window.events = [];
        window.addEventListener('pagehide', ({ persisted }) => {
          window.events.push({ name: 'pagehide', persisted, at: performance.now(), frame: window.game.frameNumber });
          if (atPagehide) window.game.dispose('closed');
        });
        for (const name of ['freeze', 'resume'])
          document.addEventListener(name, () => (window.lifecycle ??= []).push(name));
        window.addEventListener('pageshow', ({ persisted }) =>
          window.events.push({ name: 'pageshow', persisted, at: performance.now(), frame: window.game.frameNumber }),
        );
      }, atPagehide);
      // A question that meets the page as it goes may never be answered, so each has a limit of its own and is asked again.
      const at = () =>
        within(
          'the page to say where it is',
          page.evaluate(() => location.pathname),
          2000,
        ).catch(() => undefined);
      await page.evaluate(() => void setTimeout(() => window.location.assign('/blank.html'), 20));
      await eventually('the other page', async () => (await at()) === '/blank.html', { timeoutMs: 20_000 });
      await new Promise((later) => setTimeout(later, 700));
      await page.evaluate(() => void setTimeout(() => window.history.back(), 20));
      await eventually('the page again', async () => (await at()) === '/bare.html', { timeoutMs: 20_000 });
      const kept = await page.evaluate(() => Boolean(window.game));
      // This one is told to keep pages: one that it does not keep has something that forbids it.
      assert.ok(kept || engine.name !== 'Chromium', 'Chromium keeps the page');
      if (!kept) t.diagnostic(`${engine.name} has loaded the page anew: there is nothing to go on with`);
      return { page, kept };
    };

    test('stood still meanwhile and goes on, and the record says for how long', async (t) => {
      const { page, kept } = await leaveAndReturn(t);
      if (kept) {
        await page.evaluate(stepsPass, 10);
        const [left, back] = await page.evaluate(() => window.events);
        assert.deepEqual([left.name, left.persisted, back.name, back.persisted], ['pagehide', true, 'pageshow', true]);
        assert.ok(back.frame - left.frame <= 8, `${back.frame - left.frame} steps while it was away`);
        const record = await page.evaluate(finish);
        const { lines } = await checkRecord(record);
        assert.equal(record.reason, 'complete');
        const hidden = events(lines, 'hidden');
        assert.equal(hidden.length, 1, JSON.stringify(hidden));
        // A page that is kept is frozen; Chromium says so besides.
        const lifecycle = await page.evaluate(() => window.lifecycle);
        if (engine.name === 'Chromium') assert.deepEqual(lifecycle, ['freeze', 'resume']);
        assert.ok(Math.abs(hidden[0].ms - (back.at - left.at)) < 300, `${hidden[0].ms} of ${back.at - left.at} ms`);
      }
      assert.deepEqual(page.faults, []);
      await page.close();
    });

    test('and ended the game as it went hands over all that was played', async (t) => {
      const { page, kept } = await leaveAndReturn(t, true);
      if (kept) {
        const { reason, code, text, frame } = await page.evaluate(async () => {
          const { value: record } = await window.finished;
          const text = await record.text();
          return { reason: record.reason, code: record.error?.code ?? null, text, frame: window.events[0].frame };
        });
        assert.deepEqual([reason, code], ['closed', null]);
        const steps = stepsOf(linesOf(text)).length;
        assert.ok(steps >= frame, `${steps} steps, the page has seen ${frame}`);
        assert.match(await verify(text), new RegExp(`: ${steps} steps in`));
      }
      assert.deepEqual(page.faults, []);
      await page.close();
    });
  });
}
