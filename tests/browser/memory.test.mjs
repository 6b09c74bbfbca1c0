import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { withProtocol } from '../../scripts/browser/protocol.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { memoryIsReadable, processMemory } from '../../scripts/browser/processes.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const sessions = 24;
/** Each kind has been played three times by then: before, the browser itself compiles what it finds to be used often. */
const warm = 12;
const kitchen = 'overcooked_ai/cramped_room';
/** The kinds of sessions, which take turns. */
const kinds = [
  { env: kitchen, ownCanvas: true, ending: 'complete', packed: true },
  { env: 'CartPole-v1', ownCanvas: false, ending: 'closed', packed: false },
  { env: 'CartPole-v1', ownCanvas: true, ending: 'complete', packed: true },
  { env: kitchen, ownCanvas: false, ending: 'closed', packed: false },
];
/** How much more than after the `warm` session there may be after the last: some 10 kB a session. */
const tolerance = 1.06;

describe('a page that is used for many sessions', () => {
  const owner = sharedOwner();
  let site;
  let browser;

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
  });

  /** One session from its beginning to its end, as `kind` says. */
  const playSession = (page, kind, index) =>
    page.evaluate(
      async ({ env: id, ownCanvas, ending, packed, index }) => {
        const { make, play, liveSessions } = window.palaestra;
        // One signal for the whole life of the page, as an experiment might have.
        window.leaving ??= new AbortController();
        const env = await make(id, {}, { signal: window.leaving.signal });
        await env.reset({ seed: index });
        await env.close();

        // Not with the game above: what `onStep` could mention it keeps.
        const reached = (game, frame) => window.until(`step ${frame}`, () => game.frameNumber >= frame);
        const own = ownCanvas && document.body.appendChild(document.createElement('canvas'));
        const canvas = own || document.getElementById('canvas');
        const rest = { fps: 60, maxSteps: 40, episodePause: 0, recordMetrics: packed, onStep: () => {} };
        const game = play({ env: id, canvas, seed: index, ...rest });
        if (ending === 'closed') {
          await reached(game, 10);
          game.dispose('closed');
        }
        const record = await window.within('the game to end', game.finished, 60_000);
        const identical = packed ? (await record.verification()).identical : undefined;
        if (own) own.remove();
        return { reason: record.reason, identical, live: liveSessions() };
      },
      { ...kind, index },
    );

  /** What the page holds once everything that can be freed is. */
  const holds = async (page, pid) => {
    await workersGone(browser, page);
    let least = Infinity;
    let heap = Infinity;
    // Freed pages go back to the system in their own time.
    for (let round = 0; round < 6; round += 1) {
      heap = Math.min(heap, await browser.liveHeap(page));
      if (memoryIsReadable) least = Math.min(least, (await processMemory(pid)).resident);
      await new Promise((later) => setTimeout(later, 250));
    }
    const metrics = await withProtocol(page, async (protocol) => {
      await protocol.send('Performance.enable');
      const { metrics } = await protocol.send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    });
    return { heap, resident: least, nodes: metrics.Nodes, listeners: metrics.JSEventListeners };
  };

  test('holds after the last what it held in the middle', async (t) => {
    const page = await openBarePage(browser, site);
    const pid = memoryIsReadable ? await browser.rendererProcess(page) : undefined;
    const after = {};
    for (let index = 1; index <= sessions; index += 1) {
      const kind = kinds[(index - 1) % kinds.length];
      const { reason, identical, live } = await playSession(page, kind, index);
      assert.deepEqual([reason, identical, live], [kind.ending, kind.packed || undefined, 0]);
      if (index === warm || index === sessions) after[index] = await holds(page, pid);
    }
    const [middle, last] = [after[warm], after[sessions]];
    const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(2);
    for (const [name, value] of [
      ['twelfth', middle],
      ['last', last],
    ]) {
      t.diagnostic(
        `after the ${name}: live JavaScript heap ${megabytes(value.heap)} MiB, resident ${megabytes(value.resident)} MiB, ` +
          `${value.nodes} nodes, ${value.listeners} listeners`,
      );
    }
    assert.deepEqual(page.faults, []);
    assert.ok(
      last.heap <= tolerance * middle.heap,
      `live heap: ${middle.heap} bytes after the twelfth, ${last.heap} after the last`,
    );
    assert.ok(last.nodes <= middle.nodes, `nodes: ${middle.nodes} after the twelfth, ${last.nodes} after the last`);
    assert.ok(last.listeners <= middle.listeners, `listeners: ${middle.listeners}, then ${last.listeners}`);
    await t.test(
      'by the account of the operating system too',
      { skip: !memoryIsReadable && 'no /proc to read' },
      () => {
        assert.ok(
          last.resident <= tolerance * middle.resident,
          `${middle.resident} bytes after the twelfth, ${last.resident} after the last`,
        );
      },
    );
    await page.context().close();
  });

  test('keeps none of the Workers that packed and replayed its records, however many', async () => {
    const page = await openBarePage(browser, site);
    for (let index = 0; index < 60; index += 1) {
      const identical = await page.evaluate(async (seed) => {
        const canvas = document.getElementById('canvas');
        const game = window.palaestra.play({ env: 'CartPole-v1', canvas, seed, fps: 240, maxSteps: 5 });
        const record = await window.within('the game to end', game.finished, 60_000);
        return (await record.verification()).identical;
      }, index);
      assert.equal(identical, true);
    }
    await workersGone(browser, page, { timeoutMs: 20_000 });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('keeps no game that is over, nor its canvas, where a listener of that refers to the game', async () => {
    const page = await openBarePage(browser, site);
    await page.evaluate(async () => {
      const played = async () => {
        const canvas = document.body.appendChild(document.createElement('canvas'));
        const game = window.palaestra.play({ env: 'CartPole-v1', canvas, seed: 1, fps: 60, save: false });
        canvas.addEventListener('click', () => game.pause());
        await window.until('three steps', () => game.frameNumber >= 3);
        await game.dispose();
        canvas.remove();
        return [new WeakRef(canvas), new WeakRef(game)];
      };
      window.weak = await played();
    });
    await eventually(
      'the game and its canvas to be collected',
      async () => {
        await browser.liveHeap(page);
        return page.evaluate(() => window.weak.every((reference) => reference.deref() === undefined));
      },
      { timeoutMs: 10_000, everyMs: 200 },
    );
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('ends the Workers of environments that it forgot to close, and keeps what was recorded of one', async () => {
    const page = await openBarePage(browser, site);
    await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      await env.reset({ seed: 1 });
      // Of this one something holds on to what is kept.
      const onChange = ({ kept }) => Object.assign(window, { kept });
      const recorded = await window.palaestra.make('CartPole-v1', {}, { record: true, save: { onChange } });
      await recorded.reset({ seed: 1 });
      for (const action of [0, 1, 0]) await recorded.step(action);
      await window.until('the steps to be kept', () => /** @type {any} */ (window).kept?.steps === 3);
    });
    assert.equal((await browser.dedicatedWorkers(page)).length, 2);
    await eventually(
      'the forgotten Workers to end',
      async () => {
        await browser.liveHeap(page);
        return (await browser.dedicatedWorkers(page)).length === 0;
      },
      { timeoutMs: 10_000, everyMs: 200 },
    );
    await page.evaluate(() =>
      window.until('the record to be kept', () => /** @type {any} */ (window).kept.state === 'kept'),
    );
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).kept), {
      state: 'kept',
      steps: 3,
      error: null,
    });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});
