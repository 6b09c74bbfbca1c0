import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { verify } from './support/native.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { built, serverFaults } from './support/server-faults.mjs';

const boot = '/verifier/boot.js';
const module = '/verifier/palaestra_verifier_bg.wasm';
/** How long a Worker may be without a sign of life (crates/page/src/record/kept.rs). Nothing waits that long for what fails at once, nor twice. */
const patienceMs = 10_000;
const limitMs = (slow) => (slow ? 2 : 1) * patienceMs;

/** A part of a built file changed into another; that it is there is part of the test. */
const changed = async (path, from, to) => {
  const text = (await built(path)).toString();
  assert.ok(text.includes(from), `${path} has no ${from}`);
  return text.replace(from, () => to);
};

/** Plays a few steps of a game, and keeps its record in `window.record`. */
const playBriefly = (page, options = {}) =>
  page.evaluate(async (options) => {
    const game = window.palaestra.play({ env: 'CartPole-v1', seed: 3, maxSteps: 5, fps: 60, ...options });
    const { value, error } = await window.settle(game.finished);
    if (!value) throw new Error(error.message);
    window.record = value;
  }, options);

/** Asks everything of `window.record` that can be asked; nothing of it may pend. */
const ask = (page, ms = 60_000) =>
  page.evaluate(async (ms) => {
    const began = performance.now();
    const all = ['pack', 'blob', 'filename', 'verification', 'text'];
    const outcomes = await Promise.all(all.map((name) => window.settle(window.record[name](), ms)));
    const [packed, blob, filename, verification, text] = outcomes.map(({ value, error, pending }, i) => {
      if (pending || error) throw new Error(`${all[i]} ${pending ? 'pends' : `rejects: ${error.message}`}`);
      return value;
    });
    const file = packed.gzip
      ? await new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).text()
      : await blob.text();
    return {
      gzip: packed.gzip,
      keys: Object.keys(packed).sort(),
      type: blob.type,
      filename,
      verification,
      text,
      same: file === text,
      ms: performance.now() - began,
    };
  }, ms);

describe('a record', () => {
  const owner = sharedOwner();
  let browser;
  before(async () => void (browser = await launchBrowser(owner)));
  let pages = [];
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    await workersGone(browser, undefined, { timeoutMs: 10_000 });
  });

  /** A page of a site where `path` is answered as said, until it is mended. */
  const open = async (t, path, answer) => {
    const state = { broken: true };
    const site = await openTestSite(t, {
      faults: true,
      intercept: (asked) => (state.broken && asked === path ? answer() : undefined),
    });
    const page = await openBarePage(browser, site);
    pages.push(page);
    return { site, page, state };
  };

  for (const path of [boot, module]) {
    for (const quick of [true, false]) {
      const those = serverFaults.filter((fault) => Boolean(fault.stalls) !== quick);
      const names = those.map(({ what }) => what).join(', ');
      test(`is plain text where ${path} ${names}, and packed once the server is mended`, async (t) => {
        const check = async ({ what, answer }) => {
          const { site, page, state } = await open(t, path, () => answer(path));
          await playBriefly(page);
          const asked = await ask(page);
          assert.deepEqual([asked.gzip, asked.type, asked.same], [false, 'application/jsonl', true], what);
          assert.deepEqual(asked.keys, ['blob', 'gzip', 'identical', 'message', 'steps'], what);
          assert.equal(asked.filename, 'CartPole-v1.seed3.5steps.jsonl', what);
          assert.deepEqual([asked.verification.identical, asked.verification.steps], [null, 0], what);
          assert.match(asked.verification.message, /^not verified: /, what);
          assert.ok(
            asked.verification.message.includes(`${site.url}verifier/`),
            `${what}: ${asked.verification.message}`,
          );
          assert.match(await verify(asked.text), /: 5 steps in 1 episode, identical/, what);
          assert.ok(asked.ms < limitMs(!quick), `${what}: ${asked.ms} ms`);
          assert.deepEqual(page.uncaught, [], what);
          state.broken = false;
          const again = await ask(page);
          assert.deepEqual([again.gzip, again.same], [true, true], what);
          assert.deepEqual(
            again.verification,
            { identical: true, steps: 5, message: 'verified: 5 steps identical' },
            what,
          );
        };
        // Those that are waited for are waited for together.
        if (quick) for (const fault of those) await check(fault);
        else await Promise.all(those.map(check));
      });
    }
  }

  const planted = 'throw new Error("planted")';
  /**
   * What may go wrong with the Worker that packs: where in boot.js, and what.
   *
   * @typedef {{ what: string, from: string, to: string, says: RegExp, slow?: boolean }} WorkerFault `slow`: it is waited for
   *
   * @type {WorkerFault[]}
   */
  const packerFaults = [
    {
      what: 'throws',
      from: '.then(() => pack(packing(job.verifier), job))',
      to: `.then(() => { ${planted}; })`,
      says: /planted/,
    },
    {
      what: 'throws later',
      from: 'self.onmessage = null;\n      load',
      to: `self.onmessage = null; setTimeout(() => { ${planted}; });\n      load`,
      says: /planted/,
    },
    {
      what: 'rejects',
      from: 'tell: (message)',
      to: `finish() { return Promise.reject(new Error('planted')); },\n    tell: (message)`,
      says: /planted/,
    },
    {
      what: 'closes itself',
      from: '.then(() => pack(packing(job.verifier), job))',
      to: '.then(() => self.close())',
      slow: true,
      says: /sign of life/,
    },
    {
      what: 'never answers',
      from: '.then(() => pack(packing(job.verifier), job))',
      to: '.then(() => new Promise(() => {}))',
      slow: true,
      says: /sign of life/,
    },
    {
      what: 'loops',
      from: '.then(() => pack(packing(job.verifier), job))',
      to: '.then(() => { for (;;); })',
      slow: true,
      says: /sign of life/,
    },
  ];
  /**
   * @param {import('node:test').TestContext} t
   * @param {WorkerFault} fault
   */
  const checkPacker = async (t, { what, from, to, slow, says }) => {
    const body = await changed(boot, from, to);
    const { page, state } = await open(t, boot, () => ({ body }));
    await playBriefly(page);
    const asked = await ask(page);
    assert.deepEqual([asked.gzip, asked.same, asked.verification.identical], [false, true, null], what);
    assert.match(asked.verification.message, says, what);
    assert.ok(asked.ms < limitMs(slow), `${what}: ${asked.ms} ms`);
    assert.deepEqual(page.uncaught, [], what);
    state.broken = false;
    assert.equal((await ask(page)).verification.identical, true, what);
  };
  test('is plain text at once where the Worker that packs it throws', async (t) => {
    for (const fault of packerFaults.filter(({ slow }) => !slow)) await checkPacker(t, fault);
  });
  test('is plain text where the Worker that packs it closes itself, never answers or loops', async (t) => {
    await Promise.all(packerFaults.filter(({ slow }) => slow).map((fault) => checkPacker(t, fault)));
  });

  const begin = '.then(() => register(platform))';
  /**
   * What may go wrong with the replay, in the Worker nested in that one.
   *
   * @type {WorkerFault[]}
   */
  const replayFaults = [
    { what: 'throws', from: begin, to: `.then(() => { ${planted}; })`, says: /planted/ },
    {
      what: 'throws later',
      from: begin,
      to: `.then(() => { register({ ...platform, load() { setTimeout(() => { ${planted}; }); return new Promise(() => {}); } }); })`,
      says: /planted/,
    },
    {
      what: 'is without a family',
      from: begin,
      to: ".then(() => register({ ...platform, load: () => platform.load(['no_such_family_bg.wasm']) }))",
      says: /no_such_family_bg\.wasm/,
    },
    {
      what: 'closes itself',
      from: begin,
      to: '.then(() => self.close())',
      slow: true,
      says: /sign of life/,
    },
    { what: 'loops', from: begin, to: '.then(() => { for (;;); })', slow: true, says: /sign of life/ },
  ];
  /**
   * @param {import('node:test').TestContext} t
   * @param {WorkerFault} fault
   */
  const checkReplay = async (t, { what, from, to, slow, says }) => {
    const body = await changed(boot, from, to);
    const { page } = await open(t, boot, () => ({ body }));
    await playBriefly(page);
    const asked = await ask(page);
    assert.deepEqual([asked.gzip, asked.same, asked.verification.identical], [true, true, null], what);
    assert.match(asked.verification.message, says, what);
    assert.ok(asked.ms < limitMs(slow), `${what}: ${asked.ms} ms`);
    assert.deepEqual(page.uncaught, [], what);
  };
  test('is packed and not verified where its replay throws', async (t) => {
    for (const fault of replayFaults.filter(({ slow }) => !slow)) await checkReplay(t, fault);
  });
  test('is packed and not verified where its replay closes itself or loops', async (t) => {
    await Promise.all(replayFaults.filter(({ slow }) => slow).map((fault) => checkReplay(t, fault)));
  });

  test('that another text was written of is told to be different, with the place', async (t) => {
    const write = 'write: (piece) => writer.write(piece.slice())';
    const lie = `write: (piece) => writer.write(new TextEncoder().encode(new TextDecoder().decode(piece).replace(/("t":3,.*?"reward":)1/, '$12')))`;
    const body = await changed(boot, write, lie);
    const { page } = await open(t, boot, () => ({ body }));
    await playBriefly(page);
    const packed = await page.evaluate(async () => window.record.pack());
    assert.deepEqual([packed.identical, packed.steps], [false, 0]);
    assert.match(packed.message, /^verification failed: t=3 reward: expected 2\.0, found 1\.0/);
  });

  test('is packed with a Worker of its own: nothing else of the page is touched', async (t) => {
    const site = await openTestSite(t, { faults: true });
    const page = await browser.openPage();
    pages.push(page);
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'Worker', { value: globalThis.Worker, writable: false, configurable: false });
    });
    await page.goto(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    await playBriefly(page);
    assert.equal((await ask(page)).verification.message, 'verified: 5 steps identical');
  });

  /** A page whose module has another limit. */
  const openLimited = async (t, from, to, missing) => {
    const site = await openTestSite(t, {
      faults: true,
      missing,
      intercept: async (path) => (path === '/palaestra.js' ? { body: await changed(path, from, to) } : undefined),
    });
    const page = await openBarePage(browser, site);
    pages.push(page);
    return page;
  };

  test('that does not fit in a string says so, and to take the blob', async (t) => {
    const page = await openLimited(t, '2 ** 29 - 24', '1000');
    await playBriefly(page);
    const seen = await page.evaluate(async () => ({
      text: await window.settle(window.record.text()),
      blob: await window.settle(window.record.blob().then((blob) => blob.type)),
    }));
    assert.deepEqual([seen.text.error?.typed, seen.text.error?.code], [true, 'record_full']);
    assert.match(seen.text.error.message, /blob\(\)/);
    assert.equal(seen.blob.value, 'application/gzip');
  });

  test('that is very long is gzipped on the page where the Worker cannot be had', async (t) => {
    const page = await openLimited(t, '256 * 2 ** 20', '1000', [module]);
    await playBriefly(page, { maxSteps: 60 });
    const asked = await ask(page);
    assert.deepEqual([asked.gzip, asked.type, asked.same], [true, 'application/gzip', true]);
    assert.match(asked.verification.message, /^not verified: .*404/);
    assert.match(await verify(asked.text), /: 60 steps in \d+ episodes?, identical/);
  });

  test('that is as long as a page keeps ends its game with all that was played', async (t) => {
    const page = await openLimited(t, '128 * 2 ** 20', '1');
    const seen = await page.evaluate(async () => {
      // The first chunk is full after some thousands of steps; what the events hold counts as well.
      const env = await window.palaestra.make('CartPole-v1', {}, { record: true });
      await env.reset({ seed: 1 });
      let played = 0;
      let refused;
      for (let round = 0; round < 2_000 && !refused; round += 1) {
        const { value, error } = await window.attempt(() =>
          env.stepMany(Array.from({ length: 100 }, (_, i) => (i + round) % 2)),
        );
        refused = error;
        played += value?.length ?? 0;
        if (value && (value.at(-1).terminated || value.at(-1).truncated)) await env.reset();
      }
      const step = await window.attempt(() => env.step(0));
      const record = env.record();
      const report = await env.close();
      const { identical, steps, message } = await record.pack();
      return { refused, step, played, packed: { identical, steps, message }, steps: record.steps, report };
    });
    assert.deepEqual(
      [seen.refused?.code, seen.refused?.typed, seen.step.error?.code],
      ['record_full', true, 'record_full'],
    );
    assert.deepEqual([seen.steps, seen.packed.identical, seen.packed.steps], [seen.played, true, seen.played]);
  });

  test('of a game that is as long as a page keeps ends that game, typed and whole', async (t) => {
    const page = await openLimited(t, 'return this.#size >= KEPT_MOST;', 'return globalThis.full;');
    await page.evaluate(() => {
      window.game = window.palaestra.play({
        env: 'CartPole-v1',
        seed: 3,
        fps: 60,
        episodePause: 0,
        onStep: ({ frameNumber }) => {
          globalThis.full = frameNumber >= 20;
        },
      });
    });
    const seen = await page.evaluate(async () => {
      const { value: record, error } = await window.settle(window.game.finished);
      if (!record) return { error };
      const { identical, steps } = await record.pack();
      return { reason: record.reason, code: record.error?.code, steps: record.steps, packed: { identical, steps } };
    });
    assert.deepEqual([seen.reason, seen.code, seen.packed.identical], ['error', 'record_full', true]);
    assert.ok(seen.steps >= 20 && seen.steps <= 21 && seen.packed.steps === seen.steps, JSON.stringify(seen));
  });

  test('of many steps of a kitchen is packed and verified, and its chunks are read in order', async (t) => {
    const site = await openTestSite(t, { faults: true });
    const page = await openBarePage(browser, site);
    pages.push(page);
    const steps = 20_000;
    const seen = await page.evaluate(async (steps) => {
      const env = await window.palaestra.make('Overcooked-CrampedRoom-V0', {}, { record: true });
      await env.reset({ seed: 1 });
      let state = 1;
      const draw = () => (state = (state * 48271) % 2147483647) % 7;
      for (let played = 0; played < steps; ) {
        const many = await env.stepMany(
          Array.from({ length: 500 }, () => Object.fromEntries(env.agents.map((agent) => [agent, draw()]))),
        );
        played += many.length;
        const last = many.at(-1);
        if (Object.values(last.truncated).some(Boolean) || last.truncated === true || last.terminated === true)
          await env.reset();
      }
      const record = env.record();
      await env.close();
      const packed = await record.pack();
      return { steps: record.steps, size: packed.blob.size, identical: packed.identical, replayed: packed.steps };
    }, steps);
    assert.deepEqual([seen.identical, seen.replayed], [true, seen.steps]);
    assert.ok(seen.steps >= steps && seen.size < seen.steps * 200, JSON.stringify(seen));
  });
});

for (const engine of engines) {
  describe(`in ${engine.name} a replay that loops`, { skip: skipWithout(engine) }, () => {
    const owner = sharedOwner();

    test('ends with the Worker that it is nested in, and the record is packed', async (t) => {
      let looped = 0;
      let broken = true;
      // A synchronous request in every round: the loop can be heard, and nobody but its Worker's end can stop it.
      const loop = `.then(() => {
        for (;;) { const request = new XMLHttpRequest(); request.open('GET', '/looped', false); request.send(); }
      })`;
      const body = await changed(boot, '.then(() => register(platform))', loop);
      const site = await openTestSite(t, {
        faults: true,
        intercept: (path) => {
          if (path === '/looped') looped += 1;
          if (path === '/looped') return { body: '' };
          return broken && path === boot ? { body } : undefined;
        },
      });
      const browser = await engine.launch(owner);
      const page = await browser.open(`${site.url}bare.html`);
      const pack = async () => {
        await window.loading;
        const game = window.palaestra.play({ env: 'CartPole-v1', seed: 3, maxSteps: 5, fps: 60 });
        const { gzip, identical, message } = await (await game.finished).pack();
        return { gzip, identical, message };
      };
      const packed = await page.evaluate(pack);
      assert.deepEqual([packed.gzip, packed.identical], [true, null], packed.message);
      assert.match(packed.message, /sign of life/);
      assert.ok(looped > 3, `it went round ${looped} times`);
      let before = -1;
      await eventually(
        'the loop to be heard no more',
        async () => {
          const same = looped === before;
          before = looped;
          return same;
        },
        { timeoutMs: 10_000, everyMs: 500 },
      );
      broken = false;
      assert.equal((await page.evaluate(pack)).message, 'verified: 5 steps identical');
    });
  });
}
