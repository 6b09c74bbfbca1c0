import assert from 'node:assert/strict';
import { eventually } from './browser.mjs';

/** Waits until the page (or, without one, the whole browser) has no dedicated Worker left. */
export async function workersGone(browser, page, { timeoutMs = 5000 } = {}) {
  let left = [];
  try {
    await eventually('no Worker to be left', async () => (left = await browser.dedicatedWorkers(page)).length === 0, {
      timeoutMs,
    });
  } catch (error) {
    assert.fail(`${error.message}; there are ${left.join(', ')}`);
  }
}
