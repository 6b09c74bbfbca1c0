import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { rewind } from '../../scripts/bench/rewind.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { openDemo, verdict } from './support/demo.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openTestSite } from './support/pages.mjs';

const steps = 240;
const fps = 30;

/** The nearest-rank percentile of numbers. */
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];

const shown = (values) => [0.5, 0.95, 0.99].map((share) => percentile(values, share).toFixed(2)).join(' / ');

/** Milliseconds that a message of a step's size takes to a Worker that only echoes, and back, at the pace of a game. */
const echoes = (page, count) =>
  page.evaluate(
    async ({ count, pace }) => {
      const worker = new Worker('./echo.js');
      const times = [];
      for (let i = 0; i < count; i += 1) {
        await new Promise((tick) => setTimeout(tick, pace));
        const sent = performance.now();
        const back = new Promise((done) => (worker.onmessage = done));
        worker.postMessage(new ArrayBuffer(16));
        await back;
        times.push(performance.now() - sent);
      }
      worker.terminate();
      // The first ones wait for the Worker to be there.
      return times.slice(10);
    },
    { count: count + 10, pace: 1000 / fps },
  );

describe('a step', () => {
  const owner = sharedOwner();
  let site;
  let browser;

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
  });

  for (const env of ['CartPole-v1', 'overcooked_ai/cramped_room']) {
    test(`of ${env} goes to the Worker and back in less than a tick, as the metrics say`, async (t) => {
      const page = await openDemo(browser, site, { env, seed: 1, fps, maxSteps: steps, episodePause: 0 });
      await verdict(page);
      const { columns, summary } = await page.evaluate(() => {
        const { firstFrame, ...columns } = window.game.pipelineMetrics.history();
        const plain = Object.entries(columns).map(([name, column]) => [name, Array.from(column)]);
        return {
          columns: { firstFrame, ...Object.fromEntries(plain) },
          summary: window.game.pipelineMetrics.summary(),
        };
      });
      const {
        stepCallTimestamp: called,
        stepReturnTimestamp: returned,
        workerReceiveTimestamp: received,
        stepBeginTimestamp: began,
        stepEndTimestamp: ended,
      } = columns;
      assert.deepEqual([columns.firstFrame, called.length], [1, steps]);
      // What is sent ahead waits at the Worker for its time.
      const roundTrips = called.map((at, i) => returned[i] - at - (began[i] - received[i]));
      const work = began.map((at, i) => ended[i] - at);
      const echo = await echoes(page, 100);
      t.diagnostic(
        `${env}, ms (p50 / p95 / p99): round trip ${shown(roundTrips)}, of it the step ${shown(work)}; echo ${shown(echo)}`,
      );
      assert.equal(summary.roundTrip.count, steps);
      assert.equal(summary.roundTrip.p50, percentile(roundTrips, 0.5));
      assert.equal(summary.roundTrip.p99, percentile(roundTrips, 0.99));
      // A game that keeps its pace; how short it is beside an echo is a benchmark's to say, where nothing else takes the cores.
      const median = percentile(roundTrips, 0.5);
      assert.ok(median > 0 && median < 1000 / fps, `${median} ms; an echo takes ${percentile(echo, 0.5)} ms`);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
});

// The benchmark talks to a Worker by messages of its own, which no compiler holds to those of the page.
test('going back in a game is still what `npm run bench -- rewind` measures', async (t) => {
  const { figures } = await rewind.run({ owner: sharedOwner(), quick: true, update: () => {} });
  assert.equal(figures.length, 3);
  for (const { name, ours } of figures) t.diagnostic(`${name}: ${JSON.stringify(ours)}`);
});
