import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

describe('an environment that is closed', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
  });
  beforeEach(async () => void (page = await openBarePage(browser, site)));
  afterEach(async () => {
    assert.deepEqual(page.faults, []);
    await workersGone(browser);
    await page.context().close();
  });

  test('takes its Worker with it, and tells everybody who closes it the same', async () => {
    await page.evaluate(async () => {
      window.env = await window.palaestra.make('CartPole-v1');
      await window.env.reset({ seed: 1 });
    });
    assert.equal((await browser.dedicatedWorkers(page)).length, 1);
    const reports = await page.evaluate(async () => {
      const together = await Promise.all([window.env.close(), window.env.close()]);
      return [...together, await window.env.close()];
    });
    assert.deepEqual([reports[0].outcome, reports[0].rejectedRequests], ['graceful', 0]);
    assert.ok(reports[0].durationMs >= 0 && reports[0].durationMs < 100, `${reports[0].durationMs} ms`);
    assert.deepEqual(reports.slice(1), [reports[0], reports[0]]);
    await workersGone(browser, page);
  });

  test('listens to its signal no more, also where a record was asked for and nothing was played', async () => {
    const left = await page.evaluate(async () => {
      const { signal } = new AbortController();
      const listeners = new Set();
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (type, listener, options) => {
        listeners.add(listener);
        addEventListener.call(signal, type, listener, options);
      };
      signal.removeEventListener = (type, listener, options) => {
        listeners.delete(listener);
        removeEventListener.call(signal, type, listener, options);
      };
      const env = await window.palaestra.make('CartPole-v1', {}, { record: true, signal });
      const heard = listeners.size;
      await env.close();
      return { heard, left: listeners.size };
    });
    assert.ok(left.heard > 0);
    assert.equal(left.left, 0);
  });

  test('refuses everything that is asked of it afterwards', async () => {
    const outcomes = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      await env.reset({ seed: 1 });
      const state = await env.save();
      await env.close();
      const calls = {
        reset: () => env.reset({ seed: 1 }),
        step: () => env.step(0),
        stepMany: () => env.stepMany([0, 1]),
        save: () => env.save(),
        restore: () => env.restore(state),
        hash: () => env.hash(),
      };
      const outcomes = {};
      for (const [name, call] of Object.entries(calls)) outcomes[name] = await window.attempt(call);
      return outcomes;
    });
    for (const [name, { error }] of Object.entries(outcomes)) {
      assert.deepEqual([error?.code, error?.typed], ['session_closed', true], name);
      assert.match(error.message, /closed/, name);
    }
  });

  test('settles every promise that was pending, however many there are', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      await env.reset({ seed: 1 });
      const pending = Array.from({ length: 50 }, () => window.settle(env.step(0)));
      const report = await env.close();
      return { report, outcomes: await Promise.all(pending) };
    });
    assert.deepEqual([...new Set(seen.outcomes.map(({ error }) => error?.code))], ['session_closed']);
    assert.equal(seen.report.rejectedRequests, 50);
  });

  test('by a signal, before it is made, is never made', async () => {
    const outcome = await page.evaluate(async () => {
      const signal = AbortSignal.abort();
      return window.settle(window.palaestra.make('CartPole-v1', {}, { signal }));
    });
    assert.deepEqual([outcome.error?.code, outcome.error?.typed], ['session_closed', true]);
    assert.deepEqual(await browser.dedicatedWorkers(page), []);
  });

  test('by a signal, while it is being made, is rejected and its Worker goes', async () => {
    for (const later of ['at once', 'in a moment']) {
      const outcome = await page.evaluate(async (later) => {
        const controller = new AbortController();
        const making = window.palaestra.make('CartPole-v1', {}, { signal: controller.signal });
        if (later === 'in a moment') await new Promise((done) => setTimeout(done, 1));
        controller.abort();
        return window.settle(making);
      }, later);
      assert.deepEqual([outcome.error?.code, outcome.error?.typed], ['session_closed', true], later);
      await workersGone(browser, page);
    }
  });

  test('by a signal, while it works, rejects what is pending', async () => {
    const seen = await page.evaluate(async () => {
      const controller = new AbortController();
      const env = await window.palaestra.make('CartPole-v1', {}, { signal: controller.signal });
      await env.reset({ seed: 1 });
      const pending = window.settle(env.step(0));
      controller.abort();
      return { step: await pending, later: await window.settle(env.step(0)), report: await window.settle(env.close()) };
    });
    assert.deepEqual([seen.step.error?.code, seen.later.error?.code], ['session_closed', 'session_closed']);
    assert.equal(seen.report.value.rejectedRequests, 1);
    await workersGone(browser, page);
  });
});
