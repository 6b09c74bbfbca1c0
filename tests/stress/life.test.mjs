// The life of matches under stress, in real browsers: many at once, people who leave at every point, a server that is killed.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { verify } from '../browser/support/native.mjs';
import {
  actionsOf,
  exported,
  openPlayer,
  openServer,
  outcome,
  reaches,
  sameAndTrue,
  stepsPass,
} from '../browser/support/together.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const forage = 'Foraging-8x8-2p-2f-coop-v3';
const tag = 'mpe2/simple_tag_v3';
const chromium = engines[0];
const fast = { kwargs: {}, fps: 30 };

/** Which match each of these pages is in, and in which seat. */
const placesOf = (players) =>
  Promise.all(
    players.map((player) => player.evaluate(() => ({ id: window.game.match.id, seat: window.game.match.seat }))),
  );

describe('the life of matches', { timeout: 600_000 }, () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    server = await openServer(owner, {
      lobbies: {
        ...Object.fromEntries(
          ['twelve', 'leavers', 'mixed', 'restart', 'between'].map((name) => [name, { env_id: kitchen, ...fast }]),
        ),
        gone: { env_id: kitchen, ...fast, dropout: 'end' },
        goesOn: { env_id: kitchen, ...fast, dropout: 'continue', dropout_policy: 'random' },
        absent: { env_id: kitchen, ...fast, dropout: 'end', timeouts: { absence_ms: 1500 } },
        kitchens: { env_id: kitchen, ...fast },
        foraging: { env_id: forage, ...fast },
        tag: { env_id: tag, ...fast },
      },
    });
    browser = await chromium.launch(owner);
  });

  /** Opens a page for each of these options, all at the same moment; they are closed when the test is over. */
  async function all(t, list) {
    const players = [];
    t.after(() => Promise.all(players.map((player) => player.close().catch(() => {}))));
    await Promise.all(
      list.map(async (options, index) => (players[index] = await openPlayer(browser, server, options))),
    );
    return players;
  }

  const times = (count, options) => Array.from({ length: count }, () => options);

  test('three games of two episodes each begin at the same moment, and each comes to its end', async (t) => {
    /** @type {[string, string, number, number][]} */
    const games = [
      [kitchen, 'kitchens', 2, 2 * 60],
      [forage, 'foraging', 2, 2 * 50],
      [tag, 'tag', 4, 2 * 25],
    ];
    const options = games.flatMap(([env, lobby, people, steps]) =>
      times(people, { env, episodes: 2, episodePause: 200, maxSteps: steps, match: { lobby } }),
    );
    const players = await all(t, options);
    const sides = await Promise.all(players.map((player) => outcome(player, 120_000)));
    let first = 0;
    for (const [env, , people] of games) {
      const group = sides.slice(first, first + people);
      first += people;
      for (const side of group) assert.equal(side.header.env_id, env);
      await sameAndTrue(group);
    }
    await workersGone(browser.browser);
  });

  test('twelve people who come at the same moment are in six matches, each in exactly one', async (t) => {
    const players = await all(t, times(12, { env: kitchen, maxSteps: 90, match: { lobby: 'twelve' } }));
    await Promise.all(players.map((player) => reaches(player, 'playing', 90_000)));
    const places = await placesOf(players);
    const ids = [...new Set(places.map(({ id }) => id))];
    assert.equal(ids.length, 6, JSON.stringify(places));
    for (const id of ids) {
      const seats = places.filter((place) => place.id === id).map(({ seat }) => seat);
      assert.deepEqual(seats.sort(), [0, 1], JSON.stringify(places));
    }
    const sides = await Promise.all(players.map((player) => outcome(player, 120_000)));
    for (const id of ids) await sameAndTrue(sides.filter((_, index) => places[index].id === id));
    await workersGone(browser.browser);
  });

  test('who leaves the waitroom takes nobody along, and who loads the page again keeps the place', async (t) => {
    const options = { env: kitchen, maxSteps: 45, match: { lobby: 'leavers' } };
    const [closes] = await all(t, [options]);
    await reaches(closes, 'waiting');
    await closes.close();
    const [cancels] = await all(t, [options]);
    await reaches(cancels, 'waiting');
    const cancelled = await cancels.evaluate(async () => {
      /** @type {HTMLElement} */ (document.querySelector('.palaestra-match button')).click();
      const { reason, steps } = await window.within('the end', window.game.finished, 10_000);
      return { reason, steps };
    });
    assert.deepEqual(cancelled, { reason: 'closed', steps: 0 });
    const [reloads] = await all(t, [options]);
    await reaches(reloads, 'waiting');
    const before = await reloads.evaluate(() => window.game.match.participant);
    await reloads.page.reload();
    await reloads.evaluate((options) => window.loading.then(() => window.begin(options)), options);
    await reaches(reloads, 'waiting');
    assert.equal(await reloads.evaluate(() => window.game.match.participant), before);
    const [comes] = await all(t, [options]);
    await sameAndTrue(await Promise.all([reloads, comes].map((player) => outcome(player))));
  });

  test('a partner who is gone: the others hear of it within two seconds and keep the data; a policy may go on', async (t) => {
    const ends = await all(t, times(2, { env: kitchen, match: { lobby: 'gone' } }));
    const goesOn = await all(t, times(2, { env: kitchen, maxSteps: 200, match: { lobby: 'goesOn' } }));
    await Promise.all([...ends, ...goesOn].map((player) => reaches(player, 'playing')));
    await Promise.all([...ends, ...goesOn].map((player) => stepsPass(player, 30)));
    for (const [stays, leaves] of [ends, goesOn]) {
      await leaves.close();
      const told = await stays.evaluate(async () => {
        const began = performance.now();
        const missed = () =>
          window.game.state !== 'playing' ||
          Object.values(window.game.match.partners).some(({ state }) => state !== 'connected');
        await window.until('the partner to be missed', missed, 10_000);
        return performance.now() - began;
      });
      assert.ok(told < 2000, `${told} ms`);
    }
    const [over, whole] = await Promise.all([ends[0], goesOn[0]].map((player) => outcome(player, 90_000)));
    assert.deepEqual([over.reason, over.error, over.match.ended.code], ['partner_left', null, 'partner_left']);
    assert.ok(actionsOf(over.text).length >= 30);
    assert.deepEqual([whole.reason, whole.error], ['complete', null]);
    assert.equal(actionsOf(whole.text).length, 200);
    assert.match(whole.text, /"event":"partner_left"/);
    for (const { text, match } of [over, whole]) {
      assert.match(await verify(text), /identical\n1 passed, 0 failed/);
      assert.equal(match.record.verified, true, JSON.stringify(match.record));
    }
  });

  test('who looks away for too long is sent away with a reason, and the partner is told', async (t) => {
    const both = await all(t, times(2, { env: kitchen, match: { lobby: 'absent' } }));
    await Promise.all(both.map((player) => reaches(player, 'playing')));
    await stepsPass(both[0], 20);
    await both[0].evaluate(() => window.hide(true));
    const [away, stays] = await Promise.all(both.map((player) => outcome(player)));
    assert.deepEqual([away.reason, stays.reason], ['focus_lost', 'partner_left']);
    assert.ok(actionsOf(stays.text).length >= 20);
    assert.equal(stays.match.record.verified, true);
  });

  test('eight people of whom one closes the tab, one looks away, one loads the page again and one ends: the others play', async (t) => {
    const options = { env: kitchen, maxSteps: 240, match: { lobby: 'mixed' } };
    const players = await all(t, times(8, options));
    await Promise.all(players.map((player) => reaches(player, 'playing', 90_000)));
    const places = await placesOf(players);
    const groups = [...new Set(places.map(({ id }) => id))].map((id) => players.filter((_, i) => places[i].id === id));
    assert.deepEqual(
      groups.map(({ length }) => length),
      [2, 2, 2, 2],
    );
    await Promise.all(players.map((player) => stepsPass(player, 20)));
    const [[closes, left], [hides, sees], [reloads, waits], [ends, ended]] = groups;
    await Promise.all([
      closes.close(),
      hides.evaluate(() => window.hide(true)),
      reloads.page.reload(),
      ends.evaluate(() => void window.game.dispose()),
    ]);
    const again = reloads
      .evaluate((options) => window.loading.then(() => window.begin(options)), options)
      .then(() => outcome(reloads, 90_000));
    const [alone, one, other, whole, deserted] = await Promise.all(
      [left, hides, sees, waits, ended].map((player) => outcome(player, 120_000)),
    );
    assert.deepEqual(
      [alone, one, other, whole, await again, deserted].map(({ reason, error }) => [reason, error]),
      ['partner_left', 'complete', 'complete', 'complete', 'complete', 'partner_left'].map((reason) => [reason, null]),
    );
    await sameAndTrue([one, other]);
    for (const side of [alone, whole, deserted]) assert.equal(side.match.record.verified, true);
    await workersGone(browser.browser);
  });
});

describe('a server that is killed and started again', { timeout: 300_000 }, () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    const lobby = { env_id: kitchen, ...fast };
    server = await openServer(owner, { lobbies: { waitroom: lobby, game: lobby, end: lobby } });
    browser = await chromium.launch(owner);
  });

  async function player(t, options) {
    const opened = await openPlayer(browser, server, options);
    t.after(() => opened.close().catch(() => {}));
    return opened;
  }

  test('in the waitroom: who waited waits on, and plays with the next who comes', async (t) => {
    const options = { env: kitchen, maxSteps: 60, match: { lobby: 'waitroom' } };
    const waits = await player(t, options);
    await reaches(waits, 'waiting');
    await server.restart(500);
    const comes = await player(t, options);
    await sameAndTrue(await Promise.all([waits, comes].map((page) => outcome(page))));
  });

  test('in a match: it goes on, and nothing that was confirmed is lost', async (t) => {
    const options = { env: kitchen, maxSteps: 300, match: { lobby: 'game' } };
    const both = [await player(t, options), await player(t, options)];
    await Promise.all(both.map((page) => reaches(page, 'playing')));
    await Promise.all(both.map((page) => stepsPass(page, 40)));
    await server.restart(300);
    const sides = await Promise.all(both.map((page) => outcome(page, 90_000)));
    await sameAndTrue(sides);
    assert.equal(sides[0].match.record.frames, 300);
  });

  test('at the end of the last episode: both have the whole record, and so has the server', async (t) => {
    const options = { env: kitchen, maxSteps: 90, match: { lobby: 'end' } };
    const both = [await player(t, options), await player(t, options)];
    await Promise.all(both.map((page) => reaches(page, 'playing')));
    await Promise.all(
      both.map((page) => page.evaluate(() => window.until('step 85', () => window.game.frameNumber >= 85, 30_000))),
    );
    await server.restart(300);
    const sides = await Promise.all(both.map((page) => outcome(page, 90_000)));
    for (const { reason, error, text } of sides) {
      assert.deepEqual([reason, error], ['complete', null]);
      assert.equal(actionsOf(text).length, 90);
    }
    const id = await both[0].evaluate(() => window.game.match.id);
    const stored = async () => (await exported(server, 'matches.csv')).find((row) => row.match === id);
    const isTrue = async () => (await stored())?.verified === 'true';
    await eventually('the server to have replayed it', isTrue, { timeoutMs: 30_000, everyMs: 500 });
    assert.equal((await stored()).frames, '90');
  });
});
