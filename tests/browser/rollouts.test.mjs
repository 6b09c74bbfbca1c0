import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { linesOf, stepsOf } from './support/demo.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';

const models = join(root, 'crates/onnx/tests/models');

/** Rollouts, and their episodes as the native build plays them: `crates/cli/tests/rollout.rs` holds it to the same file. */
const rollouts = JSON.parse(await readFile(join(root, 'crates/cli/tests/rollouts.json'), 'utf8'));

describe('experts and rollouts', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let page;

  before(async () => {
    site = await openTestSite(owner, { beside: { '/models/': models, '/': join(root, 'tests/browser/pages') } });
    browser = await launchBrowser(owner);
  });
  afterEach(async () => {
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await workersGone(browser);
  });

  test('experts play in seats, in every family, and their records verify', async () => {
    page = await openBarePage(browser, site);
    const { games, policy } = await page.evaluate(async () => {
      const seats = { agent_0: 'expert', agent_1: { expert: true, skill: 0.7 } };
      const play = async (env, seats) => {
        const game = window.palaestra.play({ env, seed: 7, fps: 240, maxSteps: 120, episodePause: 0, seats });
        const record = await game.finished;
        return { env, text: await record.text(), message: (await record.verification()).message };
      };
      const first = new Map();
      for (const { id, family, agents, expert } of window.palaestra.registry.values()) {
        if (expert && !first.has(family)) first.set(family, { id, agents });
      }
      // By the names that the environment gives its agents, as many as there are.
      const tag = { adversary_0: 'random', adversary_1: 'idle', agent_0: { expert: true, skill: 0.5 } };
      const kwargs = { num_adversaries: 2 };
      const named = window.palaestra.play({ env: 'mpe2/simple_tag_v3', kwargs, fps: 240, maxSteps: 20, seats: tag });
      const { policy } = (await named.finished).header;
      const played = [];
      for (const { id, agents } of first.values()) {
        const own = agents === 1 ? { agent_0: 'expert' } : seats;
        played.push(await play(id, own));
      }
      return { games: played, policy };
    });
    assert.equal(policy, 'random, idle, expert skill 0.5');
    assert.equal(games.length, 9);
    for (const { env, text, message } of games) {
      const lines = linesOf(text);
      assert.ok(stepsOf(lines).length > 20, env);
      assert.match(message, /^verified: \d+ steps? identical$/, env);
      assert.match(lines[0].policy, /^expert(, expert skill 0\.7)?/, env);
    }
    const kitchen = games.find(({ env }) => env.startsWith('overcooked_ai/'));
    const earned = stepsOf(linesOf(kitchen.text)).reduce((sum, { reward }) => sum + reward, 0);
    assert.ok(earned >= 20, `a soup in 120 steps: ${earned}`);
  });

  test('a rollout plays the episodes that the native build plays', async () => {
    page = await openBarePage(browser, site);
    for (const { env, kwargs, policies, played, ...limits } of rollouts) {
      const { episodes, steps, told } = await page.evaluate(
        async ({ env, kwargs, policies, limits }) => {
          const made = await window.palaestra.make(env, kwargs);
          const at = (policy) => (policy.onnx ? { ...policy, onnx: `models/${policy.onnx}` } : policy);
          const byAgent = Object.fromEntries(policies.map((policy, agent) => [`agent_${agent}`, at(policy)]));
          const told = [];
          const onProgress = (progress) => told.push(progress);
          const rollout = await made.rollout({ policies: byAgent, ...limits, onProgress });
          await made.close();
          return { ...rollout, told };
        },
        { env, kwargs, policies, limits },
      );
      assert.deepEqual(episodes, played, env);
      assert.equal(
        steps,
        played.reduce((sum, { length }) => sum + length, 0),
      );
      assert.deepEqual(told.at(-1), { episodes: played.length, steps });
    }
  });

  test('a rollout is ended by a signal, and what is wrong is told', async () => {
    page = await openBarePage(browser, site);
    const errors = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      const message = async (promise) => {
        const { error } = await window.settle(promise);
        return error && `${error.code}: ${error.message}`;
      };
      const playing = async (options) => window.palaestra.play(options).finished;
      const controller = new AbortController();
      const endless = env.rollout({
        policies: 'expert',
        steps: 1e9,
        signal: controller.signal,
        onProgress: ({ steps }) => steps > 1000 && controller.abort(),
      });
      const house = await window.palaestra.make('SearchRescue-Test-V0');
      const errors = [
        await message(endless),
        await message(env.rollout({ episodes: 1, signal: AbortSignal.abort() })),
        await message(env.rollout({ episodes: 1, signal: 7 })),
        await message(house.rollout({ policies: { agent_1: 'expert' }, episodes: 1 })),
        await message(playing({ env: 'SearchRescue-Test-V0', seats: { agent_0: 'expert' } })),
        await message(playing({ env: 'mpe2/simple_tag_v3', seats: { adversry_1: 'human' } })),
        await message(playing({ env: 'CartPole-v1', seats: { agent_0: { expert: true, skill: 2 } } })),
        await message(env.rollout({})),
        await message(env.rollout({ policy: 'random', episodes: 1 })),
        await message(env.rollout({ policies: 'human', episodes: 1 })),
        await message(env.rollout({ policies: { action: 7 }, episodes: 1 })),
        await message(env.rollout({ episodes: 1, resetOptions: { high: 'deep' } })),
        await message(env.rollout({ policies: { onnx: 'none.onnx' }, episodes: 1 })),
      ];
      await Promise.all([env.close(), house.close()]);
      return errors;
    });
    const expected = [
      /^session_closed: /,
      /^session_closed: /,
      /^bad_argument: signal: expected an AbortSignal, found 7$/,
      /^bad_argument: policies\.agent_1: expected an environment with an expert, among CartPole-v1, /,
      /^bad_argument: seats\.agent_0: expected an environment with an expert, among CartPole-v1, /,
      /^bad_argument: seats: expected an agent among adversary_0, .*; found `adversry_1` \(did you mean `adversary_1`\?\)$/,
      /^bad_argument: seats\.agent_0: skill: expected a probability from 0 to 1, found 2/,
      /^bad_argument: rollout: expected a number of episodes or of steps, found neither/,
      /^bad_argument: rollout: expected an option among policies, .*; found `policy`/,
      /^bad_argument: policies\.agent_0: expected "random", "expert", /,
      /^bad_argument: policies\.agent_0: expected .*found 7/,
      /^bad_argument: .*high/,
      /^load_failed: /,
    ];
    expected.forEach((pattern, index) => assert.match(errors[index] ?? 'no error', pattern));
  });
});
