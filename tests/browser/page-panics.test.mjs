import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { verify } from './support/native.mjs';
import { openDemo, stepsPass, verdict } from './support/demo.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { plantPanic } from './support/panic.mjs';
import { standIn, watchingCartPole } from './support/watched.mjs';

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
      const env = await make('CartPole-v1', {}, { record: true });
      await env.reset({ seed: 1 });
      for (const action of [1, 0, 1, 1]) await env.step(action);
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
      const before = await Promise.all(pending);
      const { value: record } = await window.settle(game.finished, 2000);
      const played = env.record();
      const recorded = {
        finished: { error: { code: record.error.code, typed: record.error instanceof PalaestraError } },
        program: { error: { code: played.error.code, typed: played.error instanceof PalaestraError } },
        verification: await played.verification(),
      };
      const later = {
        finished: recorded.finished,
        record: recorded.program,
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
      return { thrown, before, later, state: game.state, live: liveSessions(), verification: recorded.verification };
    });
    assert.deepEqual([seen.verification.identical, seen.verification.steps], [true, 4], JSON.stringify(seen));
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

  test('is the typed end of watching a match as well, and of its picture', async () => {
    await open();
    const agents = ['agent_0', 'agent_1'];
    await page.evaluate(standIn, [{ ...watchingCartPole, env_id: 'overcooked_ai/cramped_room', agents }]);
    const seen = await page.evaluate(async () => {
      const { play, watch, PalaestraError } = window.palaestra;
      const canvas = document.body.appendChild(document.createElement('canvas'));
      const spectator = await watch({ match: 'm-1', canvas });
      await window.until('the environment to be there', () => spectator.spec);
      const game = play({ env: 'MountainCar-v0', fps: 60, canvas: document.getElementById('canvas') });
      await window.until('the game to play', () => game.frameNumber > 3);
      window.panic(game);
      const error = await window.within(
        'watching to end',
        spectator.finished.catch((error) => error),
        5000,
      );
      // Some frames of what is no more.
      await new Promise((later) => setTimeout(later, 400));
      const { state, ended } = spectator;
      return { code: error.code, typed: error instanceof PalaestraError, state, ended: ended.code };
    });
    assert.deepEqual(seen, { code: 'panicked', typed: true, state: 'disposed', ended: 'panicked' });
    // The calls in which it happened, and not each frame after them: there are some twenty.
    assert.ok(page.uncaught.length <= 4, page.uncaught.join('\n'));
  });

  test('hands over all that was played before it, which replays and says why there is no more', async () => {
    await open();
    const seen = await page.evaluate(async () => {
      const { play, recover } = window.palaestra;
      // Nothing of the header's own names is taken for a field of it.
      const notes = { error: null, reason: null, high: 0.1 };
      const options = { env: 'MountainCar-v0', fps: 60, seed: 12345678901234567890n, notes, recordMetrics: true };
      const game = play({ ...options, canvas: document.getElementById('canvas') });
      await window.until('the game to be kept while it is played', () => game.saving.kept.steps > 20);
      window.panic(game);
      const record = await window.within('the game to end', game.finished, 5000);
      const last = game.saving.kept.steps;
      const blob = await record.blob({ keep: true });
      const text = await record.text({ keep: true });
      const { identical, steps, message } = await record.verification();
      const csv = await (await record.csv({ keep: true })).text();
      const name = await record.filename();
      await window.until('the record to be kept', () => game.saving.kept.state === 'kept');
      const { kept } = game.saving;
      record.discard();
      await window.until('the record to be let go of', () => game.saving.kept.state === 'taken');
      return {
        ...{ steps, identical, message, last, name, kept: kept.steps, size: blob.size, text },
        ...{
          rows: csv.trim().split('\n').length - 1,
          reason: record.reason,
          told: record.steps,
          left: (await recover()).length,
        },
        error: record.error.code,
      };
    });
    const lines = seen.text.trim().split('\n');
    const header = JSON.parse(lines[0]);
    assert.deepEqual(
      [seen.identical, seen.error, seen.reason, seen.left],
      [true, 'panicked', 'error', 0],
      seen.message,
    );
    assert.deepEqual([header.error.code, header.reason, header.unfinished], ['panicked', 'error', true]);
    assert.match(header.error.message, /borrowed/);
    assert.deepEqual(header.notes, { error: null, reason: null, high: 0.1 });
    assert.match(lines[0], /"seed":12345678901234567890,/);
    // Of what was told before only the step that waited for its picture may be missing.
    assert.ok(seen.steps > 20 && seen.steps >= seen.last - 1, JSON.stringify({ ...seen, text: undefined }));
    assert.deepEqual([seen.told, seen.kept, seen.rows], [seen.steps, seen.steps, seen.steps]);
    assert.ok(seen.size > 300 && /steps\.jsonl\.gz$/.test(seen.name), seen.name);
    // The browser packed it, and our own build replays it as well.
    assert.match(await verify(seen.text), new RegExp(`${seen.steps} steps in \\d+ episodes?, identical; unfinished`));
  });

  test('ends the game of the demo as well, which hands over what was played', async () => {
    page = await openDemo(browser, site, { env: 'MountainCar-v0', seed: 1, fps: 60 });
    await stepsPass(page, 20);
    await plantPanic(page);
    await page.evaluate(() => window.panic(window.game));
    const said = await verdict(page);
    const seen = await page.evaluate(() => ({
      identical: document.getElementById('verdict').dataset.identical,
      phase: document.getElementById('screen').dataset.phase,
      reason: document.getElementById('ended-reason').textContent,
      score: document.getElementById('ended-score').textContent,
      buttons: Array.from(
        document.querySelectorAll('button.download'),
        (button) => /** @type {HTMLButtonElement} */ (button).disabled,
      ),
      pause: /** @type {HTMLButtonElement} */ (document.getElementById('pause')).disabled,
    }));
    assert.equal(seen.identical, 'true', said);
    assert.deepEqual([seen.phase, seen.buttons, seen.pause], ['ended', [false, false], true]);
    assert.match(seen.reason, /borrowed/);
    // As it was when somebody last looked.
    assert.match(seen.score, /^−\d+$/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#ended .download').click()]);
    await download.delete();
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
      const { value, pending } = await finished;
      const error = value?.error;
      // Some frames and timers of what is no more.
      await new Promise((later) => setTimeout(later, 400));
      const packed = await window.settle(first.pack());
      const text = await window.settle(first.text());
      return {
        error: { code: error?.code, typed: error instanceof window.palaestra.PalaestraError },
        pending,
        packed: packed.value ?? packed,
        text: text.value?.length ?? text,
        state: game.state,
      };
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
