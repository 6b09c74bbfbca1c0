import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openWatched, takesWay } from './support/direct.mjs';
import { openServer, outcome, plays, reaches, sameAndTrue, stepsPass } from './support/together.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const forage = 'Foraging-8x8-3p-4f-v3';
const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const [chromium, firefox, webkit] = engines;

/** Browsers hide a machine's addresses behind names that only a local network's multicast resolves; a container has none. */
const chromiumOptions = { args: ['--disable-features=WebRtcHideLocalIpsWithMdns'] };
const firefoxOptions = { prefs: { 'media.peerconnection.ice.obfuscate_host_addresses': false } };

/** What a page has made to connect to others, and closed. */
const counted = (player) =>
  player.evaluate(() => {
    const { connections, given, ports, closedPorts } = window;
    const open = connections.filter(({ signalingState }) => signalingState !== 'closed').length;
    return { made: connections.length, open, given, ports: ports.length, closedPorts };
  });

describe('browsers that connect to each other', () => {
  const owner = sharedOwner();
  let server;
  let browser;

  before(async () => {
    const names = ['direct', 'breaks', 'silent', 'lossy', 'relay', 'nonsense', 'leaves', 'firefox', 'webkit'];
    const lobbies = Object.fromEntries(names.map((name) => [name, { env_id: kitchen, kwargs: {}, fps: 30 }]));
    server = await openServer(owner, { lobbies: { ...lobbies, three: { env_id: forage, kwargs: {}, fps: 30 } } });
    browser = await chromium.launch(owner, chromiumOptions);
  });

  /** Pages that play, in these browsers; closed when the test is over. */
  async function playing(t, browsers, options, prepare = {}) {
    const all = [];
    t.after(() => Promise.all(all.map((player) => player.close())));
    for (const one of browsers) {
      all.push(await openWatched(one, server, { env: kitchen, ...options }, prepare));
    }
    await Promise.all(all.map((player) => reaches(player, 'playing')));
    return all;
  }

  /** That all have the same record, and nothing is left of what connected them. */
  async function ends(all) {
    const sides = await Promise.all(all.map((player) => outcome(player, 100_000)));
    await sameAndTrue(sides);
    for (const player of all) {
      const { made, open, ports, closedPorts } = await counted(player);
      assert.deepEqual([open, closedPorts], [0, ports], `of ${made} connections`);
      assert.deepEqual(player.faults, []);
    }
    await workersGone(browser.browser);
    return sides;
  }

  test('Chromium with Chromium: directly from the first frame on, by a channel in the Worker', async (t) => {
    const both = await playing(t, [browser, browser], { maxSteps: 240, match: { lobby: 'direct' } });
    const atStart = await both[0].evaluate(() => Object.values(window.game.match.partners).map(({ path }) => path));
    assert.deepEqual(atStart, ['direct'], 'the handshake was made on it');
    await Promise.all(both.map((player) => plays(player, keys)));
    for (const player of both) {
      const { made, given } = await counted(player);
      assert.deepEqual([made, given], [1, ['RTCDataChannel']]);
      const seen = await player.evaluate(() => Object.values(window.game.match.partners)[0]);
      assert.ok(seen.path === 'direct' && seen.ping < 500, JSON.stringify(seen));
    }
    await ends(both);
  });

  test('three pages: each pair directly', async (t) => {
    const options = { env: forage, maxSteps: 120, match: { lobby: 'three' } };
    const all = await playing(t, [browser, browser, browser], options);
    await Promise.all(all.map((player) => takesWay(player, 'direct')));
    for (const player of all) assert.equal((await counted(player)).made, 2);
    await ends(all);
  });

  test('a connection that breaks in mid-game is the relay, and then another connection; no frame is lost', async (t) => {
    const both = await playing(t, [browser, browser], { maxSteps: 1200, match: { lobby: 'breaks' } });
    const keyed = Promise.all(both.map((player) => plays(player, keys)));
    for (const breaks of both) {
      await Promise.all(both.map((player) => takesWay(player, 'direct')));
      const frames = await both[0].evaluate(() => window.game.frameNumber);
      await breaks.evaluate(() => window.connections.at(-1).close());
      await Promise.all(both.map((player) => takesWay(player, 'relay', 10_000)));
      await Promise.all(both.map((player) => stepsPass(player, 30, 10_000)));
      assert.ok((await both[0].evaluate(() => window.game.frameNumber)) > frames);
    }
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    for (const player of both) assert.ok((await counted(player)).made >= 3);
    await keyed;
    await ends(both);
  });

  test('a connection that falls silent is the relay after a while, and is used again when it is heard again', async (t) => {
    const options = { maxSteps: 900, match: { lobby: 'silent' } };
    const both = await playing(t, [browser, browser], options, { transfers: false });
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    const keyed = Promise.all(both.map((player) => plays(player, keys)));
    // One page sends nothing any more; both notice.
    const mute = (value) => both[0].evaluate((value) => /** @type {any} */ ((window.mute = value)), value);
    await mute(true);
    await Promise.all(both.map((player) => takesWay(player, 'relay', 10_000)));
    await Promise.all(both.map((player) => stepsPass(player, 60, 10_000)));
    await mute(false);
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    for (const player of both) {
      const { given } = await counted(player);
      assert.deepEqual([...new Set(given)], ['MessagePort'], 'the page passes packets on');
    }
    await keyed;
    await ends(both);
  });

  test('with loss, delay and jitter on both ways the records are the same', async (t) => {
    const network = { delay: 60, jitter: 30, loss: 0.15, duplicate: 0.05, reorder: 0.1 };
    const both = await playing(t, [browser, browser], { maxSteps: 300, match: { lobby: 'lossy', network } });
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    await Promise.all(both.map((player) => plays(player, keys)));
    await ends(both);
  });

  test('whoever wants the relay gets it: nobody connects', async (t) => {
    /** @type {any[]} */
    const all = [];
    t.after(() => Promise.all(all.map((player) => player.close())));
    for (const transport of ['relay', 'auto']) {
      const options = { env: kitchen, maxSteps: 60, match: { lobby: 'relay', transport } };
      all.push(await openWatched(browser, server, options));
    }
    await Promise.all(all.map((player) => reaches(player, 'playing')));
    await Promise.all(all.map((player) => takesWay(player, 'relay')));
    assert.equal((await counted(all[0])).made, 0);
    assert.equal((await counted(all[1])).open, 0);
    await ends(all);
  });

  test('servers that are none are no reason not to play', async (t) => {
    const match = { lobby: 'nonsense', iceServers: [{ urls: 'nonsense' }] };
    const both = await playing(t, [browser, browser], { maxSteps: 60, match });
    await Promise.all(both.map((player) => takesWay(player, 'relay')));
    const sides = await Promise.all(both.map((player) => outcome(player)));
    await sameAndTrue(sides);
  });

  test('a page that leaves in mid-game closes what it has, and so does the other', async (t) => {
    const both = await playing(t, [browser, browser], { match: { lobby: 'leaves' } });
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    await stepsPass(both[0], 30);
    await both[0].evaluate(() => window.game.dispose().then(() => undefined));
    const left = await outcome(both[1]);
    assert.equal(left.reason, 'partner_left', left.error);
    for (const player of both) {
      const { open, ports, closedPorts } = await counted(player);
      assert.deepEqual([open, closedPorts], [0, ports]);
    }
    await workersGone(browser.browser);
  });

  test('Chromium with Firefox: directly', { skip: skipWithout(firefox) }, async (t) => {
    const other = await firefox.launch(owner, firefoxOptions);
    const both = await playing(t, [browser, other], { maxSteps: 300, match: { lobby: 'firefox' } });
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    await Promise.all(both.map((player) => plays(player, keys)));
    for (const player of both) t.diagnostic(JSON.stringify(await counted(player)));
    await ends(both);
  });

  test('Chromium with WebKit: by what there is', { skip: skipWithout(webkit) }, async (t) => {
    const other = await webkit.launch(owner);
    const both = await playing(t, [browser, other], { maxSteps: 300, match: { lobby: 'webkit' } });
    const can = await both[1].evaluate(() => typeof window.RTCPeerConnection === 'function');
    await Promise.all(both.map((player) => takesWay(player, can ? 'direct' : 'relay')));
    t.diagnostic(`WebKit ${can ? 'can' : 'cannot'} connect`);
    await Promise.all(both.map((player) => plays(player, keys)));
    await ends(both);
  });
});
