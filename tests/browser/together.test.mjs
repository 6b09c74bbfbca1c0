import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { newOwner, sharedOwner } from '../../scripts/browser/owner.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { engines } from '../../scripts/browser/engines.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { verify } from './support/native.mjs';
import { plantPanic } from './support/panic.mjs';
import {
  actionsOf,
  openGame,
  openPlayer,
  openServer,
  outcome,
  plays,
  reaches,
  sameAndTrue,
  stepsPass,
} from './support/together.mjs';

const kitchen = 'overcooked_ai/cramped_room';

const forage = 'Foraging-8x8-3p-4f-v3';
const volley = 'slimevb/SlimeVolleyEnv';
const volleyKeys = ['KeyA', 'ArrowLeft', 'KeyD', 'ArrowRight', 'KeyW', 'ArrowUp'];

/** What is played with real keys, by how many, and how many kinds of actions each does at least. */
const keyCases = [
  { env: kitchen, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp'] },
  { env: 'Overcooked-CrampedRoom-V0', keys: ['ArrowLeft', 'ArrowRight', 'ArrowDown'] },
  { env: volley, keys: volleyKeys },
  { env: 'Foraging-15x15-4p-3f-v3', people: 4, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
  { env: 'mpe2/simple_tag_v3', people: 4, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
];

/** Chromium as the other engines are: its pages have the same methods. */
const chromium = engines[0];

describe('two people at two browsers', () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    const lobby = (env_id) => ({ env_id, kwargs: {}, fps: 30 });
    const kitchens = Object.fromEntries(['stands', 'hidden', 'panics'].map((name) => [name, lobby(kitchen)]));
    const games = Object.fromEntries(keyCases.map(({ env }) => [`keys ${env}`, lobby(env)]));
    const experts = { ...lobby(forage), size: 2, policy: { expert: true, skill: 0.7 } };
    server = await openServer(owner, { lobbies: { ...kitchens, ...games, network: lobby(volley), experts } });
    browser = await chromium.launch(owner);
  });

  /** Pages that play, one for each of these options; closed when the test is over. */
  const group = (t, list) => openGame(t, browser, server, list);

  const pair = (t, options) => group(t, [options, options]);

  for (const { env, people = 2, keys, kinds = 3 } of keyCases) {
    test(`${env}: the keys of all ${people} move every world, and the records are the same and true`, async (t) => {
      const options = { env, maxSteps: 150, match: { lobby: `keys ${env}` } };
      const players = await group(
        t,
        Array.from({ length: people }, () => options),
      );
      const seats = await Promise.all(players.map((player) => player.evaluate(() => window.game.match.seat)));
      assert.deepEqual(
        [...seats].sort(),
        Array.from({ length: people }, (_, seat) => seat),
      );
      const displays = players.map((player) =>
        player.evaluate(async () => {
          const notice = /** @type {HTMLElement} */ (document.querySelector('.palaestra-match'));
          await window.until('nothing to be said of the match', () => notice.hidden, 10_000);
          return getComputedStyle(notice).display;
        }),
      );
      for (const display of await Promise.all(displays)) assert.equal(display, 'none', 'a hidden notice veils nothing');
      await Promise.all(players.map((player) => plays(player, keys)));
      const sides = await Promise.all(players.map((player) => outcome(player)));
      await sameAndTrue(sides);
      const actions = actionsOf(sides[0].text);
      assert.equal(actions.length, 150);
      for (const agent of seats) {
        const found = new Set(actions.map((joint) => JSON.stringify(joint[agent])));
        assert.ok(found.size >= kinds, `agent ${agent} did ${[...found].join(', ')}`);
      }
      for (const player of players) {
        const seen = await player.evaluate(() => ({
          states: window.states,
          frames: window.rows.map(({ frameNumber }) => frameNumber),
          confirmed: window.rows.every(({ confirmed }) => confirmed === true),
          live: window.palaestra.liveSessions(),
        }));
        assert.deepEqual(seen.states.slice(-5), ['matched', 'validating', 'playing', 'ended complete', 'disposed']);
        assert.deepEqual(
          seen.frames,
          Array.from({ length: 150 }, (_, i) => i + 1),
        );
        assert.deepEqual([seen.confirmed, seen.live, player.faults], [true, 0, []]);
      }
      await workersGone(browser.browser);
    });
  }

  /** The files of experts that a page has asked for. */
  const expertsOf = (player) =>
    player.evaluate(() =>
      performance.getEntriesByType('resource').flatMap(({ name }) => name.match(/[^/]*_expert\.wasm/)?.[0] ?? []),
    );

  test('an expert of some skill has the seat without a person, alike at both sides, and only its match loads it', async (t) => {
    const both = await pair(t, {
      env: forage,
      maxSteps: 90,
      match: { lobby: 'experts', size: 2, policy: { expert: true, skill: 0.7 } },
    });
    for (const player of both) assert.deepEqual(await expertsOf(player), ['lbforaging_expert.wasm']);
    const sides = await Promise.all(both.map((player) => outcome(player)));
    await sameAndTrue(sides);
    for (const { header } of sides) assert.equal(header.policy, 'human, human, expert skill 0.7');
    assert.ok(new Set(actionsOf(sides[0].text).map((joint) => joint[2])).size > 2, 'it acts');
  });

  test('pause is refused, and the match says how it stands', async (t) => {
    const both = await pair(t, { env: kitchen, match: { lobby: 'stands' } });
    await Promise.all(both.map((player) => stepsPass(player, 60)));
    for (const player of both) assert.deepEqual(await expertsOf(player), []);
    const seen = await both[0].evaluate(() => {
      let code;
      try {
        window.game.pause();
      } catch (error) {
        code = error.code;
      }
      return { code, paused: window.game.paused, match: window.game.match };
    });
    assert.deepEqual([seen.code, seen.paused], ['out_of_order', false]);
    const [partner] = Object.values(seen.match.partners);
    assert.equal(partner.state, 'connected');
    assert.ok(['direct', 'relay'].includes(partner.path), partner.path);
    // A number that is not known is null, which is not less than anything.
    assert.ok([partner.ping, seen.match.inputDelay].every(Number.isFinite), JSON.stringify(seen.match));
    assert.ok(partner.ping >= 0 && partner.ping < 1000 && seen.match.inputDelay >= 0, JSON.stringify(seen.match));
    for (const player of both) await player.evaluate(() => window.game.dispose().catch(() => {}));
  });

  test("a panic in a page's own module ends its match: the partner is told at once, and nobody waits for it", async (t) => {
    const both = await pair(t, { env: kitchen, match: { lobby: 'panics' } });
    await Promise.all(both.map((player) => stepsPass(player, 30)));
    await plantPanic(both[0]);
    const error = await both[0].evaluate(async () => {
      window.panic(window.game);
      const record = await window.within('the end', window.game.finished, 10_000);
      return record.error.code;
    });
    assert.equal(error, 'panicked');
    // Its connection alone would be waited for, for half a minute.
    const { reason } = await outcome(both[1], 20_000);
    assert.equal(reason, 'partner_left');
    const overlays = await both[0].evaluate(() => document.querySelectorAll('.palaestra-match').length);
    assert.equal(overlays, 0);
  });

  test('a tab that is hidden, and a page that stalls, freeze nobody', async (t) => {
    const both = await pair(t, { env: kitchen, maxSteps: 330, match: { lobby: 'hidden' } });
    await both[0].evaluate(() => window.hide(true));
    await eventually(
      'the partner to be told',
      () => both[1].evaluate(() => Object.values(window.game.match.partners)[0].away),
      { timeoutMs: 5000 },
    );
    // A second in which the first page does nothing at all; the second one plays on.
    const busy = both[0].evaluate(() => {
      const end = performance.now() + 1000;
      while (performance.now() < end);
    });
    await stepsPass(both[1], 120, 30_000);
    await busy;
    await both[0].evaluate(() => window.hide(false));
    const sides = await Promise.all(both.map((player) => outcome(player)));
    await sameAndTrue(sides);
    assert.match(sides[0].text, /"event":"hidden"/);
    assert.doesNotMatch(sides[1].text, /"event":"hidden"/);
  });

  test('a reload in mid-game comes back to the same seat, and the game goes on to its end', async (t) => {
    // With an expert beside them, whose memory and generator come with the server's state.
    const options = { env: forage, maxSteps: 300, match: { lobby: 'experts' } };
    const both = await pair(t, options);
    await stepsPass(both[0], 30);
    const before = await both[0].evaluate(() => ({ seat: window.game.match.seat, id: window.game.match.id }));
    await both[0].page.reload();
    await both[0].evaluate((options) => window.loading.then(() => window.begin(options)), options);
    await reaches(both[0], 'playing');
    const back = await both[0].evaluate(() => ({ seat: window.game.match.seat, id: window.game.match.id }));
    assert.deepEqual(back, before);
    const [one, other] = await Promise.all(both.map((player) => outcome(player, 90_000)));
    assert.deepEqual([one.reason, other.reason, one.error, other.error], ['complete', 'complete', null, null]);
    assert.ok(one.header.local.resumed_at >= 30, JSON.stringify(one.header));
    assert.equal(actionsOf(other.text).length, 300);
    for (const { text } of [one, other]) assert.doesNotMatch(text, /"event":"(resynced|differs|desync)"/);
    assert.equal(other.match.record.verified, true);
  });

  test('an injected network delays and loses packets, and the records are the same', async (t) => {
    const network = { delay: 100, jitter: 20, loss: 0.1 };
    const both = await pair(t, { env: volley, maxSteps: 100, match: { lobby: 'network', network } });
    await Promise.all(both.map((player) => plays(player, volleyKeys)));
    const sides = await Promise.all(both.map((player) => outcome(player)));
    await sameAndTrue(sides);
    assert.ok(
      sides.some(({ match }) => match.rollbacks > 0),
      'somebody guessed wrong',
    );
  });
});

describe('what goes wrong', () => {
  const owner = sharedOwner();
  let server;
  let browser;
  const open = new Set();

  before(async () => {
    const lobby = { env_id: kitchen, kwargs: {} };
    server = await openServer(owner, {
      lobbies: {
        short: { ...lobby, timeouts: { waiting_ms: 2500 }, completion_codes: { waiting_timeout: 'NOBODY' } },
        patience: lobby,
        place: lobby,
        leave: { ...lobby, timeouts: { grace_ms: 2500 }, completion_codes: { partner_left: 'ALONE' } },
        secret: { ...lobby, secret: 'open sesame' },
        once: { ...lobby, once: true, completion_codes: { complete: 'DONE1' } },
        arguments: { env_id: 'mpe2/simple_tag_v3', kwargs: { max_cycles: 50 } },
      },
    });
    browser = await chromium.launch(owner);
  });
  after(() => Promise.all([...open].map((player) => player.close().catch(() => {}))));

  async function player(match, more = {}) {
    const opened = await openPlayer(browser, server, { env: kitchen, match, ...more });
    open.add(opened);
    return opened;
  }

  test('nobody comes: the wait ends in time, with a reason, a code and no Worker', async () => {
    const alone = await player({ lobby: 'short' });
    await reaches(alone, 'waiting');
    const shown = await alone.evaluate(() => document.querySelector('.palaestra-match p').textContent);
    assert.match(shown, /Waiting/);
    const seen = await alone.evaluate(async () => {
      const record = await window.within('the end', window.game.finished, 15_000);
      return { reason: record.reason, steps: record.steps, ended: window.game.match.ended, states: window.states };
    });
    assert.deepEqual([seen.reason, seen.steps], ['timeout', 0]);
    assert.deepEqual([seen.ended.code, seen.ended.completionCode], ['waiting_timeout', 'NOBODY']);
    assert.equal(await alone.evaluate(() => document.querySelector('.palaestra-match')), null);
    await workersGone(browser.browser, alone.page);
  });

  test('what is said lies over the picture wherever the page has it, and is read out with the place in line', async () => {
    const waits = await player({ lobby: 'place' });
    await reaches(waits, 'waiting');
    const seen = await waits.evaluate(() => {
      const canvas = document.querySelector('canvas');
      canvas.parentElement.style.position = 'static';
      Object.assign(document.body.style, { width: '500px', margin: '2rem auto', paddingBottom: '3000px' });
      scrollTo(0, 20);
      dispatchEvent(new Event('resize'));
      const rects = ['canvas', '.palaestra-match'].map((name) => {
        const { x, y, width, height } = document.querySelector(name).getBoundingClientRect();
        return [x, y, width, height].map(Math.round);
      });
      return { rects, scrolled: scrollY, read: document.querySelector('.palaestra-match [role=status]').textContent };
    });
    assert.deepEqual(seen.rects[1], seen.rects[0]);
    assert.ok(seen.scrolled > 0);
    assert.match(seen.read, /Waiting.*You are number 1 of 1\./);
    await waits.evaluate(() => window.game.dispose().catch(() => {}));
  });

  test('the page waits no longer than it wants to, and a participant no longer than they want to', async () => {
    const impatient = await player({ lobby: 'patience', timeout: 1500 });
    const cancels = await player({ lobby: 'secret', secret: 'open sesame' });
    await reaches(cancels, 'waiting');
    await cancels.evaluate(() =>
      /** @type {HTMLElement} */ (document.querySelector('.palaestra-match button')).click(),
    );
    for (const [page, reason] of [
      [impatient, 'timeout'],
      [cancels, 'closed'],
    ]) {
      const record = await page.evaluate(() =>
        window.within('the end', window.game.finished, 15_000).then(({ reason, steps }) => ({ reason, steps })),
      );
      assert.deepEqual(record, { reason, steps: 0 });
    }
  });

  test('a refusal of the server is an error with its code', async () => {
    /** @type {[object, string][]} */
    const refusals = [
      [{ lobby: 'secret', secret: 'guessed' }, 'bad_secret'],
      [{ lobby: 'nowhere' }, 'unknown_lobby'],
    ];
    for (const [match, code] of refusals) {
      const refused = await player(match);
      const error = await refused.evaluate(async () => {
        try {
          await window.game.finished;
          return { code: '', message: 'it came to an end', name: '' };
        } catch ({ code, message, name }) {
          return { code, message, name };
        }
      });
      assert.deepEqual([error?.name, error?.code], ['PalaestraError', 'match_failed']);
      assert.match(error.message, new RegExp(code));
    }
  });

  test('who has played and loads the page again is told the completion code again, and nobody else is', async () => {
    const more = { maxSteps: 30 };
    const both = [await player({ lobby: 'once', participant: 'ann' }, more), await player({ lobby: 'once' }, more)];
    for (const side of await Promise.all(both.map((page) => outcome(page)))) {
      assert.deepEqual([side.reason, side.match.ended.completionCode], ['complete', 'DONE1']);
    }
    /** Begins anew on a page, and gives what it is told. */
    const refusedOn = (page, match) =>
      page.evaluate(
        async (options) => {
          window.begin(options);
          const told = await window
            .within('the refusal', window.game.finished, 20_000)
            .then(() => 'it came to an end')
            .catch(({ code, message }) => `${code}: ${message}`);
          await window.until('the game to be gone', () => window.game.state === 'disposed', 10_000);
          const notice = document.querySelector('.palaestra-match');
          const read = document.querySelector('.palaestra-match [role=status]')?.textContent ?? null;
          return { told, ended: window.game.match.ended, shown: notice?.textContent ?? null, read };
        },
        { env: kitchen, match, ...more },
      );
    for (const [page, match] of [
      [both[0], { lobby: 'once', participant: 'ann' }],
      [both[1], { lobby: 'once' }],
    ]) {
      await page.page.reload();
      await page.evaluate(() => window.loading);
      const { told, ended, shown, read } = await refusedOn(page, match);
      assert.match(told, /^match_failed: .*played_before.*DONE1/);
      assert.deepEqual([ended.code, ended.completionCode], ['played_before', 'DONE1']);
      assert.match(shown, /played already.*Your completion code: DONE1.*Close/);
      assert.match(read, /played already.*Your completion code: DONE1$/, 'a screen reader is told as much');
      // It stays for as long as they like, and is not there twice when they try again.
      await refusedOn(page, match);
      const left = await page.evaluate(() => {
        const notices = () => document.querySelectorAll('.palaestra-match').length;
        const before = notices();
        /** @type {HTMLElement} */ (document.querySelector('.palaestra-match button')).click();
        return [before, notices()];
      });
      assert.deepEqual(left, [1, 0]);
    }
    // Another browser, whose page says that it is the same participant.
    const stranger = await player({ lobby: 'nowhere' });
    await stranger.evaluate(() => window.game.finished.catch(() => {}));
    const { told, ended, shown } = await refusedOn(stranger, { lobby: 'once', participant: 'ann' });
    assert.match(told, /^match_failed: .*played_before/);
    assert.doesNotMatch(told, /DONE1/);
    assert.deepEqual([ended.code, ended.completionCode, shown], ['played_before', null, null]);
  });

  test('options that are none are refused at once, and name what is known', async () => {
    const page = await player({ lobby: 'short' }, {});
    const messages = await page.evaluate(() => {
      const attempt = (options) => {
        try {
          window.palaestra.play({ env: 'overcooked_ai/cramped_room', ...options });
          return undefined;
        } catch (error) {
          return `${error.code}: ${error.message}`;
        }
      };
      return [
        attempt({ match: {} }),
        attempt({ match: { lobby: 'a', servr: '/' } }),
        attempt({ match: { lobby: 'a', network: { loss: 2 } } }),
        attempt({ match: { lobby: 'a', participant: 'x'.repeat(129) } }),
        attempt({ match: { lobby: 'a', transport: 'direct' } }),
        attempt({ match: { lobby: 'a', size: 1 } }),
        attempt({ match: { lobby: 'a', iceServers: 'stun:stun.example' } }),
        attempt({ match: { lobby: 'a', dropout: 'contine' } }),
        attempt({ match: { lobby: 'a', policy: 'expret' } }),
        attempt({ match: { lobby: 'a', overlay: 'false' } }),
        attempt({ match: { lobby: 'a' }, seats: { agent_0: 'human' } }),
        attempt({ match: 'lobby' }),
      ];
    });
    for (const message of messages) assert.match(message ?? 'nothing', /^bad_argument: .*expected/);
    assert.match(messages[1], /among server, lobby.*`servr`/);
    await page.evaluate(() => window.game.dispose());
  });

  test('bigints are numbers, and null is nothing, for the server as for the page', async () => {
    const page = await browser.open(`${server.url}together.html`);
    open.add(page);
    await page.evaluate(async () => {
      await window.within('the module', window.loading, 30_000);
      const match = { lobby: 'arguments', size: 4n, secret: null, timeout: null };
      window.begin({ env: 'mpe2/simple_tag_v3', kwargs: { max_cycles: 50n }, match });
    });
    await reaches(page, 'waiting');
    assert.deepEqual(page.faults, []);
    await page.evaluate(() => window.game.dispose());
  });

  test('a partner who closes the tab: told within two seconds, and the data are kept', async () => {
    const both = [await player({ lobby: 'leave' }), await player({ lobby: 'leave' })];
    await Promise.all(both.map((page) => reaches(page, 'playing')));
    await stepsPass(both[0], 40);
    const [stays, goes] = both;
    open.delete(goes);
    await goes.close();
    const told = await stays.evaluate(async () => {
      const began = performance.now();
      const gone = () => Object.values(window.game.match.partners).some(({ state }) => state !== 'connected');
      await window.until('the partner to be missed', gone, 10_000);
      return performance.now() - began;
    });
    assert.ok(told < 2000, `${told} ms`);
    const side = await outcome(stays);
    assert.deepEqual([side.reason, side.error], ['partner_left', null]);
    assert.equal(side.match.ended.completionCode, 'ALONE');
    assert.ok(actionsOf(side.text).length >= 40);
    assert.match(await verify(side.text), /identical\n1 passed, 0 failed/);
  });
});

test('a page that plays alone downloads nothing of this', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const { openTestSite } = await import('./support/pages.mjs');
  const site = await openTestSite(owner, { faults: true });
  const page = await (await launchBrowser(owner)).openPage(`${site.url}together.html`);
  const seen = await page.evaluate(async () => {
    await window.loading;
    window.begin({ env: 'overcooked_ai/cramped_room', maxSteps: 5 });
    await window.game.finished;
    return { match: window.game.match, views: window.views.length };
  });
  assert.deepEqual(seen, { match: null, views: 0 });
  assert.deepEqual(
    site.requests.filter(({ path }) => /match/.test(path)),
    [],
  );
});
