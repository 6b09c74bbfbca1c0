import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBenchSite } from '../../scripts/bench/site.mjs';
import { interpreted, soakFigures, soakPage } from '../../scripts/bench/soak-run.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';

/** How many sessions; `npm run soak` plays two hundred, which takes some minutes. */
const sessions = Number(process.env.PALAESTRA_SOAK ?? 0);
const skip = sessions > 0 ? false : 'some minutes: npm run soak';

test('a page that is used for very many sessions, however they end, holds no more at the end', { skip }, async (t) => {
  const site = await openBenchSite(t, { faults: true });
  const browser = await launchBrowser(t, { whole: true, args: interpreted });
  const page = await browser.openPage();
  await page.goto(`${site.url}bench/bench.html`);
  const { samples, endings } = await soakPage(browser, page, {
    sessions,
    update: (text) => process.stdout.isTTY && process.stdout.write(`\r\x1b[K${text}`),
  });
  assert.deepEqual(Object.keys(endings).sort(), ['complete', 'disposed', 'hung', 'packed', 'panicked']);
  assert.deepEqual(page.uncaught, []);
  t.diagnostic(`after session ${samples[0].session}: ${JSON.stringify(samples[0])}`);
  t.diagnostic(`after session ${samples.at(-1).session}: ${JSON.stringify(samples.at(-1))}`);
  const missed = [];
  for (const { name, unit, ours, peer, ratio, bound, note = '' } of soakFigures(samples)) {
    const found = ratio
      ? `${ours.median} ${unit}, ${peer.label} ${peer.median}: ${ratio.median}`
      : `${ours.median} ${unit}, ${note}`;
    t.diagnostic(`${name}: ${found}; at most ${bound.value}`);
    if (!bound.reached) missed.push(`${name}: ${found}, at most ${bound.value}`);
  }
  assert.deepEqual(missed, []);
});
