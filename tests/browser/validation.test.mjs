import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { percentile } from '../../scripts/bench/figures.mjs';
import { openBenchSite } from '../../scripts/bench/site.mjs';
import { soakPage } from '../../scripts/bench/soak-run.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const frames = 240;
/** Sessions that a page needs to have done everything once, and those over which nothing may be added. */
const warmSessions = 5;
const sessions = 10;

const median = (values) => percentile(values, 0.5);

describe('the validations', () => {
  const owner = sharedOwner();
  let site;
  let browser;

  before(async () => {
    site = await openBenchSite(owner);
    browser = await launchBrowser(owner, { whole: true });
  });

  const openPage = async () => {
    const page = await browser.openPage();
    await page.goto(`${site.url}bench/bench.html`);
    return page;
  };

  /** A game of a kitchen with random partners: its rows of metrics, and how long an echo takes on such a page. */
  const measured = async () => {
    const page = await openPage();
    const found = await page.evaluate(
      async ({ env, frames }) => {
        const { echoWay, whileDrawing } = await import('./roundtrip.js');
        const { init, play } = await import('../palaestra.js');
        await init();
        const canvas = document.getElementById('canvas');
        const seats = /** @type {const} */ ({ agent_0: 'random', agent_1: 'random' });
        const game = play({ env, canvas, seats, fps: 30, seed: 1, maxSteps: frames, episodePause: 0, verify: false });
        await window.within('the game to end', game.finished, 60_000);
        const way = await echoWay(256);
        const echo = await whileDrawing(way, { count: 100, hz: 30 });
        await way.close();
        return { rows: game.pipelineMetrics.table(), echo };
      },
      { env: kitchen, frames },
    );
    await page.context().close();
    assert.deepEqual(page.faults, []);
    return found;
  };

  test('step latency not degraded', async (t) => {
    // What grows from frame to frame does so in every game; what others on the machine begin meanwhile does not.
    const games = [];
    for (let game = 0; game < 3; game += 1) {
      const { rows, echo } = await measured();
      assert.equal(rows.length, frames);
      const spans = rows.map((row) => ({
        frame: row.frame,
        toWorker: row.workerReceiveTimestamp - row.stepCallTimestamp,
        wait: row.stepBeginTimestamp - row.workerReceiveTimestamp,
        step: row.stepEndTimestamp - row.stepBeginTimestamp,
        // What is sent ahead waits at the Worker for its time.
        roundTrip:
          row.stepReturnTimestamp - row.stepCallTimestamp - (row.stepBeginTimestamp - row.workerReceiveTimestamp),
        render: row.renderEndTimestamp - row.renderBeginTimestamp,
        toPaint: row.paintTimestamp - row.stepReturnTimestamp,
      }));
      if (game === 0) for (const line of tableOf(spans.filter(({ frame }) => frame % 20 === 0))) t.diagnostic(line);
      const roundTrips = spans.map(({ roundTrip }) => roundTrip);
      assert.ok(
        roundTrips.every((time) => time > 0),
        'every frame has a call and a later return',
      );
      // Others make some frames slower at any time; what grows makes all of them slower.
      const quartile = (times) => percentile(times, 0.25);
      const [first, last] = [quartile(roundTrips.slice(20, 120)), quartile(roundTrips.slice(-100))];
      const told =
        `round trip, ms: median ${median(roundTrips).toFixed(3)} of ${frames} frames, an echo on such a page ` +
        `${median(echo).toFixed(3)}; lower quartile of the first hundred ${first.toFixed(3)}, of the last ${last.toFixed(3)}`;
      t.diagnostic(told);
      games.push(told);
      if (last <= 1.5 * first + 0.5 && median(roundTrips) < 5 * Math.max(1, median(echo))) return;
    }
    assert.fail(`in each of ${games.length} games it grows, or is far from an echo: ${games.join('; ')}`);
  });

  test('no memory growth across 10 consecutive sessions', async (t) => {
    const page = await openPage();
    const endings = ['complete', 'disposed', 'packed'];
    const { samples } = await soakPage(browser, page, {
      sessions: warmSessions + sessions,
      every: 1,
      choose: (index) => ({ id: kitchen, ending: endings[index % endings.length] }),
    });
    assert.deepEqual(page.faults, []);
    await page.context().close();
    const counted = samples.slice(warmSessions);
    assert.equal(counted.length, sessions);
    for (const line of tableOf(counted)) t.diagnostic(line);
    const [before, after] = [samples[warmSessions - 1], counted.at(-1)];
    assert.deepEqual(
      counted.map(({ targets }) => targets),
      counted.map(() => 0),
    );
    for (const quantity of ['listeners', 'nodes', 'urls', 'closures', 'handles']) {
      assert.ok(
        after[quantity] <= before[quantity],
        `${quantity}: ${before[quantity]} before, ${after[quantity]} after`,
      );
    }
    // A session's record alone has some hundred kilobytes: what is kept would be seen at three sessions at least where one of the
    // endings keeps it. Two steps may be the browser's own: it compiles what has been called often, whenever it likes.
    const heaps = samples.slice(warmSessions - 1).map(({ heap }) => heap);
    const steps = heaps.slice(1).map((heap, index) => heap - heaps[index]);
    const [first, second, third] = [...steps].sort((a, b) => b - a);
    const growth = after.heap - before.heap - Math.max(first, 0) - Math.max(second, 0);
    assert.ok(
      growth <= 10 * sessions && third <= 50,
      `heap, in kB, without the two greatest steps: ${growth.toFixed(1)} more; ${heaps.join(', ')}`,
    );
    if (before.resident !== undefined) {
      const least = Math.min(...counted.slice(-3).map(({ resident }) => resident));
      assert.ok(least <= 1.05 * before.resident, `resident: ${before.resident} MB before, ${least} MB after`);
    }
  });
});

/** Rows as lines of a table. */
function tableOf(rows) {
  const names = Object.keys(rows[0]);
  const cell = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)).padStart(10);
  return [
    names.map((name) => name.padStart(10)).join(' '),
    ...rows.map((row) => names.map((name) => cell(row[name])).join(' ')),
  ];
}
