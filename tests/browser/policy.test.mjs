import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { linesOf, stepsOf } from './support/demo.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

const models = join(root, 'crates/onnx/tests/models');
const module = '/policy/palaestra_policy_module_bg.wasm';

/** Plays a game to its end and gives its record's lines and what became of its verification. */
const played = (page, options) =>
  page.evaluate(async (options) => {
    const game = window.palaestra.play({ fps: 240, ...options });
    const { value: record, error } = await window.settle(game.finished);
    if (!record) return { error };
    return { text: await record.text(), message: (await record.verification()).message };
  }, options);

describe('a policy in a seat', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;

  before(async () => {
    site = await openTestSite(owner, {
      beside: { '/models/': models, '/': join(root, 'tests/browser/pages') },
      intercept: (path) => {
        // A byte more than a model may have.
        if (path === '/models/large.onnx') return { body: Buffer.alloc((64 << 20) + 1) };
        if (path === '/marked.json') return { body: Buffer.from('\ufeff{ "frame_skip": 2 }') };
        return undefined;
      },
    });
    browser = await launchBrowser(owner);
  });
  afterEach(async () => {
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await workersGone(browser);
  });

  test('plays beside a person with real keys, by a manifest at an address', async () => {
    page = await openBarePage(browser, site);
    await page.evaluate(() => {
      window.game = window.palaestra.play({
        env: 'overcooked_ai/cramped_room',
        kwargs: { observation: 'lossless' },
        canvas: document.getElementById('canvas'),
        seed: 7,
        fps: 20,
        maxSteps: 60,
        seats: {
          agent_0: 'human',
          agent_1: { onnx: 'models/kitchen_cnn.onnx', manifest: 'partner.json', sample: true, reactionDelay: 2 },
        },
      });
      return window.until('the game to play', () => window.game.state === 'playing');
    });
    await page.keyboard.down('ArrowLeft');
    await page.evaluate(() => window.until('ten steps', () => window.game.frameNumber >= 10));
    await page.keyboard.up('ArrowLeft');
    await page.keyboard.down('ArrowRight');
    const { text, message } = await page.evaluate(async () => {
      const record = await window.game.finished;
      return { text: await record.text(), message: (await record.verification()).message };
    });
    await page.keyboard.up('ArrowRight');
    const lines = linesOf(text);
    const steps = stepsOf(lines);
    assert.equal(steps.length, 60);
    assert.equal(message, 'verified: 60 steps identical');
    assert.match(lines[0].policy, /^human, onnx models\/kitchen_cnn\.onnx xxh64:/);
    const [own, partner] = [0, 1].map((agent) => steps.map(({ action }) => action[agent]));
    assert.ok(new Set(own).size >= 2, `the person's actions: ${own}`);
    assert.ok(new Set(partner).size >= 3, `the model's actions: ${partner}`);
    assert.deepEqual(partner.slice(0, 2), [4, 4], 'it stands still until its first action comes');
  });

  test('may answer at once, whatever its manifest says of its reactions', async () => {
    page = await openBarePage(browser, site);
    const model = { onnx: 'models/sb3_ppo_mlp.onnx' };
    const actions = [];
    for (const seat of [
      { ...model, manifest: { reaction_delay: 5 }, reactionDelay: 0 },
      { ...model, manifest: {}, reactionDelay: 0 },
      { ...model, manifest: { reaction_delay: 5 } },
    ]) {
      const { text } = await played(page, { env: 'CartPole-v1', seed: 1, maxSteps: 20, seats: { agent_0: seat } });
      actions.push(stepsOf(linesOf(text)).map(({ action }) => action));
    }
    const [asked, without, late] = actions;
    assert.equal(asked.length, 20);
    assert.deepEqual(asked, without);
    assert.notDeepEqual(asked, late, 'a delay would be seen');
  });

  test('takes a manifest whose file begins with a byte order mark', async () => {
    page = await openBarePage(browser, site);
    const seats = { agent_0: { onnx: 'models/sb3_ppo_mlp.onnx', manifest: 'marked.json' } };
    const { message } = await played(page, { env: 'CartPole-v1', seed: 1, maxSteps: 5, seats });
    assert.equal(message, 'verified: 5 steps identical');
  });

  // `told`: such seats are read when the part for them has come, and there is nobody to throw it to.
  for (const { what, seat, env = 'CartPole-v1', code, message, told = false } of [
    {
      what: 'a delay is none',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx', reactionDelay: -1 },
      code: 'bad_argument',
      message: /seats\.agent_0: reactionDelay: expected a whole number from 0 on, found -1/,
      told: true,
    },
    {
      what: 'a delay is longer than any',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx', reactionDelay: 1001 },
      code: 'bad_argument',
      message: /seats\.agent_0\.reactionDelay: expected 0 to 1000 ticks, found 1001/,
      told: true,
    },
    {
      what: 'it is to decide less than every tick',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx', frameSkip: 0 },
      code: 'bad_argument',
      message: /seats\.agent_0: frameSkip: expected a whole number from 1 on, found 0/,
      told: true,
    },
    {
      what: 'no file is there',
      seat: { onnx: 'models/none.onnx' },
      code: 'load_failed',
      message: /models\/none\.onnx: expected status 200, found 404/,
    },
    {
      what: 'the file is larger than any model',
      seat: { onnx: 'models/large.onnx' },
      code: 'bad_argument',
      message: /^seats\.agent_0\.onnx: expected a file of at most 67108864 bytes, found 67108865$/,
    },
    {
      what: 'the file is no model',
      seat: { onnx: 'bare.html' },
      code: 'bad_argument',
      message: /^seats\.agent_0: expected an ONNX file, found a ModelProto/,
    },
    {
      what: 'the model is for another environment',
      env: 'Acrobot-v1',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx' },
      code: 'bad_argument',
      message:
        /^seats\.agent_0: input `input`: expected a shape of 6 elements, as the observation has, found float \[1, 4\]$/,
    },
    {
      what: 'the manifest at an address is no JSON',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx', manifest: 'bare.html' },
      code: 'bad_argument',
      message: /^seats\.agent_0\.manifest: expected a JSON object at .*bare\.html, found other text: .*JSON/,
    },
    {
      what: 'a field of the manifest is misspelt',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx', manifest: { sampel: true } },
      code: 'bad_argument',
      message: /^seats\.agent_0: manifest: expected an argument among .*, found `sampel`$/,
    },
    {
      what: 'the environment shows it something else than it learned from',
      env: 'overcooked_ai/cramped_room',
      seat: { onnx: 'models/kitchen_cnn.onnx', manifest: { observation: 'lossless' } },
      code: 'bad_argument',
      message: /^seats\.agent_0: expected kwargs with `observation: 'lossless'`, found none$/,
    },
    {
      what: 'an option is misspelt',
      seat: { onnx: 'models/sb3_ppo_mlp.onnx', frameskip: 3 },
      code: 'bad_argument',
      message: /frameskip/,
      told: true,
    },
  ]) {
    test(`is refused where ${what}`, async () => {
      page = await openBarePage(browser, site);
      const { error } = await page.evaluate(
        async ({ env, seat }) =>
          window.attempt(() => window.palaestra.play({ env, seats: { agent_0: seat } }).finished),
        { env, seat },
      );
      assert.deepEqual([error.code, error.typed], [code, true], error.message);
      assert.match(error.message, message);
      if (told) assert.match(page.faults.splice(0).join('\n'), message);
    });
  }

  test('can be of a file that somebody chose, at an address of the page alone', async () => {
    page = await openBarePage(browser, site);
    const result = await page.evaluate(async () => {
      const model = await (await fetch('models/sb3_ppo_mlp.onnx')).blob();
      const onnx = URL.createObjectURL(model);
      const game = window.palaestra.play({
        env: 'CartPole-v1',
        seed: 1,
        fps: 60,
        maxSteps: 20,
        seats: { agent_0: { onnx } },
      });
      const record = await window.within('the game', game.finished, 30_000);
      return { policy: record.header.policy, message: (await record.verification()).message };
    });
    assert.match(result.policy, /^onnx blob:.* xxh64:[0-9a-f]{16}$/);
    assert.match(result.message, /^verified: \d+ steps identical$/);
  });

  test('costs pages without one nothing, and others 100 kB', async () => {
    page = await openBarePage(browser, site);
    const { length } = gzipSync(await readFile(join(root, 'dist', module)));
    assert.ok(length <= 100_000, `${length} bytes`);
    const before = site.requests.length;
    const { message } = await played(page, { env: 'CartPole-v1', seed: 1, maxSteps: 5, seats: { agent_0: 'random' } });
    assert.equal(message, 'verified: 5 steps identical');
    const asked = site.requests.slice(before).map((request) => request.path ?? String(request));
    assert.ok(asked.some((path) => path.includes('classic_control')) && !asked.includes(module), asked.join());
    assert.ok(!asked.some((path) => path.includes('/policy/')), asked.join());
  });
});
