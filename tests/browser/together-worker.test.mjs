import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { news, operations } from '../../crates/page/src/protocol.js';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { openTestSite } from './support/pages.mjs';
import { framesOf, openRelay } from './support/relay.mjs';

const steps = 150;

describe('two Workers in one match, talked to without the page that comes with them', () => {
  const owner = sharedOwner();
  let site;
  let browser;

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
  });

  /**
   * Plays a match; `cuts`: a connection breaks once something of it is stored.
   *
   * @param {{ delay?: number, cuts?: boolean }} options
   */
  async function played({ delay = 0, cuts = false }) {
    const relay = await openRelay(owner, 2);
    const page = await browser.openPage(`${site.url}blank.html`);
    const playing = page.evaluate(
      async ({ url, steps, delay, operations, script }) => {
        const { seat } = await import(script);
        const compiled = (name) => WebAssembly.compileStreaming(fetch(`./worker/overcooked_ai_${name}.wasm`));
        // What plays for somebody who leaves is in the part of options.
        const modules = { module: await compiled('bg'), parts: [await compiled('options')] };
        const plan = {
          envId: 'overcooked_ai/cramped_room',
          steps,
          delay,
          operations,
          actions: [0, 1, 2, 3, 5],
          idle: 4,
        };
        const sides = await Promise.all([0, 1].map((at) => seat(modules, { ...plan, seat: at, url: `${url}${at}` })));
        await Promise.all(sides.map((side) => side.opened()));
        await Promise.all(sides.map((side) => side.validate()));
        await Promise.all(sides.map((side) => side.start()));
        const over = Promise.all(sides.map((side) => side.over()));
        let playing = true;
        over.then(
          () => (playing = false),
          () => (playing = false),
        );
        for (let turn = 0; playing; turn += 1) {
          // Each side strikes keys of its own.
          for (const [at, side] of sides.entries()) {
            await side.key((turn * (at + 2)) % 5, true);
            await new Promise((wait) => setTimeout(wait, 60));
            await side.key((turn * (at + 2)) % 5, false);
          }
        }
        await over;
        // The last batch is on its way.
        await new Promise((wait) => setTimeout(wait, 300));
        sides.forEach((side) => side.end());
        return sides.map(({ own }) => ({ ...own, strokes: own.times.filter(Number.isFinite).length }));
      },
      { url: relay.url, steps, delay, operations, script: './together.js' },
    );
    if (cuts) {
      await eventually('something to be stored', () => relay.stored[0].length > 0, { timeoutMs: 60_000 });
      relay.cut(0);
    }
    const found = await playing;
    await page.close();
    return { found, relay };
  }

  /** @type {[string, { delay?: number, cuts?: boolean }][]} */
  const cases = [
    ['at once', {}],
    ['with 100 ms of delay, jitter and loss', { delay: 100 }],
    ['with a connection that breaks and comes back', { cuts: true }],
  ];
  for (const [about, options] of cases) {
    test(`have the same record, byte for byte, ${about}`, async () => {
      const { found, relay } = await played(options);
      const [first, second] = found;
      assert.equal(first.steps.length, steps);
      assert.deepEqual(second.steps, first.steps);
      for (const side of found) {
        assert.equal(side.ended, 0, 'it ended as planned');
        assert.ok(side.strokes > 5, `${side.strokes} strokes counted`);
        assert.ok(side.pictures >= steps / 2, `${side.pictures} pictures`);
        assert.ok(side.vitals >= 3, `${side.vitals} vitals`);
      }
      for (const stored of relay.stored) assert.equal(framesOf(stored.at(-1)), steps);
      if (options.cuts) assert.ok(first.told.includes(news.socket_lost), `told of ${first.told}`);
      assert.deepEqual(relay.facts, ['{"seat":true}', '{"seat":true}']);
    });
  }
});
