import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { killAndRecover, mostMissingMs } from '../browser/support/kept.mjs';
import { openTestSite } from '../browser/support/pages.mjs';

const kills = 50;

test(`the kill test: of ${kills} tabs that are killed at random moments none lacks more than ${mostMissingMs} ms`, async (t) => {
  const site = await openTestSite(t);
  const browser = await launchBrowser(t);
  const missing = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const options = [
      {},
      { env: 'LunarLander-v3', seats: { agent_0: 'random' } },
      { env: 'Overcooked-CrampedRoom-V0', seats: { agent_1: 'random' } },
    ][kill % 3];
    const { missingMs } = await killAndRecover(browser, site, Math.random() * 3000, { fps: 60, ...options });
    missing.push(missingMs);
  }
  missing.sort((a, b) => a - b);
  t.diagnostic(`missing: median ${missing[kills / 2]} ms, most ${missing.at(-1)} ms`);
  assert.ok(missing.at(-1) <= 2 * mostMissingMs);
});
