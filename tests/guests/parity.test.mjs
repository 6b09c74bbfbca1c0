// Environments in Python beside ours: the same seed and actions, the same returns, to the bit.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { linesOf, stepsOf } from '../browser/support/demo.mjs';
import { openBarePage } from '../browser/support/pages.mjs';
import { COGRID, guest, openGuestSite, PETTINGZOO } from './support/open.mjs';

/**
 * Plays two environments alike, in the page: gives the first difference, if any, how many steps and episodes there were, how long each took to
 * be made and to take a step, in milliseconds, and both records. `actions`: how many there are of a Discrete space, or none: those of a Box
 * with one number.
 */
const playedAlike = (page, ids, steps, actions) =>
  page.evaluate(
    async ([ids, steps, actions]) => {
      const made = [];
      const loading = [];
      for (const [id, kwargs] of ids) {
        const began = performance.now();
        made.push(await window.palaestra.make(id, kwargs, { record: true, stepTimeout: 30_000 }));
        loading.push(performance.now() - began);
      }
      const [guest, ours] = made;
      const bytes = (values) => {
        if (ArrayBuffer.isView(values)) return Array.from(values);
        return typeof values === 'object' ? Object.values(values).map(bytes) : values;
      };
      const shown = ({ observation, ...rest }) => JSON.stringify([bytes(observation), { ...rest, info: undefined }]);
      let [random, difference, episodes] = [7, undefined, 1];
      const times = [0, 0];
      const first = await Promise.all([guest.reset({ seed: 7 }), ours.reset({ seed: 7 })]);
      if (shown(first[0]) !== shown(first[1])) difference = { t: 0, found: first.map(shown) };
      let t = 0;
      while (t < steps && !difference) {
        const drawn = guest.agents.map((agent) => {
          random = (random * 48271) % 2147483647;
          return [agent, actions ? random % actions : [(random % 2001) / 1000 - 1]];
        });
        const action = drawn.length > 1 ? Object.fromEntries(drawn) : drawn[0][1];
        const returned = [];
        for (const [index, env] of [guest, ours].entries()) {
          const began = performance.now();
          returned.push(await env.step(action));
          times[index] += performance.now() - began;
        }
        t += 1;
        if (shown(returned[0]) !== shown(returned[1])) difference = { t, found: returned.map(shown) };
        const over = [returned[1].terminated, returned[1].truncated].some((flag) =>
          typeof flag === 'object' ? Object.values(flag).every(Boolean) : flag,
        );
        if (over) {
          episodes += 1;
          const again = await Promise.all([guest.reset(), ours.reset()]);
          if (shown(again[0]) !== shown(again[1])) difference ??= { t, found: again.map(shown) };
        }
      }
      const texts = await Promise.all([guest, ours].map((env) => env.record().text()));
      await Promise.all([guest.close(), ours.close()]);
      return { difference, steps: t, episodes, loading, times: times.map((ms) => ms / t), texts };
    },
    [ids, steps, actions],
  );

/** What a record says of resets and steps, but for hashes: states are written in other ways. */
const played = (text) =>
  linesOf(text)
    .filter(({ type }) => type === 'reset' || type === 'step')
    .map(({ hash: _, ...line }) => line);

/** What it cost, in Python and in Rust. */
function tell(name, { times, loading }) {
  const [python, rust] = times.map((ms) => `${Math.round(ms * 1000)} µs`);
  const seconds = loading.map((ms) => `${(ms / 1000).toFixed(1)} s`);
  console.log(
    `${name}: a step ${python} in Python, ${rust} in Rust, messages included; made in ${seconds.join(' and ')}`,
  );
}

describe('an environment in Python beside ours', () => {
  const owner = sharedOwner();
  let page;
  let browser;

  before(async () => {
    const site = await openGuestSite(owner);
    browser = await launchBrowser(owner);
    page = await openBarePage(browser, site);
  });

  test("Gymnasium's CartPole is our CartPole for 2,000 steps, and so are their records", async () => {
    const cartpole = guest({ entry: 'CartPole-v1' });
    const found = await playedAlike(
      page,
      [
        ['guest/cartpole', cartpole],
        ['CartPole-v1', {}],
      ],
      2000,
      2,
    );
    assert.equal(found.difference, undefined, JSON.stringify(found.difference)?.slice(0, 600));
    assert.equal(found.steps, 2000);
    assert.ok(found.episodes > 20, `${found.episodes} episodes`);
    const [own, ours] = found.texts.map(played);
    assert.equal(stepsOf(own).length, 2000);
    assert.deepEqual(own, ours);
    tell('CartPole', found);
    await workersGone(browser);
  });

  test("others of Gymnasium's are ours as well", async () => {
    const others = [
      ['FrozenLake-v1', 4],
      ['Taxi-v4', 6],
      ['Blackjack-v1', 2],
      ['MountainCarContinuous-v0', undefined],
      ['Acrobot-v1', 3],
    ];
    for (const [id, actions] of others) {
      const found = await playedAlike(
        page,
        [
          [`guest/${id}`, guest({ entry: id })],
          [id, {}],
        ],
        300,
        actions,
      );
      assert.equal(found.difference, undefined, `${id}: ${JSON.stringify(found.difference)?.slice(0, 600)}`);
      assert.equal(found.steps, 300);
    }
    await workersGone(browser);
  });

  test('a kitchen of cogrid is our kitchen, and so are their records', async () => {
    const kitchen = guest({ module: 'worlds/kitchen.py' }, [PETTINGZOO, COGRID]);
    const id = 'Overcooked-CrampedRoom-V0';
    const found = await playedAlike(
      page,
      [
        ['guest/kitchen', kitchen],
        [id, {}],
      ],
      400,
      7,
    );
    assert.equal(found.difference, undefined, JSON.stringify(found.difference)?.slice(0, 600));
    assert.equal(found.steps, 400);
    const [own, ours] = found.texts.map(played);
    assert.deepEqual(own, ours);
    tell('cogrid', found);
    await workersGone(browser);
  });
});
