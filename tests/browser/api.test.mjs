import assert from 'node:assert/strict';
import { before, beforeEach, afterEach, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const kitchen = 'overcooked_ai/cramped_room';

describe('an environment that a page drives by promises', () => {
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

  test('takes an action beyond the bounds where the reference clips it, alone and among many', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('Pendulum-v1');
      const after = async (play) => {
        await env.reset({ seed: 1 });
        return Array.from((await play()).observation).join();
      };
      const one = (action) => after(() => env.step(action));
      const many = (actions) => after(async () => (await env.stepMany(actions)).at(-1));
      const seen = [
        await one([2]),
        await one([100]),
        await one(100),
        await many([[100]]),
        await many(new Float32Array([1e9])),
      ];
      seen.push(await one([NaN]).catch((error) => error.code));
      await env.close();
      return seen;
    });
    assert.deepEqual(seen, [seen[0], seen[0], seen[0], seen[0], seen[0], 'bad_action']);
  });

  test('is what it was asked for at the call, whatever is done to the objects afterwards', async () => {
    const seen = await page.evaluate(async () => {
      const { make, play } = window.palaestra;
      const kwargs = { gravity: -5 };
      const made = [-5, -7].map((gravity) => {
        kwargs.gravity = gravity;
        return make('LunarLander-v3', kwargs, { record: true, save: false });
      });
      const game = play({ env: 'LunarLander-v3', kwargs, idle: 0, fps: 240, maxSteps: 3, save: false });
      kwargs.gravity = -9;
      const [one, two] = await Promise.all(made);
      const options = { policies: 'random', episodes: 1, seed: 1 };
      const runs = [1, 2].map((seed) => {
        options.seed = seed;
        return one.rollout(options);
      });
      options.seed = 3;
      const rolled = (await Promise.all(runs)).map(({ episodes }) => episodes[0].seed);
      await Promise.all([one.reset({ seed: 1 }), two.reset({ seed: 1 })]);
      const headers = [one, two].map((env) => env.record().header.kwargs.gravity);
      await Promise.all([one.close(), two.close()]);
      return { headers, played: (await game.finished).header.kwargs.gravity, rolled };
    });
    assert.deepEqual([seen.headers, seen.played, seen.rolled], [[-5, -7], -7, [1, 2]]);
  });

  test('counts an episode once, however many steps are played past its end', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1', {}, { record: true, save: false });
      await env.reset({ seed: 1 });
      for (let step = 0; step < 30; step += 1) await env.step(1);
      const { returns, steps } = env.record();
      await env.close();
      return { returns: returns.length, steps };
    });
    assert.deepEqual(seen, { returns: 1, steps: 30 });
  });

  test('has its registered spec, and reset and step give what Gymnasium gives', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      const reset = await env.reset({ seed: 42 });
      const step = await env.step(1);
      const kinds = [reset, step].map(({ observation }) => observation.constructor.name);
      await env.close();
      const plain = (result) => ({ ...result, observation: Array.from(result.observation) });
      return {
        id: env.spec.id,
        agents: env.agents,
        space: env.actionSpace,
        reset: plain(reset),
        step: plain(step),
        kinds,
      };
    });
    assert.deepEqual(
      [seen.id, seen.agents, seen.kinds],
      ['CartPole-v1', ['agent_0'], ['Float32Array', 'Float32Array']],
    );
    assert.match(JSON.stringify(seen.space), /2/);
    // gymnasium 1.4.0: make("CartPole-v1"), reset(seed=42), step(1)
    assert.deepEqual(seen.reset, {
      observation: [0.02739560417830944, -0.006112155970185995, 0.03585979342460632, 0.019736802205443382],
      info: {},
    });
    assert.deepEqual(seen.step, {
      observation: [0.02727336250245571, 0.18847766518592834, 0.036254528909921646, -0.26141977310180664],
      reward: 1,
      terminated: false,
      truncated: false,
      info: {},
    });
  });

  test('with several agents, takes and gives everything keyed by agent', async () => {
    const seen = await page.evaluate(async (id) => {
      const env = await window.palaestra.make(id);
      const reset = await env.reset({ seed: 1 });
      const step = await env.step({ agent_0: 2, agent_1: 4 });
      await env.close();
      return { agents: env.agents, spaces: Object.keys(env.actionSpace), reset, step };
    }, kitchen);
    const agents = ['agent_0', 'agent_1'];
    assert.deepEqual([seen.agents, seen.spaces], [agents, agents]);
    assert.deepEqual(Object.keys(seen.reset.observation), agents);
    for (const field of ['observation', 'reward', 'terminated', 'truncated']) {
      assert.deepEqual(Object.keys(seen.step[field]), agents, field);
    }
    assert.deepEqual([seen.step.reward.agent_0, seen.step.terminated.agent_1], [0, false]);
    const places = ({ observation }) => observation.agent_0.players.map((player) => player.position);
    // overcooked-ai 1.1.0: both start as the plan says; the first walks east into the free square beside it.
    assert.deepEqual(places(seen.reset), [
      [1, 2],
      [3, 1],
    ]);
    assert.deepEqual(places(seen.step), [
      [2, 2],
      [3, 1],
    ]);
  });

  test('takes keyword arguments: a kitchen gives a network its maps as a typed array', async () => {
    const seen = await page.evaluate(async (id) => {
      const env = await window.palaestra.make(id, { observation: 'lossless', horizon: 3 });
      const { observation } = await env.reset({ seed: 1 });
      const steps = await env.stepMany(Array.from({ length: 5 }, () => ({ agent_0: 4, agent_1: 4 })));
      await env.close();
      const maps = observation.agent_0;
      return {
        kind: Object.prototype.toString.call(maps),
        length: maps.length,
        steps: steps.length,
        last: steps.at(-1),
      };
    }, kitchen);
    assert.match(seen.kind, /Array\]$/);
    assert.equal(seen.length, 5 * 4 * 26);
    assert.equal(seen.steps, 3);
    // The horizon is a limit of time, not an end of the world.
    assert.deepEqual(seen.last.truncated, { agent_0: true, agent_1: true });
    assert.deepEqual(seen.last.terminated, { agent_0: false, agent_1: false });
  });

  test('gives the same for many steps at once as for the same steps one by one', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      const actions = Array.from({ length: 60 }, (_, i) => Number(i % 3 === 0));
      const plain = (step) => ({ ...step, observation: Array.from(step.observation) });
      await env.reset({ seed: 7 });
      const single = [];
      for (const action of actions) {
        const step = await env.step(action);
        single.push(plain(step));
        if (step.terminated) break;
      }
      await env.reset({ seed: 7 });
      const many = await env.stepMany(actions);
      const found = {
        length: many.length,
        steps: [...many].map(plain),
        rewards: many.rewards,
        last: plain(many.at(-1)),
      };
      await env.reset({ seed: 7 });
      const through = await env.stepMany(actions, { autoreset: true });
      const none = await env.stepMany([]);
      await env.close();
      const ends = [...through].filter((step) => step.terminated).length;
      return { single, ...found, rewards: [...found.rewards], through: through.length, ends, none: none.length };
    });
    assert.ok(seen.single.length > 5 && seen.single.length < 60, `${seen.single.length} steps`);
    assert.equal(seen.length, seen.single.length, 'many steps end with the episode');
    assert.deepEqual(seen.steps, seen.single);
    assert.deepEqual(seen.last, seen.single.at(-1));
    assert.deepEqual(
      seen.rewards,
      seen.single.map((step) => step.reward),
    );
    assert.equal(seen.through, 60);
    assert.ok(seen.ends >= 2, `${seen.ends} ends`);
    assert.equal(seen.none, 0);
  });

  test('plays on from a saved state as if nothing had happened, the generator included', async () => {
    for (const [id, action] of [
      ['MountainCar-v0', 2],
      [kitchen, { agent_0: 2, agent_1: 3 }],
    ]) {
      const seen = await page.evaluate(
        async ({ id, action }) => {
          const env = await window.palaestra.make(id);
          await env.reset({ seed: 3 });
          await env.stepMany([action, action]);
          const state = await env.save();
          const there = await env.hash();
          const play = async () => {
            const steps = await env.stepMany([action, action, action]);
            const again = await env.reset();
            const plain = (_, value) => (typeof value === 'bigint' ? `${value}n` : value);
            return JSON.stringify([[...steps], again, await env.hash()], plain);
          };
          const first = await play();
          const moved = await env.hash();
          await env.restore(state);
          const back = await env.hash();
          const second = await play();
          await env.close();
          return { kind: state.constructor.name, there, moved, back, first, second };
        },
        { id, action },
      );
      assert.equal(seen.kind, 'Uint8Array');
      assert.match(seen.there, /^[0-9a-f]{16}$/);
      assert.notEqual(seen.moved, seen.there);
      assert.equal(seen.back, seen.there);
      assert.equal(seen.second, seen.first);
    }
  });

  test('goes on with the generator of a saved state, also where nobody waits before the reset', async () => {
    const seen = await page.evaluate(async () => {
      const { make } = window.palaestra;
      const saved = await make('CartPole-v1');
      await saved.reset({ seed: 3 });
      const state = await saved.save();
      const starts = [(await saved.reset()).observation.join()];
      const other = await make('CartPole-v1');
      const restored = other.restore(state);
      starts.push((await other.reset()).observation.join());
      await restored;
      // One that is refused has seeded nothing.
      const fresh = await make('CartPole-v1');
      const refused = fresh.restore(new Uint8Array(3)).catch(({ code }) => code);
      await fresh.reset().catch(() => {});
      await fresh.reset();
      const seeds = [other.npRandomSeed, fresh.npRandomSeed !== null];
      for (const env of [saved, other, fresh]) await env.close();
      return { starts, refused: await refused, seeds };
    });
    assert.equal(seen.starts[1], seen.starts[0]);
    assert.equal(seen.refused, 'bad_state');
    assert.deepEqual(seen.seeds, [null, true]);
  });

  test('goes on with its generator where a reset has no seed, and begins anew where it has one', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      const starts = [];
      for (const seed of [5, undefined, null, 5, undefined, 5n, 2n ** 64n - 1n]) {
        starts.push((await env.reset({ seed })).observation.join());
      }
      await env.close();
      return starts;
    });
    const [first, second, third, again, secondAgain, big, biggest] = seen;
    assert.equal(new Set([first, second, third, biggest]).size, 4);
    assert.deepEqual([again, secondAgain, big], [first, second, first]);
  });

  test('refuses a step before the first reset and goes on well', async () => {
    const seen = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1');
      const early = [await window.settle(env.step(0)), await window.settle(env.stepMany([0]))];
      await env.reset({ seed: 1 });
      const { reward } = await env.step(0);
      await env.close();
      return { early, reward };
    });
    for (const { error } of seen.early) {
      assert.deepEqual([error.code, error.typed], ['out_of_order', true]);
      assert.match(error.message, /reset/);
    }
    assert.equal(seen.reward, 1);
  });

  test('is one of several that do not disturb each other', async () => {
    const seen = await page.evaluate(async () => {
      const envs = await Promise.all(
        ['CartPole-v1', 'CartPole-v1', 'MountainCar-v0'].map((id) => window.palaestra.make(id)),
      );
      await Promise.all(envs.map((env, i) => env.reset({ seed: i })));
      const calls = Array.from({ length: 40 }, (_, i) => envs.map((env) => env.step(i % 2)));
      await Promise.all(calls.flat());
      const crowd = await Promise.all(envs.map((env) => env.hash()));
      await Promise.all(envs.slice(1).map((env) => env.close()));
      // The same as the second, alone.
      await envs[0].reset({ seed: 1 });
      for (let i = 0; i < 40; i += 1) await envs[0].step(i % 2);
      const alone = await envs[0].hash();
      // What a page forgets is closed for it.
      window.kept = envs;
      return { crowd, alone };
    });
    assert.equal(new Set(seen.crowd).size, 3);
    assert.equal(seen.crowd[1], seen.alone);
    assert.equal((await browser.dedicatedWorkers(page)).length, 1);
  });
});
