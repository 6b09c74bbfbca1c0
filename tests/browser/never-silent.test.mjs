import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

const kitchen = 'overcooked_ai/cramped_room';

describe('the public API', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
    page = await browser.openPage(`${site.url}bare.html?PROLIFIC_PID=5f-7&STUDY_ID=s1&other=x`);
    await page.evaluate(() => window.loading);
  });
  afterEach(() => workersGone(browser, page));

  test('draws a seed for a first reset without one, says which, and goes on with the generator', async () => {
    const seen = await page.evaluate(async () => {
      const { make } = window.palaestra;
      const said = { participant: 'p-07', condition: { load: 2 }, notes: ['a', 2n ** 60n] };
      const [one, other] = await Promise.all([make('CartPole-v1', {}, { record: true, ...said }), make('CartPole-v1')]);
      const first = one.npRandomSeed;
      const opening = await one.reset();
      await other.reset();
      const [own, others] = [one.npRandomSeed, other.npRandomSeed];
      await one.step(1n);
      const second = await one.reset();
      const again = await other.reset({ seed: own });
      const beyond = await other.reset({ seed: 2n ** 64n - 1n }).then(() => other.npRandomSeed === 2n ** 64n - 1n);
      const record = one.record();
      const { identical } = await record.verification();
      const text = await record.text();
      const state = await other.save();
      await other.restore(state);
      const restored = other.npRandomSeed;
      await Promise.all([one.close(), other.close()]);
      const numbers = ({ observation }) => Array.from(observation);
      return {
        ...{ first, own, others, beyond, restored, identical, text },
        same: [numbers(opening).join() === numbers(again).join(), numbers(opening).join() === numbers(second).join()],
      };
    });
    assert.deepEqual([seen.first, seen.beyond, seen.restored, seen.identical], [null, true, null, true]);
    assert.ok(Number.isSafeInteger(seen.own) && Number.isSafeInteger(seen.others) && seen.own !== seen.others);
    assert.deepEqual(seen.same, [true, false], 'the seed that was drawn is that of the episode, and the next goes on');
    const [header, ...lines] = seen.text.trim().split('\n');
    assert.equal(JSON.parse(header).seed, seen.own);
    const { participant, condition, notes } = JSON.parse(header);
    assert.deepEqual([participant, condition, notes[0]], ['p-07', { load: 2 }, 'a']);
    assert.match(header, /1152921504606846976/, 'a bigint is recorded to its last digit');
    const resets = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'reset');
    assert.deepEqual(
      resets.map(({ seed }) => seed),
      [seen.own, null],
    );
  });

  test('tells a reset that goes on from a generator which nobody seeded', async () => {
    const outcomes = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      const asked = [env.reset({ options: { nonsense: 1 } }), env.reset()];
      const refused = await Promise.all(asked.map((promise) => window.settle(promise)));
      await env.reset();
      const seed = env.npRandomSeed;
      await env.close();
      return { codes: refused.map(({ error }) => error?.code), seed };
    });
    assert.deepEqual(outcomes.codes, ['bad_argument', 'out_of_order']);
    assert.ok(Number.isSafeInteger(outcomes.seed));
  });

  test('names what may have been meant by an option that nobody knows, wherever it stands', async () => {
    /** @type {[string, RegExp][]} */
    const mistakes = [
      [
        'play({ env: "CartPole-v1", participant: "a", match: { lobby: "x", participant: "b" } })',
        /participant: .*"b", found "a"/,
      ],
      ['env.reset({ sed: 42 })', /reset: .*seed, options; found `sed` \(did you mean `seed`\?\)/],
      ['env.reset(42)', /reset: expected an object, found 42/],
      ['env.reset("seed")', /reset: expected an object, found "seed"/],
      ['env.stepMany([1], { autorest: true })', /`autorest` \(did you mean `autoreset`\?\)/],
      ['env.record({ polcy: "x" })', /`polcy` \(did you mean `policy`\?\)/],
      ['make("CartPole-v1", {}, { recrod: true })', /make: .*`recrod` \(did you mean `record`\?\)/],
      ['make("CartPole-v1", {}, { signal: 1 })', /signal: expected an AbortSignal, found 1/],
      ['make("CartPole-v1", {}, { notes: 1 })', /notes: expected an environment made with \{record: true\}/],
      ['play({ env: "CartPole-v1", seeed: 1 })', /play: .*`seeed` \(did you mean `seed`\?\)/],
      ['play({ env: "CartPole-v1", canvas: null })', /canvas: expected .*found null/],
      ['play({ env: "CartPole-v1", keys: { ArowLeft: 0 } })', /`ArowLeft` \(did you mean `ArrowLeft`\?\)/],
      ['play({ env: "CartPole-v1", keys: { "KeyA+Left": 0 } })', /`Left` \(did you mean `ArrowLeft`\?\)/],
      ['play({ env: "CartPole-v1", keys: { a: 0 } })', /`a` \(did you mean `KeyA`\?\)/],
      ['play({ env: "CartPole-v1", keys: { ControlLeft: 1 } })', /keys: .*`ControlLeft`, which is never heard/],
      ['play({ env: "CartPole-v1", keys: { "KeyA+AltRight": 1 } })', /keys: .*`AltRight`, which is never heard/],
      ['make("CartPole-v1", {}, { save: { url: "/x" } })', /save: expected an environment made with \{record: true\}/],
      ['play({ env: "CartPole-v1", save: { url: "" } })', /save: expected an address as url, found /],
      ['make("CartPole-v1", {}, { record: true, save: { server: "" } })', /save: expected an address as server/],
      ['play({ env: "CartPole-v1", seats: { agnet_0: "random" } })', /`agnet_0` \(did you mean `agent_0`\?\)/],
      ['play({ env: "CartPole-v1", seats: { agent_0: { kyes: {} } } })', /`kyes` \(did you mean `keys`\?\)/],
      ['play({ env: "CartPole-v1", seats: { agent_0: { keys: {}, action: 1 } } })', /expected one of/],
      ['play({ env: "CartPole-v1", seats: "random" })', /seats: expected an object.*"random"/],
      ['play({ env: "CartPole-v1", match: { loby: "a" } })', /`loby` \(did you mean `lobby`\?\)/],
      ['play({ env: "CartPole-v1", participant: "" })', /participant: expected 1 to 128 characters, found 0/],
      ['play({ env: "CartPole-v1", participant: "a\\u0000" })', /participant: .*found U\+0000/],
      ['play({ env: "CartPole-v1", participant: "\\u202eann" })', /participant: .*found U\+202E/],
      ['play({ env: "CartPole-v1", participant: "\\u2028" })', /participant: .*found U\+2028/],
      ['play({ env: "CartPole-v1", participant: " " })', /participant: expected single spaces between/],
      ['play({ env: "CartPole-v1", participant: 7 })', /participant: expected a text, found 7/],
      ['play({ env: "CartPole-v1", match: { lobby: "a\\u200b" } })', /match\.lobby: .*found U\+200B/],
      ['play({ env: "CartPole-v1", match: { lobby: "a", group: "\\u3164" } })', /match\.group: .*found U\+3164/],
      ['make("CartPole-v1", {}, { record: true, participant: "\\u2066" })', /participant: .*found U\+2066/],
      ['play({ env: "CartPole-v1", notes: { f() {} } })', /notes: expected JSON/],
      [
        'play({ env: "CartPole-v1", notes: "x".repeat(70000) })',
        /notes: expected at most 65536 bytes of JSON, found 70002/,
      ],
      ['play({ env: "CartPole-v1", startPaused: "Space" })', /startPaused: .*"key", found "Space"/],
      ['play({ env: "CartPole-v1", match: { lobby: "a" }, startPaused: true })', /startPaused: .*match/],
      ['play({ env: "CartPole-v1", recordAddress: 1 })', /recordAddress: .*found 1/],
      ['watch({ mach: "m-1" })', /watch: .*`mach` \(did you mean `match`\?\)/],
      ['preload("CartPole-v1", { maek: true })', /preload: .*`maek` \(did you mean `make`\?\)/],
      ['preload("CartPole-v1", { sed: 1 })', /preload: .*`sed` \(did you mean `seed`\?\)/],
      [
        'preload("CartPole-v1", { seats: { agent_1: "random" } })',
        /seats: expected an agent among agent_0; found `agent_1`/,
      ],
      [
        'preload("CartPole-v1", { seats: { agent_0: { onxx: "m" } } })',
        /seats\.agent_0: .*`onxx` \(did you mean `onnx`\?\)/,
      ],
      ['preload("CartPole-v1", { match: { loby: "a" } })', /match: .*`loby` \(did you mean `lobby`\?\)/],
      ['preload("CartPole-v1", { controls: { puase: true } })', /controls: .*`puase` \(did you mean `pause`\?\)/],
      ['preload("CartPole-v1", { save: { ulr: "/" } })', /save: .*`ulr` \(did you mean `url`\?\)/],
      [
        'preload("CartPole-v1", { env: "Acrobot-v1" })',
        /preload: expected env to be `CartPole-v1`, found `Acrobot-v1`/,
      ],
      ['preload("CartPole-v1", { make: true, seats: {} })', /preload with make: .*found `seats`/],
      ['preload("CartPole-v1", 7)', /preload: expected an object, found 7/],
      ['preload("guest/mine", { kwargs: { module: "mine.py" } })', /found `guest\/mine`/],
      ['preload("CartPole-v2")', /unknown|did you mean `CartPole-v1`/],
      ['init({ bse: "/" })', /init: .*`bse` \(did you mean `base`\?\)/],
      ['env.record().pack({ gzip: true })', /pack: expected an option among keep; found `gzip`/],
    ];
    const outcomes = await page.evaluate(
      async (texts) => {
        const { make, play, watch, preload, init } = window.palaestra;
        const env = await make('CartPole-v1', {}, { record: true });
        const names = ['env', 'make', 'play', 'watch', 'preload', 'init'];
        const outcomes = [];
        for (const text of texts) {
          const asked = new Function(...names, `return ${text}`);
          outcomes.push(await window.attempt(() => asked(env, make, play, watch, preload, init)));
        }
        await env.close();
        return { outcomes, live: window.palaestra.liveSessions() };
      },
      mistakes.map(([text]) => text),
    );
    for (const [index, [text, pattern]] of mistakes.entries()) {
      const { error } = outcomes.outcomes[index];
      const found = error ?? outcomes.outcomes[index];
      assert.match(String(found.message), pattern, text);
      assert.match(found.code, /bad_argument|unknown_environment/, text);
    }
    assert.equal(outcomes.live, 0);
  });

  test('takes bigints for numbers, and input that is no key, and hands out what was played so far', async () => {
    const seen = await page.evaluate(async () => {
      const { play } = window.palaestra;
      const canvas = document.body.appendChild(document.createElement('canvas'));
      const game = play({
        ...{ env: 'CartPole-v1', canvas, fps: 60n, episodes: 50n, maxSteps: 4000n, seed: 7n, resetOptions: {} },
        ...{ startPaused: 'key', keys: { ArrowLeft: 0, ArrowRight: 1, 'my button': 1 }, episodePause: 0 },
        ...{ condition: 'B', notes: { screen: 2 }, recordAddress: true, recordUserAgent: true, recordMetrics: true },
      });
      const errors = [];
      const attempt = async (act) => {
        try {
          await act();
        } catch ({ code, message }) {
          errors.push(`${code}: ${message}`);
        }
      };
      await attempt(() => game.act('agent_0', 1));
      await attempt(() => game.press('ArrowLeft'));
      await attempt(() => game.snapshot());
      await window.until('the game to be there', () => game.state === 'playing');
      await attempt(() => play({ env: 'CartPole-v1', canvas }));
      await new Promise((done) => setTimeout(done, 100));
      const waited = [game.paused, game.frameNumber];
      window.dispatchEvent(new KeyboardEvent('keydown', { code: 'Space', bubbles: true }));
      await window.until('the first step', () => game.frameNumber > 2);
      await attempt(() => game.act('agent_1', 1));
      await attempt(() => game.act('agent_0', 7));
      await attempt(() => game.press('ArowLeft'));
      const [before, steps] = [game.frameNumber, game.episode];
      game.act('agent_0', 1n);
      game.press('my button');
      await window.until('some steps', () => game.frameNumber > before + 3);
      game.release('my button');
      await window.until('the next episode', () => game.episode > steps);
      const snapshot = await game.snapshot();
      const found = await snapshot.verification();
      const unfinished = { reason: snapshot.reason, header: snapshot.header, found, text: await snapshot.text() };
      await window.until('a few more steps', () => game.frameNumber > snapshot.steps + 5);
      const record = await game.dispose();
      const { identical } = await record.verification();
      const next = play({ env: 'CartPole-v1', canvas, maxSteps: 1 });
      await next.finished;
      canvas.remove();
      return { errors, waited, seed: game.seed, identical, unfinished, text: await record.text() };
    });
    assert.deepEqual(
      seen.errors.map((error) => error.split(':')[0]),
      ['out_of_order', 'out_of_order', 'out_of_order', 'out_of_order', 'bad_argument', 'bad_action', 'bad_argument'],
    );
    assert.match(seen.errors[3], /canvas: expected one on which no other game draws/);
    assert.match(seen.errors[6], /`ArowLeft` \(did you mean `ArrowLeft`\?\)/);
    assert.deepEqual([seen.waited, seen.seed, seen.identical], [[true, 0], 7, true]);
    const { unfinished } = seen;
    assert.deepEqual([unfinished.reason, unfinished.header.unfinished, unfinished.found.identical], [null, true, true]);
    const lines = (text) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const [partial, whole] = [lines(unfinished.text), lines(seen.text)];
    const steps = whole.filter(({ type }) => type === 'step');
    assert.deepEqual(
      partial.filter(({ type }) => type === 'step').map(({ hash }) => hash),
      steps.slice(0, unfinished.found.steps).map(({ hash }) => hash),
    );
    // Each step says when it was played and in which episode; those that a key, or `act`, chose, when that was.
    assert.ok(steps.every(({ time }, i) => Number.isFinite(time) && (i === 0 || time > steps[i - 1].time)));
    assert.ok(steps.every(({ episode }, i) => episode >= (steps[i - 1]?.episode ?? 0)) && steps.at(-1).episode > 0);
    const struck = steps.filter(({ key_time: at }) => at !== undefined);
    assert.ok(struck.length === 2 && struck.every(({ action, key_time: at, time }) => action === 1 && at <= time));
    const [header] = whole;
    assert.deepEqual(
      [header.condition, header.notes, header.participant, header.address, header.unfinished],
      ['B', { screen: 2 }, '5f-7', { PROLIFIC_PID: '5f-7', STUDY_ID: 's1' }, undefined],
    );
    assert.match(header.user_agent, /Mozilla/);
    await everyFieldIsDocumented([...whole, ...partial]);
  });

  test('records nothing of a browser or an address unless it is asked to', async () => {
    const header = await page.evaluate(async () => {
      const game = window.palaestra.play({ env: 'CartPole-v1', seats: { agent_0: 'random' }, maxSteps: 2, fps: 60 });
      return (await game.finished).header;
    });
    assert.deepEqual([header.user_agent, header.address, header.participant], [undefined, undefined, undefined]);
  });

  test('plays on past an end where the reference does, and refuses where that does', async () => {
    const seen = await page.evaluate(async (kitchen) => {
      const { make } = window.palaestra;
      const cart = await make('CartPole-v1');
      const unready = await window.settle(cart.step(1));
      await cart.reset({ seed: 1 });
      const steps = Array.from(await cart.stepMany(Array(60).fill(1)));
      const past = [await cart.step(1), await cart.step(1)];
      const cook = await make(kitchen, { horizon: 2 });
      await cook.reset({ seed: 1 });
      const noop = { agent_0: 4, agent_1: 4 };
      await cook.stepMany([noop, noop]);
      const refused = await window.settle(cook.step(noop));
      await Promise.all([cart.close(), cook.close()]);
      return { unready, last: steps.at(-1), past: past.map(({ reward, terminated }) => [reward, terminated]), refused };
    }, kitchen);
    assert.equal(seen.unready.error?.code, 'out_of_order');
    // gymnasium 1.4.0: CartPole-v1 earns 1 for the step that ends it, and nothing afterwards.
    assert.deepEqual([seen.last.reward, seen.last.terminated], [1, true]);
    assert.deepEqual(seen.past, [
      [0, true],
      [0, true],
    ]);
    assert.equal(seen.refused.error?.code, 'out_of_order');
  });

  test('has loaded what it was told to, and nothing of it again', async () => {
    const fresh = await openBarePage(browser, site);
    await fresh.evaluate(() => window.palaestra.preload('FrozenLake-v1', { make: true }));
    const asked = (path) => site.requests.filter((request) => request.path.includes(path)).length;
    const before = asked('toy_text');
    assert.ok(before >= 2, 'the module, and the part that answers programs');
    await fresh.evaluate(async () => {
      await window.palaestra.preload('FrozenLake-v1');
      const env = await window.palaestra.make('FrozenLake-v1');
      await env.reset();
      await env.close();
    });
    assert.equal(asked('toy_text'), before);
    assert.deepEqual(fresh.faults, []);
    await fresh.context().close();
  });

  test('tells the console of a game that could not start, if nobody awaits it', async () => {
    const fresh = await openBarePage(browser, site);
    await fresh.evaluate(async () => {
      window.game = window.palaestra.play({ env: 'CartPole-v11' });
      await window.until('its end', () => window.game.state === 'disposed');
      await new Promise((done) => setTimeout(done, 50));
    });
    assert.match(fresh.faults.join(), /did you mean `CartPole-v1`/);
    const told = fresh.faults.length;
    await fresh.evaluate(() => window.settle(window.palaestra.play({ env: 'CartPole-v11' }).finished));
    assert.equal(fresh.faults.length, told, 'who awaits it is told by the promise');
    await fresh.context().close();
  });
});

/** Whether docs/record-format.md has a row for every field of these lines, and no row for a field that none has and that is required. */
async function everyFieldIsDocumented(lines) {
  const text = await readFile(new URL('../../docs/record-format.md', import.meta.url), 'utf8');
  const documented = new Map();
  for (const section of text.split('\n### ').slice(1)) {
    const [kind] = /`(\w+)`/.exec(section.split('\n')[0]) ?? [];
    const rows = [...section.split('\n## ')[0].matchAll(/^\| `(\w+)` \|[^|]*\| (.*)\|$/gm)];
    if (kind) documented.set(kind.replaceAll('`', ''), new Map(rows.map(([, name, words]) => [name, words])));
  }
  const kinds = new Set(lines.map(({ type }) => type));
  assert.deepEqual([...kinds].sort(), ['end', 'event', 'header', 'reset', 'step']);
  for (const kind of kinds) {
    const rows = documented.get(kind);
    assert.ok(rows, `docs/record-format.md has no table of ${kind}`);
    const found = new Set(lines.filter(({ type }) => type === kind).flatMap((line) => Object.keys(line)));
    found.delete('type');
    const unknown = [...found].filter((name) => !rows.has(name));
    assert.deepEqual(unknown, [], `fields of ${kind} that docs/record-format.md does not name`);
    // What it promises of every record of ours stands there.
    const promised = [...rows].filter(([, words]) => /^(required|always)/.test(words)).map(([name]) => name);
    assert.deepEqual(
      promised.filter((name) => !found.has(name)),
      [],
      `fields of ${kind} that docs/record-format.md promises`,
    );
  }
}
