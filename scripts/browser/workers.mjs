import { until } from './until.mjs';

/** Waits until the page (or, without one, the whole browser) has no dedicated Worker left. */
export async function workersGone(browser, page, { timeoutMs = 15_000 } = {}) {
  let left = [];
  const gone = async () => (left = await browser.dedicatedWorkers(page)).length === 0;
  await until(() => `no Worker to be left; there are ${left.join(', ')}`, gone, timeoutMs, 50);
}
