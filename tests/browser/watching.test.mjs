import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { engines } from '../../scripts/browser/engines.mjs';
import { newOwner, sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { resultsDir } from '../../scripts/lib/paths.mjs';
import { openGame, openServer, outcome, stepsPass } from './support/together.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const chromium = engines[0];

/** The hash after each step of a record, by the step's number in the match. */
const hashesOf = (text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{"type":"step"'))
    .map((line, index) => [index + 1, JSON.parse(line).hash]);

/** Opens a page of its own profile that watches. */
async function openWatcher(browser, server, options) {
  const watcher = await browser.open(`${server.url}watch.html`);
  await watcher.evaluate(async (options) => {
    await window.within('the module', window.loading, 30_000);
    await window.begin(options);
  }, options);
  return watcher;
}

/** Waits until a page has seen a step of a number, or has ended. */
const sees = (watcher, frame, ms = 30_000) =>
  watcher.evaluate(
    ([frame, ms]) =>
      window.until(
        () => `step ${frame}; at ${window.spectator.frameNumber}, ${window.spectator.state}`,
        () => window.spectator.frameNumber >= frame || window.spectator.state === 'disposed',
        ms,
      ),
    [frame, ms],
  );

/** How watching ended, and what was seen. */
const seen = (watcher, ms = 60_000) =>
  watcher.evaluate(async (ms) => {
    const end = await window.within('the end of watching', window.spectator.finished, ms);
    const { match, differs, state, ended } = window.spectator;
    const rows = window.rows.map(({ frameNumber, episode, action, hash, at }) => ({
      frameNumber,
      episode,
      action,
      hash,
      at,
    }));
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return {
      end,
      match,
      differs,
      state,
      ended,
      rows,
      states: window.states,
      colours: new Set(new Uint32Array(data.buffer)).size,
    };
  }, ms);

/** The error that watching ended with. */
const refusal = (watcher) =>
  watcher.evaluate(() =>
    window.within('the end', window.spectator.finished, 30_000).then(
      () => 'it came to an end',
      ({ name, code, message }) => `${name} ${code}: ${message}`,
    ),
  );

describe('a match that two play is watched on other pages', () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    server = await openServer(owner);
    browser = await chromium.launch(owner);
  });

  const pair = (t, options) => openGame(t, browser, server, [options, options]);

  test('from its beginning and from its middle: at every step the states that the players recorded', async (t) => {
    const both = await pair(t, { env: kitchen, episodes: 2, maxSteps: 450, match: { lobby: 'watched' } });
    const match = await both[0].evaluate(() => window.game.match.id);
    const early = await openWatcher(browser, server, { match });
    t.after(() => early.close());
    for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowRight']) {
      await both[0].keyDown(key);
      await stepsPass(both[0], 20);
      await both[0].keyUp(key);
    }
    await stepsPass(both[0], 60);
    const at = await both[0].evaluate(() => window.game.frameNumber);
    const late = await openWatcher(browser, server, { match });
    t.after(() => late.close());
    // A laptop that sleeps, as far as a page can: it catches up.
    await sees(late, at);
    const sides = await Promise.all(both.map((player) => outcome(player, 90_000)));
    const hashes = new Map(hashesOf(sides[0].text));
    assert.equal(hashes.size, 450);
    for (const [watcher, least] of [
      [early, 1],
      [late, at - 60],
    ]) {
      const { end, rows, differs, state, ended, states, colours, match: facts } = await seen(watcher);
      assert.deepEqual([end.reason, end.code, end.frames, state], ['complete', 'complete', 450, 'disposed']);
      assert.deepEqual([ended.code, differs], ['complete', null]);
      assert.deepEqual(states, ['connecting', 'watching', 'ended', 'disposed']);
      assert.deepEqual([facts.id, facts.lobby, facts.env, facts.size], [match, 'watched', kitchen, 2]);
      const first = rows[0].frameNumber;
      assert.ok(first >= least && rows.length > 150, `${rows.length} steps from ${first} on`);
      for (const [index, row] of rows.entries()) {
        assert.equal(row.frameNumber, first + index, 'every step, in order');
        assert.equal(row.hash, hashes.get(row.frameNumber), `step ${row.frameNumber}`);
      }
      assert.deepEqual([rows[0].episode, rows.at(-1).episode], [1, 2]);
      assert.ok(colours > 20, `${colours} colours`);
      const gaps = rows.slice(1).map(({ at }, i) => at - rows[i].at);
      gaps.sort((a, b) => a - b);
      const median = gaps[gaps.length >> 1];
      const pace = 1000 / facts.fps;
      assert.ok(median > 0.7 * pace && median < 1.4 * pace, `a step every ${median} ms, expected ${pace}`);
      assert.deepEqual(watcher.faults, []);
      await workersGone(browser.browser, watcher.page);
    }
    assert.ok((await late.evaluate(() => window.rows[0].frameNumber)) >= at - 60, 'late is late');
  });

  test('who stops watching leaves no Worker, and the players notice nothing', async (t) => {
    const both = await pair(t, { env: kitchen, maxSteps: 240, match: { lobby: 'stops' } });
    const match = await both[0].evaluate(() => window.game.match.id);
    const watcher = await openWatcher(browser, server, { match });
    t.after(() => watcher.close());
    await sees(watcher, 20);
    const end = await watcher.evaluate(async () => {
      const first = window.spectator.dispose();
      const same = (await first) === (await window.spectator.dispose());
      return { ...(await first), same, state: window.spectator.state };
    });
    assert.deepEqual([end.reason, end.code, end.same, end.state], ['closed', 'left', true, 'disposed']);
    await workersGone(browser.browser, watcher.page);
    // Nor does the page keep what watched.
    await watcher.evaluate(() => {
      window.weak = [new WeakRef(window.spectator)];
      window.spectator = undefined;
    });
    await eventually(
      'the spectator to be collected',
      async () => {
        await browser.browser.liveHeap(watcher.page);
        return watcher.evaluate(() => window.weak[0].deref() === undefined);
      },
      { timeoutMs: 10_000, everyMs: 200 },
    );
    const sides = await Promise.all(both.map((player) => outcome(player)));
    for (const { reason, match } of sides) assert.deepEqual([reason, match.record.verified], ['complete', true]);
    // There is nothing to watch any more.
    const after = await openWatcher(browser, server, { match });
    t.after(() => after.close());
    assert.match(await refusal(after), /^PalaestraError match_failed: (match_over|bad_token)/);
  });

  test('options that are none are refused at once', async (t) => {
    const page = await browser.open(`${server.url}watch.html`);
    t.after(() => page.close());
    const messages = await page.evaluate(async () => {
      await window.loading;
      const attempt = (options) =>
        window.palaestra.watch(options).then(
          () => undefined,
          (error) => `${error.name} ${error.code}: ${error.message}`,
        );
      return [
        await attempt(undefined),
        await attempt({}),
        await attempt({ match: 'm-1', mach: 1 }),
        await attempt({ match: 'm-1', canvas: 'canvas' }),
        await attempt({ match: 'm-1', server: 'ftp://elsewhere/' }),
        await attempt({ match: 'm-1', onStep: 5 }),
      ];
    });
    for (const message of messages) assert.match(message ?? 'nothing', /^PalaestraError bad_argument: .*expected/);
    const nobody = await openWatcher(browser, server, { match: 'm-0123456789ab' });
    t.after(() => nobody.close());
    assert.match(await refusal(nobody), /^PalaestraError match_failed: bad_token: /);
  });
});

describe('the monitor', () => {
  const owner = sharedOwner();

  test('lists the match that bots play, and a click watches it', async () => {
    const lobby = { env_id: 'Overcooked-CounterCircuit-V0', kwargs: {} };
    const quiet = { env_id: kitchen, kwargs: {} };
    const server = await openServer(owner, { lobbies: { 'pilot study': lobby, 'waiting for two': quiet } });
    const bots = (...words) => {
      const child = spawn(
        server.command,
        ['bots', '--url', server.url.replace('http', 'ws').replace(/\/$/, ''), ...words],
        {
          stdio: 'ignore',
        },
      );
      owner.after(() => child.kill('SIGKILL'));
    };
    bots('--lobby', 'pilot study', '--count', '2', '--frames', '320', '--name', 'participant');
    bots('--lobby', 'waiting for two', '--count', '1', '--name', 'early bird');
    const browser = await launchBrowser(owner);
    const token = /monitor\?token=(\S+)/.exec(server.log.join('\n'))?.[1];
    const page = await browser.openPage(`${server.url}monitor?token=${token}`);
    await page.setViewportSize({ width: 1280, height: 800 });
    const button = page.locator('button.match').first();
    await button.waitFor({ timeout: 30_000 });
    await page.locator('.pill.playing').first().waitFor({ timeout: 30_000 });
    assert.match(
      await page.locator('#lobbies').textContent(),
      /pilot study[\s\S]*participant[\s\S]*waiting for two[\s\S]*early bird/,
    );
    await button.click();
    await page.locator('#live.on').waitFor({ timeout: 60_000 });
    const step = async () =>
      Number(/step ([\d,]+)/.exec(await page.locator('#live').textContent())?.[1].replaceAll(',', '') ?? 0);
    const first = await step();
    await eventually('steps to be shown', async () => (await step()) > first + 60, { timeoutMs: 30_000 });
    const colours = await page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(colours > 20, `${colours} colours`);
    assert.equal(await page.locator('#watching').textContent(), '1');
    await mkdir(resultsDir, { recursive: true });
    for (const [name, colorScheme, width] of /** @type {const} */ ([
      ['monitor', 'light', 1280],
      ['monitor-dark', 'dark', 1280],
      ['monitor-narrow', 'light', 480],
    ])) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.waitForTimeout(300);
      await writeFile(join(resultsDir, `${name}.png`), await page.screenshot({ fullPage: true }));
    }
    // The address leads back to it, and it plays to its end.
    assert.match(page.url(), /#m-[0-9a-f]+$/);
    await page.locator('#close').click();
    await page.locator('#viewer').waitFor({ state: 'hidden' });
    await workersGone(browser, page);
    await button.click();
    await page.getByText('Played to its end.').waitFor({ timeout: 60_000 });
    assert.deepEqual(page.uncaught, []);
  });

  test('is for whoever has the token', async () => {
    const server = await openServer(owner);
    for (const path of ['monitor', 'monitor/data', 'monitor?token=guessed']) {
      const { status } = await fetch(`${server.url}${path}`);
      assert.equal(status, 401, path);
    }
  });
});

test('a page that does not watch downloads nothing of this', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const { openTestSite } = await import('./support/pages.mjs');
  const site = await openTestSite(owner, { faults: true });
  const page = await (await launchBrowser(owner)).openPage(`${site.url}together.html`);
  await page.evaluate(async () => {
    await window.loading;
    window.begin({ env: 'overcooked_ai/cramped_room', maxSteps: 5 });
    await window.game.finished;
  });
  assert.deepEqual(
    site.requests.filter(({ path }) => /watch/.test(path)),
    [],
  );
});
