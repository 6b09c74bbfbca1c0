import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const kitchen = 'overcooked_ai/cramped_room';

/** Mistakes in what `make` is given: what is called, the error's code, and what its message has to name. */
const badMakes = [
  ["make('Cartpole-v1')", 'unknown_environment', /Cartpole-v1/, /CartPole-v1/],
  ["make('')", 'unknown_environment', /""|``|''/],
  ['make(undefined)', 'unknown_environment', /undefined/],
  ["make('CartPole-v1', { sutton: true })", 'bad_argument', /sutton\b/, /sutton_barto_reward/],
  ["make('CartPole-v1', { sutton_barto_reward: 'yes' })", 'bad_argument', /sutton_barto_reward/, /yes/],
  ["make('CartPole-v1', 5)", 'bad_argument', /kwargs/, /found 5/],
  ["make('CartPole-v1', { sutton_barto_reward: () => 1 })", 'bad_argument', /sutton_barto_reward|kwargs/],
  [`make('${kitchen}', { horizon: 0 })`, 'bad_argument', /horizon/, /0/],
  [`make('${kitchen}', { horizon: 1e300 })`, 'bad_argument', /horizon/, /1e\+?300/],
  [`make('${kitchen}', { layout: 'XX' })`, 'bad_argument', /layout/],
  [`make('${kitchen}', { observation: 'pixels' })`, 'bad_argument', /lossless/, /pixels/],
  ["make('CartPole-v1', {}, { stepTimeout: -1 })", 'bad_argument', /stepTimeout/, /-1/],
  ["make('CartPole-v1', {}, { loadTimeout: 'long' })", 'bad_argument', /loadTimeout/, /long/],
];

/** Mistakes in calls to an environment that is there; it has to be as well afterwards as before. */
const badCalls = {
  'CartPole-v1': [
    ['env.step(2)', 'bad_action', /Discrete\(2\)/, /found 2/],
    ['env.step(-1)', 'bad_action', /Discrete\(2\)/, /found -1/],
    ['env.step(0.5)', 'bad_action', /Discrete\(2\)/, /found 0\.5/],
    ["env.step('left')", 'bad_action', /Discrete\(2\)/, /found "left"/],
    ['env.step()', 'bad_action', /Discrete\(2\)/, /found/],
    ['env.step(null)', 'bad_action', /Discrete\(2\)/, /found null/],
    ['env.step(NaN)', 'bad_action', /Discrete\(2\)/, /found/],
    ['env.step([1])', 'bad_action', /Discrete\(2\)/, /found \[1\]/],
    ['env.stepMany(new Uint8Array(3_000_000), { autoreset: true })', 'bad_argument', /at most 500000 steps/],
    ['env.stepMany([0, 1, 2])', 'bad_action', /actions\[2\]/, /Discrete\(2\)/, /found 2/],
    ['env.stepMany(7)', 'bad_action', /array/, /found 7/],
    ['env.stepMany()', 'bad_action', /array/, /found undefined/],
    ['env.reset({ seed: -1 })', 'bad_argument', /seed/, /found -1/],
    ['env.reset({ seed: 1.5 })', 'bad_argument', /seed/, /found 1\.5/],
    ["env.reset({ seed: '42' })", 'bad_argument', /seed/, /found "42"/],
    ['env.reset({ seed: 2n ** 64n })', 'bad_argument', /seed/, /found/],
    ["env.reset({ seed: 1, options: { low: 'a' } })", 'bad_argument', /low/, /a/],
    ['env.reset({ seed: 1, options: { low: 1, high: 0 } })', 'bad_argument', /low|high/],
    ["env.reset({ seed: 1, options: 'warm' })", 'bad_argument', /options/, /warm/],
    ['env.reset({ seed: 1, options: 5 })', 'bad_argument', /options/, /5/],
    ['env.reset({ seed: 1, options: { low: () => 0 } })', 'bad_argument', /options/],
    ['env.restore(new Uint8Array(3))', 'bad_state', /expected/, /found|3/],
    ['env.restore(new Uint8Array(5000).fill(255))', 'bad_state', /expected/],
    ['env.restore(new Uint8Array(70 * 2 ** 20))', 'bad_state', /at most 1048576 bytes/, /73400320/],
    ['env.restore(new Uint8Array(2 ** 20 + 1))', 'bad_state', /at most 1048576 bytes/, /1048577/],
    ['env.stepMany(new Uint8Array(300_000_000))', 'bad_argument', /at most 500000 steps/, /300000000/],
    [
      'env.stepMany({ length: 500_001, [Symbol.iterator]: Array.prototype[Symbol.iterator] })',
      'bad_argument',
      /at most 500000/,
    ],
    ["env.restore('state')", 'bad_state', /Uint8Array/, /state/],
    ['env.restore()', 'bad_state', /Uint8Array/],
    ['env.restore(new ArrayBuffer(8))', 'bad_state', /Uint8Array/],
  ],
  [kitchen]: [
    ['env.step(4)', 'bad_action', /agent_0/, /agent_1/, /found 4/],
    ['env.step({})', 'bad_action', /agent_0/, /Discrete\(6\)/],
    ['env.step({ agent_0: 4, agent_1: 4, agent_2: 4 })', 'bad_action', /agent_0, agent_1/, /agent_2/],
    ['env.step({ agent_0: 4, agent1: 4 })', 'bad_action', /agent_0, agent_1/, /agent1/],
    ['env.step({ agent_0: 4 })', 'bad_action', /agent_1/, /Discrete\(6\)/],
    ['env.step({ agent_0: 4, agent_1: 6 })', 'bad_action', /agent_1/, /Discrete\(6\)/, /found 6/],
    ['env.stepMany([{ agent_0: 4, agent_1: 4 }, { agent_0: 9, agent_1: 4 }])', 'bad_action', /actions\[1\]/, /agent_0/],
    ['env.save().then((bytes) => env.restore(bytes.slice(1)))', 'bad_state', /expected|state/],
    ['env.save().then((bytes) => env.restore(new Uint8Array([...bytes, 0])))', 'bad_state', /expected|state/],
  ],
};

describe('a mistake', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;

  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
  });
  beforeEach(async () => void (page = await openBarePage(browser, site)));
  afterEach(async () => {
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await workersGone(browser);
  });

  /** Checks that what came is a PalaestraError of that code whose message names everything it should. */
  const assertRefused = (call, { error, pending }, code, patterns) => {
    assert.ok(error && !pending, `${call} was not refused`);
    assert.deepEqual(
      [error.typed, error.name, error.code],
      [true, 'PalaestraError', code],
      `${call}: ${error.message}`,
    );
    for (const pattern of patterns) assert.match(error.message, pattern, call);
  };

  test('in what make is given is refused by name, and leaves no Worker', async () => {
    const outcomes = await page.evaluate(
      async (calls) => {
        const { make } = window.palaestra;
        const run = (call) => new Function('make', `return ${call}`)(make);
        const outcomes = [];
        for (const call of calls) outcomes.push(await window.attempt(() => run(call)));
        return outcomes;
      },
      badMakes.map(([call]) => call),
    );
    for (const [index, [call, code, ...patterns]] of badMakes.entries()) {
      assertRefused(call, outcomes[index], code, patterns);
    }
    await workersGone(browser, page);
  });

  for (const [id, calls] of Object.entries(badCalls)) {
    test(`in a call to ${id} is refused by name and changes nothing`, async () => {
      const outcomes = await page.evaluate(
        async ({ id, calls }) => {
          const env = await window.palaestra.make(id);
          await env.reset({ seed: 1 });
          const run = (call) => new Function('env', `return ${call}`)(env);
          const outcomes = [];
          for (const call of calls) {
            const before = await window.settle(env.hash());
            outcomes.push({
              before,
              refused: await window.attempt(() => run(call)),
              after: await window.settle(env.hash()),
            });
          }
          await env.close();
          return outcomes;
        },
        { id, calls: calls.map(([call]) => call) },
      );
      for (const [index, [call, code, ...patterns]] of calls.entries()) {
        const { before, refused, after } = outcomes[index];
        assertRefused(call, refused, code, patterns);
        assert.ok(after.value, `${call} left the environment unusable: ${JSON.stringify(after)}`);
        assert.deepEqual(after, before, String(call));
      }
    });
  }

  test('in the options of play is thrown at once, and no session begins', async () => {
    const mistakes = [
      ['undefined', /expected an object of options/],
      ['{}', /env/],
      ["{ env: 'CartPole-v1', fsp: 30 }", /fps/, /fsp/],
      ["{ env: 'CartPole-v1', fps: 0 }", /fps/, /0/],
      ["{ env: 'CartPole-v1', fps: NaN }", /fps/],
      ["{ env: 'CartPole-v1', episodes: 0 }", /episodes/, /0/],
      ["{ env: 'CartPole-v1', maxSteps: 1.5 }", /maxSteps/, /1\.5/],
      ["{ env: 'CartPole-v1', seed: 'abc' }", /seed/, /abc/],
      ["{ env: 'CartPole-v1', canvas: document.body }", /canvas/],
      ["{ env: 'CartPole-v1', onStep: 'log' }", /onStep/, /log/],
      ["{ env: 'CartPole-v1', inputMode: 'mouse' }", /inputMode/, /mouse/],
      ["{ env: 'CartPole-v1', tween: 1 }", /tween/, /1/],
      ["{ env: 'CartPole-v1', stepTimeout: 0 }", /stepTimeout/, /0/],
      ["{ env: 'CartPole-v1', seats: { agent_1: 'random' } }", /agent_1/, /agent_0/],
      [`{ env: '${kitchen}', seats: { agent_1: 'robot' } }`, /agent_1/, /robot/],
      ["{ env: 'CartPole-v1', keys: 3 }", /keys/, /3/],
      ["{ env: 'CartPole-v1', resetOptions: { low: () => 1 } }", /reset options/, /not plain/],
      ["{ env: 'CartPole-v1', resetOptions: 3 }", /reset options/, /3/],
    ];
    const outcomes = await page.evaluate(
      async (texts) => {
        const outcomes = [];
        for (const text of texts)
          outcomes.push(await window.attempt(() => window.palaestra.play(new Function(`return ${text}`)())));
        return { outcomes, live: window.palaestra.liveSessions() };
      },
      mistakes.map(([text]) => text),
    );
    for (const [index, [text, ...patterns]] of mistakes.entries()) {
      assertRefused(`play(${text})`, outcomes.outcomes[index], 'bad_argument', patterns);
    }
    assert.equal(outcomes.live, 0);
    assert.deepEqual(await browser.dedicatedWorkers(page), []);
  });

  test('that only the environment can see ends a game before it starts, with the error', async () => {
    const mistakes = [
      ["{ env: 'CartPole-v2' }", 'unknown_environment', /CartPole-v2/],
      ["{ env: 'CartPole-v1', kwargs: { gravity: 3 } }", 'bad_argument', /gravity/],
      ["{ env: 'CartPole-v1', keys: { ArrowLeft: 7 } }", 'bad_argument', /ArrowLeft/, /Discrete\(2\)/, /7/],
      ["{ env: 'CartPole-v1', idle: 3 }", 'bad_argument', /idle/, /3/],
      [`{ env: '${kitchen}', seats: { agent_1: 9 } }`, 'bad_argument', /agent_1/, /Discrete\(6\)/, /9/],
      ["{ env: 'CartPole-v1', resetOptions: { low: 'x' } }", 'bad_argument', /low/],
    ];
    for (const [text, code, ...patterns] of mistakes) {
      const seen = await page.evaluate(async (text) => {
        const game = window.palaestra.play(new Function(`return ${text}`)());
        const outcome = await window.settle(game.finished);
        return { outcome, state: game.state, live: window.palaestra.liveSessions(), frames: game.frameNumber };
      }, text);
      assertRefused(`play(${text})`, seen.outcome, code, patterns);
      assert.deepEqual([seen.state, seen.live, seen.frames], ['disposed', 0, 0]);
    }
    await workersGone(browser, page);
  });
});
