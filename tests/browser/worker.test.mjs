import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

// As in crates/protocol: what a request asks for, and what an error is about.
const [STEP, SAVE, HASH, CLOSE] = [1, 3, 5, 6];
const BAD_ARGUMENT = 2;
const OUT_OF_ORDER = 4;
const BAD_MESSAGE = 6;

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
      const moduleOf = (family) => WebAssembly.compileStreaming(fetch(`./worker/${family}_bg.wasm`));
      const module = await moduleOf('faults');
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
        const { family } = registry.find(({ id }) => id === envId) ?? { family: 'faults' };
        const link = window.spawn();
        link.say({ module: family === 'faults' ? module : await moduleOf(family), id: 1, make: { envId } });
        return { ...link, first: await link.hear() };
      };
      window.compiled = module;
      /** A request's bytes, and what a reply's say. */
      window.request = (operation, id, payload = []) => {
        const bytes = new Uint8Array(8 + payload.length);
        bytes[0] = operation;
        new DataView(bytes.buffer).setUint32(4, id, true);
        bytes.set(payload, 8);
        return bytes.buffer;
      };
      /** A step of one discrete action that is due at a time of the Worker's clock, or an amendment of it. */
      window.stepAt = (at, id, action, serial = 0) => {
        const view = new DataView(new ArrayBuffer(24));
        view.setUint8(0, 1);
        view.setUint8(1, 0x80);
        view.setUint16(2, serial, true);
        view.setUint32(4, id, true);
        view.setFloat64(8, at, true);
        view.setBigInt64(16, BigInt(action), true);
        return view.buffer;
      };
      /** A Worker whose episode has begun, and its clock. */
      window.begun = async (...which) => {
        const link = await window.made(...which);
        const now = () => performance.timeOrigin + performance.now() - link.first.timeOrigin;
        link.say({ id: 2, reset: { seed: 1n } });
        await link.hear();
        return { ...link, now };
      };
      window.read = (reply) => {
        if (!(reply instanceof ArrayBuffer)) return { other: reply };
        const view = new DataView(reply);
        const stamps = [8, 16, 24].map((at) => view.getFloat64(at, true));
        const error = view.getUint8(0) === 1;
        const text = error ? new TextDecoder().decode(reply.slice(32)) : undefined;
        const serial = view.getUint16(2, true);
        const body = Array.from(new Uint8Array(reply, 32)).join();
        return { error, kind: view.getUint8(1), id: view.getUint32(4, true), serial, stamps, text, body };
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
        link.say({ module: window.compiled, id: 9, make });
        bad.push(await link.hear());
      }
      return { good, bad, origin: performance.timeOrigin };
    });
    assert.deepEqual([seen.good.id, seen.good.spec.id], [1, 'Faults-v0']);
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
      say({ id: 77, reset: { seed: 1n } });
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
        await ask({ id: 3, reset: { seed: 1n } });
        return {
          early,
          short: await ask(window.request(STEP, 4, [1, 2])),
          options: await ask({ id: 5, reset: { seed: 1n, options: 'warm' } }),
          good: await ask(window.request(STEP, 6, action(0))),
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
      [false, 6, STEP],
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

  test('takes a step when it is due, not before, and one whose time has passed at once', async () => {
    const seen = await page.evaluate(async () => {
      const { say, hear, now } = await window.begun();
      const seen = [];
      for (const [i, ahead] of [40, 12, 3, 1, 0, -50, 25].entries()) {
        const due = now() + ahead;
        say(window.stepAt(due, 10 + i, 0));
        const { id, stamps } = window.read(await hear());
        seen.push({ id, ahead, due, received: stamps[0], began: stamps[1] });
      }
      return seen;
    });
    for (const [i, { id, ahead, due, received, began }] of seen.entries()) {
      assert.equal(id, 10 + i);
      // The clocks of a page that is not isolated are coarse, and the two need not be so at the same moments.
      assert.ok(began >= Math.max(due, received) - 0.3, `${ahead} ms ahead: ${began - due} ms too early`);
    }
    const late = seen.map(({ due, received, began }) => began - Math.max(due, received));
    assert.ok(Math.min(...late.slice(0, 3)) < 3, `late by ${late.join(', ')} ms`);
  });

  test('plays the latest amendment that comes before its step is due, and says which', async () => {
    const seen = await page.evaluate(async () => {
      const played = async (messages) => {
        const { worker, say, hear, now } = await window.begun('CartPole-v1');
        for (const [action, serial] of messages) say(window.stepAt(now() + 60, 7, action, serial));
        const reply = window.read(await hear());
        worker.terminate();
        return [reply.error, reply.id, reply.serial, reply.body];
      };
      return {
        left: await played([[0, 0]]),
        right: await played([[1, 0]]),
        amended: await played([
          [0, 0],
          [1, 1],
        ]),
        twice: await played([
          [1, 0],
          [1, 1],
          [0, 2],
        ]),
      };
    });
    const { left, right, amended, twice } = seen;
    assert.notEqual(left[3], right[3]);
    assert.deepEqual(
      [left.slice(0, 3), right.slice(0, 3)],
      [
        [false, 7, 0],
        [false, 7, 0],
      ],
    );
    assert.deepEqual(amended, [false, 7, 1, right[3]]);
    assert.deepEqual(twice, [false, 7, 2, left[3]]);
  });

  test('answers an amendment whose step is done by nothing', async () => {
    const seen = await page.evaluate(async (HASH) => {
      const { say, hear, now } = await window.begun('CartPole-v1');
      const due = now() + 5;
      say(window.stepAt(due, 7, 0));
      const step = window.read(await hear());
      say(window.stepAt(due, 7, 1, 1));
      say(window.stepAt(due, 6, 1, 3));
      say(window.request(HASH, 8));
      const hash = window.read(await hear());
      say(window.request(HASH, 9));
      return { step, hash, again: window.read(await hear()) };
    }, HASH);
    assert.deepEqual([seen.step.id, seen.step.serial], [7, 0]);
    assert.deepEqual([seen.hash.id, seen.again.id, seen.again.body], [8, 9, seen.hash.body]);
  });

  test('plays a step that waits before it answers anything else, and answers close without playing it', async () => {
    const seen = await page.evaluate(
      async ({ HASH, CLOSE }) => {
        const first = await window.begun();
        const due = first.now() + 200;
        first.say(window.stepAt(due, 7, 0));
        first.say(window.request(HASH, 8));
        const replies = [window.read(await first.hear()), window.read(await first.hear())];
        const second = await window.begun();
        const asked = second.now();
        second.say(window.stepAt(asked + 200, 7, 0));
        second.say(window.request(CLOSE, 9));
        const closed = window.read(await second.hear());
        return { ids: replies.map(({ id }) => id), closed, ms: second.now() - asked, after: await second.hear(300) };
      },
      { HASH, CLOSE },
    );
    assert.deepEqual(seen.ids, [7, 8]);
    assert.deepEqual([seen.closed.id, seen.closed.kind, seen.after], [9, CLOSE, undefined]);
    assert.ok(seen.ms < 150, `${seen.ms} ms`);
  });

  test('does not wait for a time that a page cannot mean', async () => {
    const seen = await page.evaluate(async () => {
      const { say, hear } = await window.begun();
      const ids = [];
      for (const [i, at] of [1e12, Infinity, -Infinity, NaN].entries()) {
        say(window.stepAt(at, 20 + i, 0));
        ids.push(window.read(await hear(2000)).id);
      }
      return ids;
    });
    assert.deepEqual(seen, [20, 21, 22, 23]);
  });

  test('posts the text of a panic before it traps', async () => {
    const seen = await page.evaluate(async (STEP) => {
      const { say, hear } = await window.made();
      say({ id: 2, reset: {} });
      await hear();
      say(window.request(STEP, 3, [1, 0, 0, 0, 0, 0, 0, 0]));
      return [await hear(), await hear()];
    }, STEP);
    assert.match(seen[0].panic, /a fault on purpose at step 0/);
    assert.match(seen[1].error, /unreachable/);
  });
});
