import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { moduleOf } from './support/modules.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

const workerModule = moduleOf('CartPole-v1');
const kitchen = 'overcooked_ai/cramped_room';

describe('a download that stalls', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  afterEach(() => workersGone(browser));

  /** A site that answers one path never, for as long as it is broken. */
  const openStalling = async (t, stalling) => {
    const state = { broken: true };
    const site = await openTestSite(t, {
      faults: true,
      intercept: (path) => (state.broken && path === stalling ? new Promise(() => {}) : undefined),
    });
    return { site, state, page: await openBarePage(browser, site) };
  };

  /** Makes and plays once, with a short limit: what became of either. */
  const tryBoth = (page, loadTimeout) =>
    page.evaluate(async (loadTimeout) => {
      const { make, play } = window.palaestra;
      const made = window.settle(make('CartPole-v1', {}, { loadTimeout }));
      const played = window.settle(play({ env: 'CartPole-v1', maxSteps: 3, loadTimeout }).finished);
      const env = (await made).value;
      await env?.close();
      return { made: env ? 'made' : (await made).error?.code, played: await played };
    }, loadTimeout);

  test('of a family does not poison the family: the next to ask begins anew', async (t) => {
    const { page, state, site } = await openStalling(t, workerModule);
    const { made, played } = await tryBoth(page, 400);
    assert.deepEqual([made, played.error?.code], ['deadline_exceeded', 'deadline_exceeded']);
    state.broken = false;
    const again = await tryBoth(page, 20_000);
    assert.deepEqual([again.made, again.played.value?.steps], ['made', 3], JSON.stringify(again));
    const asked = site.requests.filter(({ path }) => path === workerModule).length;
    assert.equal(asked, 1, 'both share what they download; the stalled request has no answer to be listed');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('is waited for by those who have time, also while others have given up', async (t) => {
    let arrive;
    const arrived = new Promise((done) => (arrive = done));
    const site = await openTestSite(t, {
      faults: true,
      intercept: (path) => (path === workerModule ? arrived.then(() => undefined) : undefined),
    });
    const page = await openBarePage(browser, site);
    await page.evaluate(() => {
      const { make } = window.palaestra;
      window.patient = window.settle(make('CartPole-v1'));
      window.hasty = window.settle(make('CartPole-v1', {}, { loadTimeout: 200 }));
    });
    assert.equal(await page.evaluate(async () => (await window.hasty).error?.code), 'deadline_exceeded');
    arrive();
    const patient = await page.evaluate(async () => {
      const { value, error } = await window.patient;
      await value?.close();
      return error?.message ?? 'made';
    });
    assert.equal(patient, 'made');
    await page.context().close();
  });

  test("of a Worker's script spoils nothing, however often it is given up, by its limit or by a signal", async (t) => {
    const { page, state } = await openStalling(t, '/worker/boot.js');
    // More often than a browser has connections to a site.
    for (let round = 0; round < 8; round += 1) {
      const given = await page.evaluate(async (round) => {
        const controller = new AbortController();
        const { signal } = controller;
        const made = window.settle(window.palaestra.make('CartPole-v1', {}, { loadTimeout: 400, signal }));
        if (round % 2 === 1) setTimeout(() => controller.abort(), 200);
        return (await made).error?.code;
      }, round);
      assert.equal(given, round % 2 === 1 ? 'session_closed' : 'deadline_exceeded');
    }
    state.broken = false;
    const again = await page.evaluate(async () => {
      const began = performance.now();
      const env = await window.palaestra.make('CartPole-v1');
      await env.close();
      return performance.now() - began;
    });
    // Chromium has those who ask for the same address wait for twenty seconds.
    assert.ok(again < 10_000, `${again} ms`);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('of a picture is given up with its game: the next game has it', async (t) => {
    const { page, state } = await openStalling(t, '/art/overcooked.svg');
    const playOnce = (loadTimeout) =>
      page.evaluate(
        async ({ env, loadTimeout }) => {
          const canvas = document.getElementById('canvas');
          const seats = { agent_0: 'random', agent_1: 'random' };
          const game = window.palaestra.play({ env, canvas, seats, maxSteps: 3, loadTimeout });
          const { value, error } = await window.settle(game.finished);
          return value?.steps ?? error?.code;
        },
        { env: kitchen, loadTimeout },
      );
    assert.equal(await playOnce(600), 'deadline_exceeded');
    state.broken = false;
    assert.equal(await playOnce(20_000), 3);
    await page.context().close();
  });
});
