import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { withProtocol } from '../../scripts/browser/protocol.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { killAndRecover } from './support/kept.mjs';
import { verify } from './support/native.mjs';
import { openTestSite } from './support/pages.mjs';
import { openReceiver } from './support/receiver.mjs';

/** On the page: what is kept in this browser, by store. */
const kept = async () => {
  const request = indexedDB.open('palaestra');
  const database = await new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const stores = [...database.objectStoreNames];
  const counts = await Promise.all(
    stores.map(
      (name) =>
        new Promise((done) => {
          const count = database.transaction(name).objectStore(name).count();
          count.onsuccess = () => done(count.result);
        }),
    ),
  );
  const pieces = await new Promise((done) => {
    const all = database.transaction('pieces').objectStore('pieces').getAll();
    all.onsuccess = () => done(all.result);
  });
  database.close();
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return { ...Object.fromEntries(stores.map((name, index) => [name, counts[index]])), bytes };
};

describe('what is recorded', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
  });
  const open = async (t) => {
    const page = await browser.openPage(`${site.url}bare.html`);
    t.after(() => page.context().close());
    await page.evaluate(() => window.loading);
    return page;
  };

  test('the kill test: of a tab that is killed in mid-game a fifth of a second is missing at most', async () => {
    for (const ms of [150, 900, 1700]) await killAndRecover(browser, site, ms + Math.random() * 100);
  });

  test('leaves nothing behind once the record is taken, and is there for the next visit if nobody took it', async (t) => {
    const page = await open(t);
    const before = await page.evaluate(async () => {
      const play = { env: 'CartPole-v1', seed: 3, maxSteps: 60, fps: 60, seats: { agent_0: 'random' } };
      window.record = await window.palaestra.play(play).finished;
      await window.record.verification();
      window.game = window.palaestra.play(play);
      await window.game.finished;
      const { kept } = await window.game.saved;
      return kept;
    });
    assert.deepEqual([before.state, before.steps, before.error], ['kept', 60, null]);
    await page.evaluate(() => window.record.blob());
    await eventually('the first record to be gone', async () => (await page.evaluate(kept)).games === 1);
    // Nothing is offered of a tab that is still open.
    assert.deepEqual(await page.evaluate(() => window.palaestra.recover()), []);
    await page.reload();
    const left = await page.evaluate(async () => {
      await window.loading;
      const [left] = await window.palaestra.recover();
      const { unfinished, steps, envId } = left;
      return { unfinished, steps, envId, text: await left.text(), message: (await left.verification()).message };
    });
    assert.deepEqual([left.unfinished, left.steps, left.envId], [false, 60, 'CartPole-v1']);
    assert.match(left.message, /^verified: 60 steps identical$/);
    assert.equal(JSON.parse(left.text.split('\n')[0]).reason, 'complete');
    assert.match(await verify(left.text), /: 60 steps in .*identical\n/);
    await page.evaluate(async () => (await window.palaestra.recover())[0].delete());
    assert.deepEqual(await page.evaluate(kept), { games: 0, pieces: 0, bytes: 0 });
  });

  /** On the page: an environment makes many chunks of a record, until the browser says that it keeps every step. */
  const makeChunks = async () => {
    const env = await window.palaestra.make('Overcooked-CrampedRoom-V0', {}, { record: true });
    await env.reset({ seed: 1 });
    let steps = 0;
    const agents = env.agents;
    while (steps < 9_000) {
      const actions = Array.from({ length: 1000 }, (_, i) =>
        Object.fromEntries(agents.map((agent, j) => [agent, (steps + i * (j + 2)) % 6])),
      );
      const { length } = await env.stepMany(actions);
      steps += length;
      if (length < 1000) await env.reset({});
    }
    await window.until(
      () => JSON.stringify(env.saving),
      () => env.saving.kept.steps === steps,
    );
    return steps;
  };

  /** That the next visit finds every one of these steps. */
  const assertAllLeft = async (page, steps) => {
    await page.reload();
    const left = await page.evaluate(async () => {
      await window.loading;
      const [left] = await window.palaestra.recover();
      const { unfinished, steps, bytes } = left;
      return { unfinished, steps, bytes, verification: await left.verification() };
    });
    assert.equal(
      left.bytes,
      (await page.evaluate(kept)).bytes,
      'what a compressed chunk took the place of is not counted',
    );
    const { identical, steps: replayed, message } = left.verification;
    assert.deepEqual([left.unfinished, left.steps, replayed, identical], [true, steps, steps, true], message);
  };

  test('of an environment that a program drives is kept too, many chunks of it', async (t) => {
    const page = await open(t);
    await assertAllLeft(page, await page.evaluate(makeChunks));
    const { pieces } = await page.evaluate(kept);
    assert.ok(pieces > 1 && pieces < 60, `${pieces} pieces`);
  });

  test('is kept where the browser is slow to compress it: no step is counted that is not there', async (t) => {
    const page = await open(t);
    await page.evaluate(() => {
      // Takes everything and never ends.
      window.CompressionStream = class extends TransformStream {
        constructor() {
          super({ transform() {}, flush: () => new Promise(() => {}) });
        }
      };
    });
    await assertAllLeft(page, await page.evaluate(makeChunks));
  });

  test('the private-window test: where storage is denied it is told once, and the game is whole', async (t) => {
    const open = await openTestSite(t, { isolation: false, headers: { 'access-control-allow-origin': '*' } });
    const page = await browser.openPage(`${open.url}blank.html`);
    t.after(() => page.context().close());
    const warnings = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    const result = await page.evaluate(async (url) => {
      // In a frame without an origin every storage is denied.
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      const heard = new Promise((done) => window.addEventListener('message', ({ data }) => done(data)));
      frame.srcdoc = `<script type="module">
        import { play, recover } from '${url}palaestra.js';
        const game = play({ env: 'CartPole-v1', seed: 3, maxSteps: 60, fps: 60, seats: { agent_0: 'random' } });
        const record = await game.finished;
        const { kept } = await game.saved;
        const refused = await recover().catch((error) => error.code);
        const { identical } = await record.verification();
        parent.postMessage({ steps: record.steps, identical, state: kept.state, code: kept.error.code, message: kept.error.message, refused }, '*');
      </script>`;
      document.body.append(frame);
      return window.within('the frame', heard, 30_000);
    }, open.url);
    const { message, ...rest } = result;
    assert.deepEqual(rest, { steps: 60, identical: true, state: 'failed', code: 'not_kept', refused: 'not_kept' });
    assert.match(message, /is not kept in this browser: SecurityError/);
    assert.equal(warnings.filter((text) => text.includes('is not kept')).length, 1, warnings.join('\n'));
  });

  test('the quota test: a full disk is told once and the game is whole; what is old makes room, and is named', async (t) => {
    const page = await open(t);
    const warnings = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    const play = async () => {
      await window.loading;
      const save = { onChange: ({ kept }) => kept.state === 'failed' && window.game.dispose('complete') };
      window.game = window.palaestra.play({ env: 'MountainCar-v0', seed: 3, fps: 60, save });
      const record = await window.within('a full disk', window.game.finished, 20_000);
      const { kept, dropped } = await window.game.saved;
      const { identical } = await record.verification();
      return { state: kept.state, message: kept.error?.message, steps: record.steps, identical, dropped };
    };
    await withProtocol(page, async (protocol) => {
      await protocol.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 9000 });
      const first = await page.evaluate(play);
      assert.match(first.message, /is not kept in this browser: QuotaExceededError/);
      assert.deepEqual([first.state, first.identical, first.dropped], ['failed', true, []]);
      assert.equal(warnings.filter((text) => text.includes('is not kept')).length, 1, warnings.join('\n'));
      await page.reload();
      const second = await page.evaluate(play);
      assert.deepEqual([second.state, second.identical], ['failed', true]);
      assert.deepEqual(
        second.dropped.map(({ envId }) => envId),
        ['MountainCar-v0'],
      );
      assert.ok(
        warnings.some((text) => /no room for what was kept of MountainCar-v0/.test(text)),
        warnings.join('\n'),
      );
    });
  });

  test('a database that never answers, or has a newer version, is told once and harms nothing', async (t) => {
    const page = await open(t);
    const outcomes = await page.evaluate(async () => {
      const newer = indexedDB.open('palaestra', 9);
      await new Promise((done) => {
        newer.onsuccess = done;
      });
      newer.result.close();
      const play = async () => {
        const game = window.palaestra.play({
          env: 'CartPole-v1',
          seed: 3,
          maxSteps: 60,
          fps: 60,
          seats: { agent_0: 'random' },
        });
        const record = await game.finished;
        const { kept } = await game.saved;
        return [record.steps, kept.state, kept.error.message];
      };
      const first = await play();
      /** @type {any} */ (IDBFactory.prototype).open = () => ({});
      return [first, await play()];
    });
    assert.deepEqual(
      outcomes.map(([steps, state]) => [steps, state]),
      [
        [60, 'failed'],
        [60, 'failed'],
      ],
    );
    assert.match(outcomes[0][2], /VersionError/);
    assert.match(outcomes[1][2], /TimeoutError: IndexedDB: expected an answer within 5000 ms/);
  });

  test('the server-down test: a server that is away, errs, answers a page or nothing has every step in the end', async (t) => {
    const page = await open(t);
    const receiver = await openReceiver(t);
    await page.evaluate((url) => {
      window.told = [];
      const save = { url, onChange: ({ sent }) => window.told.push(sent.state) };
      window.game = window.palaestra.play({ env: 'MountainCar-v0', seed: 3, fps: 60, save });
    }, receiver.url);
    const steps = () => page.evaluate(() => window.game.frameNumber);
    const saved = (more) =>
      eventually(
        'more to be acknowledged',
        () => page.evaluate((more) => window.game.saving.sent.steps >= more, more),
        { timeoutMs: 30_000 },
      );
    await saved(1);
    for (const manner of ['broken', 'html', 'mute']) {
      receiver.state.manner = manner;
      const before = receiver.requests.length;
      await eventually(`two attempts at a ${manner} server`, () => receiver.requests.length >= before + 2, {
        timeoutMs: 15_000,
      });
      // The server has an attempt before the page has its answer.
      await eventually(`what a ${manner} server has not taken to wait`, () =>
        page.evaluate(() => window.game.saving.sent.state === 'waiting'),
      );
      receiver.state.manner = 'good';
      await saved(await steps());
    }
    await receiver.stop();
    await eventually('the game to wait', () => page.evaluate(() => window.game.saving.sent.state === 'waiting'));
    await receiver.start();
    await saved(await steps());
    const end = await page.evaluate(async () => {
      window.game.dispose('complete');
      const record = await window.game.finished;
      const { sent, kept } = await window.game.saved;
      return { steps: record.steps, sent, kept: kept.state, told: window.told };
    });
    assert.equal(receiver.state.fault, undefined);
    assert.deepEqual([end.sent.state, end.sent.steps, end.kept], ['saved', end.steps, 'taken']);
    const [record] = receiver.records.values();
    assert.ok(record.last && record.overlaps > 0);
    assert.match(await verify(record.bytes), new RegExp(`: ${end.steps} steps in \\d+ episodes?, identical\n`));
    // Whoever takes it has it: nothing is left here.
    await eventually('nothing to be left', async () => (await page.evaluate(kept)).games === 0);
  });

  test('a game that ends before its first step ends what was begun of keeping and sending, too', async (t) => {
    const page = await open(t);
    const receiver = await openReceiver(t);
    const end = await page.evaluate(async (url) => {
      // It waits for a key: it is kept and sent from its first picture on, and has no step.
      const game = window.palaestra.play({ env: 'FrozenLake-v1', seed: 3, startPaused: true, save: { url } });
      await window.until('its beginning to be sent', () => game.saving.sent.state === 'saving', 30_000);
      game.dispose('closed');
      const record = await game.finished;
      const { sent, kept } = await window.within('an end', game.saved, 20_000);
      return { steps: record.steps, sent: sent.state, kept: kept.state };
    }, receiver.url);
    assert.deepEqual(end, { steps: 0, sent: 'saved', kept: 'taken' });
    assert.deepEqual(
      [...receiver.records.values()].map(({ last }) => last),
      [true],
    );
    assert.equal((await page.evaluate(kept)).games, 0);
  });

  test('a server that takes nothing is given up when the game is over, told, and has it at the next visit', async (t) => {
    const page = await open(t);
    const receiver = await openReceiver(t);
    receiver.state.manner = 'broken';
    const save = { url: receiver.url, patience: 700 };
    const end = await page.evaluate(async (save) => {
      const game = window.palaestra.play({ env: 'MountainCar-v0', seed: 3, fps: 60, maxSteps: 60, save });
      await game.finished;
      const { sent, kept } = await window.within('an end', game.saved, 20_000);
      return { state: sent.state, message: sent.error.message, kept: kept.steps };
    }, save);
    assert.deepEqual([end.state, end.kept], ['failed', 60]);
    assert.match(end.message, /the record is not sent: .*status 500/);
    receiver.state.manner = 'good';
    await page.reload();
    await page.evaluate(async (save) => {
      await window.loading;
      window.game = window.palaestra.play({ env: 'CartPole-v1', seed: 3, fps: 60, save });
    }, save);
    await eventually(
      'what was left to be sent',
      () => [...receiver.records.values()].some(({ env, last }) => env === 'MountainCar-v0' && last),
      { timeoutMs: 20_000 },
    );
    const record = [...receiver.records.values()].find(({ env }) => env === 'MountainCar-v0');
    assert.match(await verify(record.bytes), /: 60 steps in 1 episode, identical\n/);
  });

  test('pagehide: what was not acknowledged goes with the page, in one request of 64 KiB at most', async (t) => {
    const page = await open(t);
    const receiver = await openReceiver(t);
    await page.evaluate((url) => {
      window.game = window.palaestra.play({ env: 'MountainCar-v0', seed: 3, fps: 60, save: { url } });
    }, receiver.url);
    await eventually('something to be acknowledged', () => page.evaluate(() => window.game.saving.sent.steps > 0), {
      timeoutMs: 20_000,
    });
    await page.evaluate(() => new Promise((later) => setTimeout(later, 700)));
    const steps = await page.evaluate(() => window.game.frameNumber);
    const before = receiver.requests.length;
    await page.goto(`${site.url}blank.html`);
    await eventually('the last piece', () =>
      receiver.requests.slice(before).some(({ query }) => query.get('encoding') === 'identity'),
    );
    const last = receiver.requests.slice(before).find(({ query }) => query.get('encoding') === 'identity');
    assert.ok(last.size > 0 && last.size <= 65_536, `${last.size} bytes`);
    const [record] = receiver.records.values();
    const [, there] = /: (\d+) steps in 1 episode, identical; unfinished/.exec(await verify(record.bytes)) ?? [];
    assert.ok(Number(there) >= steps - 1, `${there} of ${steps} steps`);
  });

  test('pagehide: of a game that has just ended goes what was not acknowledged, with its end', async (t) => {
    const page = await open(t);
    const receiver = await openReceiver(t);
    await page.evaluate(
      async ({ url, next }) => {
        const save = { url };
        const options = { env: 'MountainCar-v0', seed: 3, fps: 60, maxSteps: 150, save };
        const game = window.palaestra.play(options);
        await window.until('something to be acknowledged', () => game.saving.sent.steps > 0, 20_000);
        // From here on nothing comes through before the page goes.
        const { fetch } = window;
        const outlives = (given, options) => options?.keepalive || !String(given).startsWith(url);
        window.fetch = (given, options) => (outlives(given, options) ? fetch(given, options) : new Promise(() => {}));
        game.finished.then(() => location.assign(next));
      },
      { url: receiver.url, next: `${site.url}blank.html` },
    );
    await eventually('the last piece', () => [...receiver.records.values()].some(({ last }) => last), {
      timeoutMs: 20_000,
    });
    assert.equal(receiver.state.fault, undefined);
    const [record] = receiver.records.values();
    assert.match(await verify(record.bytes), /: 150 steps in 1 episode, identical\n/);
  });

  test('the record of an environment that its program closes, or a signal, is sent to its end', async (t) => {
    const page = await open(t);
    const receiver = await openReceiver(t);
    const states = await page.evaluate(async (url) => {
      const ends = [(env) => env.close(), (_, controller) => controller.abort()];
      return Promise.all(
        ends.map(async (end) => {
          const controller = new AbortController();
          const options = { record: true, save: { url }, signal: controller.signal };
          const env = await window.palaestra.make('MountainCar-v0', {}, options);
          await env.reset({ seed: 1 });
          await env.step(1);
          await window.until('all of it to be acknowledged', () => env.saving.sent.steps === 1);
          // Only what follows says that there is no more.
          await new Promise((later) => setTimeout(later, 100));
          await end(env, controller);
          await window.until('the end to be acknowledged', () => env.saving.sent.state === 'saved');
          await window.until('nothing to be kept', () => env.saving.kept.state === 'taken');
          return env.saving.sent.steps;
        }),
      );
    }, receiver.url);
    assert.deepEqual(states, [1, 1]);
    assert.equal(receiver.state.fault, undefined);
    assert.deepEqual(
      [...receiver.records.values()].map(({ last }) => last),
      [true, true],
    );
  });

  test('a callback has every byte, acknowledges with its promise, and is asked again', async (t) => {
    const page = await open(t);
    const { bytes, steps, calls, lasts } = await page.evaluate(async () => {
      const parts = [];
      const lasts = [];
      let calls = 0;
      const callback = async (piece) => {
        calls += 1;
        if (calls === 2) throw new Error('not now');
        parts[piece.offset] = piece.bytes;
        lasts.push(piece.last);
      };
      const game = window.palaestra.play({
        env: 'CartPole-v1',
        seed: 3,
        fps: 60,
        maxSteps: 100,
        seats: { agent_0: 'random' },
        save: { callback },
      });
      const record = await game.finished;
      await game.saved;
      const bytes = await new Blob(Object.values(parts)).arrayBuffer();
      return { bytes: Array.from(new Uint8Array(bytes)), steps: record.steps, calls, lasts };
    });
    assert.ok(calls >= 3, `${calls} calls`);
    assert.deepEqual([lasts.indexOf(true), lasts.at(-1)], [lasts.length - 1, true], 'the last piece, and no other');
    assert.match(await verify(Uint8Array.from(bytes)), new RegExp(`: ${steps} steps in \\d+ episodes?, identical\n`));
  });

  test('says with each piece who played, wherever that was said', async (t) => {
    const page = await browser.openPage(`${site.url}bare.html?PROLIFIC_PID=5f-7`);
    t.after(() => page.context().close());
    const receiver = await openReceiver(t);
    await page.evaluate(async (url) => {
      await window.loading;
      const play = { env: 'CartPole-v1', seed: 3, fps: 60, maxSteps: 30, seats: { agent_0: 'random' } };
      const game = window.palaestra.play({ ...play, recordAddress: true, save: { url } });
      await game.finished;
      await window.within('the game to be saved', game.saved, 20_000);
      const made = await window.palaestra.make(
        'MountainCar-v0',
        {},
        { record: true, participant: 'p-07', save: { url } },
      );
      await made.reset({ seed: 1 });
      await made.step(1);
      await window.until('it to be sent', () => made.saving.sent.steps === 1);
      await made.close();
    }, receiver.url);
    const said = [...receiver.records.values()].map(({ env, participant }) => [env, participant]);
    assert.deepEqual(said, [
      ['CartPole-v1', '5f-7'],
      ['MountainCar-v0', 'p-07'],
    ]);
  });

  test('what one page left goes to no function of another page of the site', async (t) => {
    const page = await open(t);
    await page.evaluate(async () => {
      const seats = { agent_0: 'random' };
      const save = { callback: () => Promise.reject(new Error('not now')), patience: 1 };
      const game = window.palaestra.play({ env: 'CartPole-v1', seed: 3, fps: 60, maxSteps: 30, seats, save });
      await game.finished;
      await window.within('an end', game.saved, 20_000);
    });
    await page.goto(`${site.url}phone.html`);
    /** On a page: plays a moment, and gives which environments its function had pieces of once `enough` says so. */
    const heard = await page.evaluate(async () => {
      await window.until('the page to be there', () => window.ready);
      const heard = new Set();
      const callback = async ({ envId }) => void heard.add(envId);
      window.start({
        env: 'MountainCar-v0',
        seed: 3,
        fps: 60,
        maxSteps: 30,
        seats: { agent_0: 'random' },
        save: { callback },
      });
      await window.game.finished;
      await window.within('an end', window.game.saved, 20_000);
      return [...heard];
    });
    assert.deepEqual(heard, ['MountainCar-v0']);
    await page.goto(`${site.url}bare.html`);
    await page.evaluate(async () => {
      await window.loading;
      window.heard = new Set();
      const callback = async ({ envId }) => void window.heard.add(envId);
      window.palaestra.play({
        env: 'MountainCar-v0',
        seed: 3,
        fps: 60,
        seats: { agent_0: 'random' },
        save: { callback },
      });
    });
    await eventually('what was left to come to the page that left it', () =>
      page.evaluate(() => window.heard.has('CartPole-v1')),
    );
  });

  test('is kept again, from its first step, where the browser closes its database or clears it', async (t) => {
    const page = await open(t);
    await page.evaluate(async () => {
      window.game = window.palaestra.play({ env: 'MountainCar-v0', seed: 3, fps: 60, seats: { agent_0: 'random' } });
      await window.until('steps to be kept', () => window.game.saving.kept.steps > 10);
    });
    const origin = new URL(site.url).origin;
    for (let round = 0; round < 2; round += 1) {
      await withProtocol(page, (protocol) =>
        protocol.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' }),
      );
      const frame = await page.evaluate(() => window.game.frameNumber);
      await page.evaluate(
        (frame) =>
          window.until(
            () => `more steps to be kept: ${JSON.stringify(window.game.saving)}`,
            () => window.game.saving.kept.steps > frame,
          ),
        frame + 5,
      );
    }
    const steps = await page.evaluate(() => window.game.saving.kept.steps);
    await page.reload();
    const left = await page.evaluate(async () => {
      await window.loading;
      const [left] = await window.palaestra.recover();
      return { steps: left.steps, verification: await left.verification() };
    });
    assert.ok(left.steps >= steps, `${left.steps} of ${steps} steps`);
    assert.equal(left.verification.identical, true, left.verification.message);
  });

  test('what is no way to save is refused by name', async (t) => {
    const page = await open(t);
    const refused = await page.evaluate(() =>
      [7, { ulr: 'x' }, { url: 'x', server: true }, { callback: 'x' }, { url: 'http://[' }, { patience: 0 }].map(
        (save) => {
          try {
            window.palaestra.play({ env: 'CartPole-v1', save });
            return 'played';
          } catch (error) {
            return [error.code, error.message];
          }
        },
      ),
    );
    assert.deepEqual(
      refused.map(([code]) => code),
      Array(6).fill('bad_argument'),
    );
    assert.match(refused[1][1], /found `ulr`/);
  });
});
