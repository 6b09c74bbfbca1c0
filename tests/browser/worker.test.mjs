import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { errorCodes, operations } from '../../crates/page/src/protocol.js';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const { step: STEP, save: SAVE, hash: HASH, close: CLOSE, reset: RESET, play: PLAY } = operations;
const { bad_argument: BAD_ARGUMENT, out_of_order: OUT_OF_ORDER, bad_message: BAD_MESSAGE } = errorCodes;

describe('the Worker, talked to without the page that comes with it', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;

  before(async () => {
    site = await openTestSite(owner, { faults: true });
    browser = await launchBrowser(owner);
  });
  beforeEach(async () => {
    page = await browser.openPage(`${site.url}blank.html`);
    await page.evaluate(async () => {
      const compiled = (name) => WebAssembly.compileStreaming(fetch(`./worker/${name}.wasm`));
      const modulesOf = async (family, parts = []) => ({
        module: await compiled(`${family}_bg`),
        parts: await Promise.all(['options', 'program', ...parts].map((part) => compiled(`${family}_${part}`))),
      });
      const faults = await modulesOf('faults');
      /** A Worker, with everything that it says in order. */
      window.spawn = () => {
        const worker = new Worker('./worker/boot.js', { type: 'module' });
        const heard = [];
        worker.onmessage = ({ data }) => void heard.push(data);
        worker.onerror = (event) => {
          event.preventDefault();
          heard.push({ error: event.message ?? '' });
        };
        /** The next thing that it says; undefined if it says nothing for so long. */
        const hear = async (ms = 5000) => {
          await window.until('a word of the Worker', () => heard.length > 0, ms).catch(() => {});
          return heard.shift();
        };
        return { worker, hear, say: (message) => worker.postMessage(message) };
      };
      const registry = await (await fetch('./page/registry.json')).json();
      window.made = async (envId = 'Faults-v0') => {
        const { family, part } = registry.find(({ id }) => id === envId) ?? { family: 'faults' };
        const link = window.spawn();
        const modules = family === 'faults' ? faults : await modulesOf(family, part ? [part] : []);
        link.say({ ...modules, id: 1, make: { envId } });
        return { ...link, first: await link.hear() };
      };
      window.compiled = faults;
      /** A request's bytes, and what a reply's say. */
      window.request = (operation, id, payload = []) => {
        const bytes = new Uint8Array(8 + payload.length);
        bytes[0] = operation;
        new DataView(bytes.buffer).setUint32(4, id, true);
        bytes.set(payload, 8);
        return bytes.buffer;
      };
      const little = (length, write) => {
        const view = new DataView(new ArrayBuffer(length));
        write(view);
        return Array.from(new Uint8Array(view.buffer));
      };
      const [u16, u32] = [2, 4].map(
        (size) => (value) => little(size, (view) => view[`setUint${size * 8}`](0, value, true)),
      );
      const f64 = (...values) => values.flatMap((value) => little(8, (view) => view.setFloat64(0, value, true)));
      const u64 = (value) => little(8, (view) => view.setBigUint64(0, value, true));
      const action = (value) => [...u32(8), ...u64(BigInt(value))];
      /** A reset with seed 1, and with whatever follows as its options. */
      window.resetOf = (id, options = []) => window.request(7, id, [1, ...u64(1n), ...options]);
      /** A person with one key, number 0, that plays 1; without it they play 0. Each stroke counts once. */
      const person = [1, 1, ...u16(1), ...u16(1), ...u16(0), ...action(1), ...u16(1), ...action(0)];
      /** A game of one person at an environment, at so many ticks a second, and the Worker's clock. */
      window.playing = async (envId, fps) => {
        const link = await window.made(envId);
        const now = () => performance.timeOrigin + performance.now() - link.first.timeOrigin;
        const most = 2n ** 64n - 1n;
        link.say(window.request(8, 2, [...f64(fps), ...u64(1n), ...u64(most), ...u32(0), 0, ...u16(1), ...person]));
        link.say(window.resetOf(3));
        const replies = [window.read(await link.hear()), window.read(await link.hear())];
        const grant = (id, until) => link.say(window.request(9, id, f64(until, 0)));
        const key = (id, motion, at) => link.say(window.request(10, id, [motion, 0, ...u16(0), ...f64(at, at + 1)]));
        return { ...link, now, grant, key, replies };
      };
      /** What it says for so many milliseconds, replies and steps. */
      window.hearFor = async (link, ms) => {
        const [until, heard] = [performance.now() + ms, []];
        while (performance.now() < until) {
          const word = await link.hear(Math.max(until - performance.now(), 1));
          if (word !== undefined) heard.push(window.read(word));
        }
        return heard;
      };
      window.read = (reply) => {
        if (!(reply instanceof ArrayBuffer)) return { other: reply };
        const view = new DataView(reply);
        if (view.getUint8(0) === 2) {
          const [pressed, queued, called, received, due, began, ended] = Array.from({ length: 7 }, (_, i) =>
            view.getFloat64(8 + 8 * i, true),
          );
          const times = { pressed, queued, called, received, due, began, ended };
          return { frame: view.getUint32(4, true), ...times, action: Number(view.getBigInt64(76, true)) };
        }
        const stamps = [8, 16, 24].map((at) => view.getFloat64(at, true));
        const error = view.getUint8(0) === 1;
        const text = error ? new TextDecoder().decode(reply.slice(32)) : undefined;
        const body = Array.from(new Uint8Array(reply, 32)).join();
        return { error, kind: view.getUint8(1), id: view.getUint32(4, true), stamps, text, body };
      };
    });
  });
  afterEach(async () => {
    await page.context().close();
    await workersGone(browser);
  });

  test('answers make with its spec and its clock, and a bad one with a code and a reason', async () => {
    const seen = await page.evaluate(async () => {
      const good = (await window.made()).first;
      const bad = [];
      for (const make of [
        { envId: 'Nobody-v9' },
        { envId: 5 },
        {},
        undefined,
        { envId: 'Faults-v0', kwargs: { a: 1 } },
      ]) {
        const link = window.spawn();
        link.say({ ...window.compiled, id: 9, make });
        bad.push(await link.hear());
      }
      return { good, bad, origin: performance.timeOrigin };
    });
    assert.equal(seen.good.id, 1);
    // The spec crosses as bytes: how they read is tested with every page.
    assert.ok(Object.values(seen.good.spec).length > 0, 'the spec has bytes');
    assert.ok(seen.good.timeOrigin > seen.origin, `${seen.good.timeOrigin} after ${seen.origin}`);
    const codes = seen.bad.map(({ id, code }) => [id, code]);
    const expected = ['unknown_environment', 'bad_message', 'bad_message', 'bad_message', 'bad_argument'];
    assert.deepEqual(
      codes,
      expected.map((code) => [9, code]),
    );
    assert.ok(
      seen.bad.every(({ error }) => error.length > 5),
      JSON.stringify(seen.bad),
    );
  });

  test('takes a word about a connection, which came before it knows what it is, for nothing', async () => {
    const first = await page.evaluate(async () => {
      const link = window.spawn();
      link.say({ seat: 1, channel: null });
      link.say({ ...window.compiled, id: 7, make: { envId: 'Faults-v0' } });
      return link.hear();
    });
    assert.deepEqual([first.id, first.fault], [7, undefined]);
  });

  test('says why it cannot start when the first message brings no module', async () => {
    const heard = await page.evaluate(async () => {
      const heard = [];
      for (const first of [{}, null, 'hello', { module: 'none', id: 1 }, new ArrayBuffer(8)]) {
        const link = window.spawn();
        link.say(first);
        heard.push(await link.hear());
      }
      return heard;
    });
    for (const word of heard)
      assert.match(word?.fault ?? word?.error ?? '', /could not start|Cannot read/, JSON.stringify(word));
  });

  test('answers what is no message of the protocol with an error to nobody, and goes on', async () => {
    const seen = await page.evaluate(async () => {
      const { say, hear } = await window.made();
      const garbage = [
        'hello',
        42,
        null,
        undefined,
        [],
        {},
        { id: 3 },
        { id: 'x', reset: {} },
        { id: 3, reset: 7 },
        new ArrayBuffer(0),
        new ArrayBuffer(3),
        new Uint8Array(64).fill(255).buffer,
        new Uint8Array(9),
        new Map(),
        2n ** 70n,
      ];
      const replies = [];
      for (const message of garbage) {
        say(message);
        replies.push(window.read(await hear()));
      }
      say(window.resetOf(77));
      return { replies, reset: window.read(await hear()) };
    });
    for (const [index, reply] of seen.replies.entries()) {
      assert.deepEqual(
        [reply.error, reply.id, reply.kind],
        [true, 0, BAD_MESSAGE],
        `${index}: ${JSON.stringify(reply)}`,
      );
      assert.match(reply.text, /expected/, `${index}`);
    }
    assert.deepEqual([seen.reset.error, seen.reset.id], [false, 77]);
  });

  test('answers a request it cannot fulfil by its number, and goes on', async () => {
    const seen = await page.evaluate(
      async ({ STEP, HASH }) => {
        const { say, hear } = await window.made();
        const ask = async (message) => {
          say(message);
          return window.read(await hear());
        };
        const action = (number) => new Uint8Array(new BigInt64Array([BigInt(number)]).buffer);
        const early = await ask(window.request(STEP, 2, action(0)));
        await ask(window.resetOf(3));
        return {
          early,
          short: await ask(window.request(STEP, 4, [1, 2])),
          options: await ask(window.resetOf(5, [1])),
          garbled: await ask(window.resetOf(6, [99])),
          good: await ask(window.request(STEP, 7, action(0))),
          hash: await ask(window.request(HASH, 0xffffffff)),
        };
      },
      { STEP, HASH },
    );
    const summary = Object.values(seen).map(({ error, id, kind }) => [error, id, kind]);
    assert.deepEqual(summary, [
      [true, 2, OUT_OF_ORDER],
      [true, 4, BAD_MESSAGE],
      [true, 5, BAD_ARGUMENT],
      [true, 6, BAD_ARGUMENT],
      [false, 7, STEP],
      [false, 0xffffffff, HASH],
    ]);
    const [received, began, ended] = seen.good.stamps;
    assert.ok(0 < received && received <= began && began <= ended, seen.good.stamps.join());
  });

  test('answers close, and closes itself: what is asked after that nobody hears', async () => {
    const seen = await page.evaluate(
      async ({ CLOSE, SAVE }) => {
        const { say, hear } = await window.made();
        say(window.request(CLOSE, 8));
        say(window.request(SAVE, 9));
        return { closed: window.read(await hear()), after: await hear(500) };
      },
      { CLOSE, SAVE },
    );
    assert.deepEqual([seen.closed.error, seen.closed.id, seen.closed.kind], [false, 8, CLOSE]);
    assert.equal(seen.after, undefined);
    await workersGone(browser, page);
  });

  test('plays the ticks that are granted, none before it is due, and stands still beyond', async () => {
    const { replies, heard, until, after } = await page.evaluate(async () => {
      const game = await window.playing('MountainCar-v0', 20);
      const quiet = await window.hearFor(game, 200);
      const until = game.now() + 220;
      game.grant(10, until);
      const heard = await window.hearFor(game, 600);
      game.grant(11, game.now() + 120);
      return { replies: game.replies, heard: [...quiet, ...heard], until, after: await window.hearFor(game, 400) };
    });
    assert.deepEqual(
      replies.map(({ error, id, kind }) => [error, id, kind]),
      [
        [false, 2, PLAY],
        [false, 3, RESET],
      ],
    );
    const [granted, ...steps] = heard;
    assert.deepEqual([granted.id, granted.error], [10, false]);
    assert.ok(steps.length >= 1 && steps.length <= 5, `${steps.length} steps of 50 ms in 220 ms`);
    const [grantedAgain, ...more] = after;
    assert.equal(grantedAgain.id, 11);
    assert.ok(more.length >= 1 && more.length <= 3, `${more.length} steps of 50 ms in 120 ms`);
    for (const [i, step] of [...steps, ...more].entries()) {
      assert.equal(step.frame, i + 1);
      // The clocks of a page that is not isolated are coarse, and the two need not be so at the same moments.
      assert.ok(step.began >= step.due - 0.3, `step ${step.frame} began ${step.due - step.began} ms too early`);
    }
    for (const step of steps) assert.ok(step.due <= until && step.began <= until + 0.3, 'none beyond what was granted');
    const due = [...steps, ...more].map((step) => step.due);
    assert.ok(
      due.every((at, i) => i === 0 || at - due[i - 1] > 49.9),
      due.join(),
    );
  });

  test('grants nothing by a time that no page can mean, and little by one too far ahead', async () => {
    const { quiet, far } = await page.evaluate(async () => {
      const game = await window.playing('MountainCar-v0', 20);
      for (const [i, until] of [NaN, Infinity, -Infinity].entries()) game.grant(20 + i, until);
      const quiet = await window.hearFor(game, 300);
      game.grant(23, 1e12);
      return { quiet, far: await window.hearFor(game, 1000) };
    });
    assert.deepEqual(
      quiet.map(({ id }) => id),
      [20, 21, 22],
    );
    const [granted, ...steps] = far;
    assert.equal(granted.id, 23);
    assert.ok(steps.length >= 1 && steps.length <= 6, `${steps.length} steps of 50 ms in a second`);
  });

  test('plays a key at the first tick after it arrived, and says when it was struck', async () => {
    const heard = await page.evaluate(async () => {
      const game = await window.playing('CartPole-v1', 10);
      game.grant(30, game.now() + 240);
      const heard = [window.read(await game.hear()), window.read(await game.hear())];
      game.key(31, 1, 1234.5);
      game.key(32, 0, 1234.75);
      return [...heard, ...(await window.hearFor(game, 400))];
    });
    const replies = heard.filter(({ id }) => id !== undefined).map(({ id, error }) => [id, error]);
    assert.deepEqual(replies, [
      [30, false],
      [31, false],
      [32, false],
    ]);
    const steps = heard.filter(({ frame }) => frame !== undefined);
    assert.deepEqual(
      steps.slice(0, 2).map(({ action }) => action),
      [0, 1],
    );
    assert.ok(steps.slice(2).every(({ action }) => action === 0));
    assert.deepEqual([steps[1].pressed, steps[1].queued], [1234.5, 1235.5]);
    assert.ok(Number.isNaN(steps[0].pressed), 'nothing was struck before');
  });

  test('answers close at once while a tick waits, and plays it no more', async () => {
    const seen = await page.evaluate(async (CLOSE) => {
      const game = await window.playing('MountainCar-v0', 5);
      game.grant(40, game.now() + 240);
      const first = [window.read(await game.hear()), window.read(await game.hear())];
      game.say(window.request(CLOSE, 41));
      return { first, closed: window.read(await game.hear()), after: await game.hear(500) };
    }, CLOSE);
    assert.deepEqual([seen.first[0].id, seen.first[1].frame], [40, 1]);
    assert.deepEqual([seen.closed.id, seen.closed.kind, seen.after], [41, CLOSE, undefined]);
  });

  test('posts the text of a panic before it traps', async () => {
    const seen = await page.evaluate(async (STEP) => {
      const { say, hear } = await window.made();
      say(window.resetOf(2));
      await hear();
      say(window.request(STEP, 3, [1, 0, 0, 0, 0, 0, 0, 0]));
      return [await hear(), await hear()];
    }, STEP);
    assert.match(seen[0].panic, /a fault on purpose at step 0/);
    assert.match(seen[1].error, /unreachable/);
  });
});
