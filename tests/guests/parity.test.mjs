// Environments in Python beside ours: the same seed and actions, the same returns, to the bit.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { stepsOf } from '../browser/support/demo.mjs';
import { openBarePage } from '../browser/support/pages.mjs';
import { played, playedAlike, rowsOf } from './support/alike.mjs';
import { COGRID, guest, openGuestSite, PETTINGZOO } from './support/open.mjs';

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
    // The tables too: nobody replays a guest's record, but its spaces are those that the page has of it.
    const [guests, expected] = found.tables.map(rowsOf);
    assert.equal(expected.rows.length, 2000);
    assert.deepEqual(guests, expected);
    const [theirs, table] = found.tables.map(({ arrow }) => Buffer.from(arrow));
    const typed = [
      BigInt64Array.from(expected.columns.action, BigInt),
      ...[0, 1, 2, 3].map((index) => Float32Array.from(expected.columns[`obs_${index}`], Number)),
      Float64Array.from(expected.columns.reward, Number),
    ];
    for (const [index, column] of typed.entries()) {
      const bytes = Buffer.from(column.buffer);
      assert.ok(theirs.includes(bytes) && table.includes(bytes), `column ${index} of Arrow`);
    }
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
