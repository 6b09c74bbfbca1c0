import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { launchBrowser } from './support/browser.mjs';
import { sharedOwner } from './support/owner.mjs';
import { openTestSite } from './support/pages.mjs';
import { workersGone } from './support/workers.mjs';

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
      const module = await WebAssembly.compileStreaming(fetch('./worker/faults_bg.wasm'));
      /** A Worker, with everything that it says in order. */
      window.spawn = () => {
        const worker = new Worker('./worker/boot.js', { type: 'module' });
        const heard = [];
        let awake = () => {};
        worker.onmessage = ({ data }) => {
          heard.push(data);
          awake();
        };
        worker.onerror = (event) => {
          event.preventDefault();
          heard.push({ error: event.message ?? '' });
          awake();
        };
        const hear = async (ms = 5000) => {
          const deadline = performance.now() + ms;
          while (heard.length === 0 && performance.now() < deadline) {
            await new Promise((done) => {
              awake = done;
              setTimeout(done, 50);
            });
          }
          return heard.shift();
        };
        return { worker, hear, say: (message) => worker.postMessage(message) };
      };
      window.made = async (envId = 'Faults-v0') => {
        const link = window.spawn();
        link.say({ module, id: 1, make: { envId } });
        return { ...link, first: await link.hear() };
      };
      window.module = module;
      /** A request's bytes, and what a reply's say. */
      window.request = (operation, id, payload = []) => {
        const bytes = new Uint8Array(8 + payload.length);
        bytes[0] = operation;
        new DataView(bytes.buffer).setUint32(4, id, true);
        bytes.set(payload, 8);
        return bytes.buffer;
      };
      window.read = (reply) => {
        if (!(reply instanceof ArrayBuffer)) return { other: reply };
        const view = new DataView(reply);
        const stamps = [8, 16, 24].map((at) => view.getFloat64(at, true));
        const error = view.getUint8(0) === 1;
        const text = error ? new TextDecoder().decode(reply.slice(32)) : undefined;
        return { error, kind: view.getUint8(1), id: view.getUint32(4, true), stamps, text, bytes: reply.byteLength };
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
        link.say({ module: window.module, id: 9, make });
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
