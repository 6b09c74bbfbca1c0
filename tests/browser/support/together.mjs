// Two or more browsers that play one game through the real server.
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServer } from '../../../scripts/build/server.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { startServer } from '../../../scripts/serve/palaestra-server.mjs';
import { fileURLToPath } from 'node:url';
import { verify } from './native.mjs';

const pages = fileURLToPath(new URL('../pages/', import.meta.url));

/**
 * Builds and starts the server with the tests' site, its data in a folder of its own, until `owner` is done with it.
 *
 * @param {import('../../../scripts/browser/owner.mjs').Owner} owner
 * @param {{ lobbies?: Record<string, object> }} [options] the lobbies' settings by name; without them a page opens what it asks for
 */
export async function openServer(owner, { lobbies } = {}) {
  const command = await buildServer();
  const data = await mkdtemp(join(tmpdir(), 'palaestra-together-'));
  owner.after(() => rm(data, { recursive: true, force: true }));
  const site = join(data, 'site');
  await cp(join(root, 'dist-test'), site, { recursive: true });
  for (const page of ['bare.html', 'together.html']) await cp(join(pages, page), join(site, page));
  let file;
  if (lobbies) {
    file = join(data, 'lobbies.json');
    await writeFile(file, JSON.stringify({ lobbies }));
  }
  const log = [];
  const server = await startServer(command, {
    site,
    data: join(data, 'data'),
    lobbies: file,
    log: (line) => log.push(line),
  });
  owner.after(() => server.close());
  return { ...server, log, data: join(data, 'data'), command };
}

/**
 * Opens a page of its own profile with a game of these options; `query` stands in its address. `prepare` is done on the page, with
 * its argument, before the game begins.
 *
 * @param {{ open(url: string): Promise<any> }} browser
 * @param {{ url: string }} server
 * @param {object} options
 * @param {string} [query]
 * @param {[Function, any?]} [prepare]
 */
export async function openPlayer(browser, server, options, query = '', prepare = undefined) {
  const player = await browser.open(`${server.url}together.html${query}`);
  if (prepare) await player.evaluate(...prepare);
  await player.evaluate(async (options) => {
    await window.within('the module', window.loading, 30_000);
    window.begin(options);
  }, options);
  return player;
}

/** Waits on a page until its game, or its match, is in a state. */
export const reaches = (player, state, ms = 40_000) =>
  player.evaluate(
    ([state, ms]) =>
      window.until(
        () => `the game to be ${state}; it is ${window.game.state}, ${JSON.stringify(window.game.match)}`,
        () => {
          // A game waits from its first moment, but not yet at the server.
          const now = state === 'waiting' ? window.game.match?.state : window.game.state;
          if (now === state) return true;
          if (window.game.state === 'disposed') throw new Error(`it is over: ${JSON.stringify(window.game.match)}`);
          return false;
        },
        ms,
      ),
    [state, ms],
  );

/** Waits until packets to every partner of a page take a way. */
export const takesWay = (player, path, ms = 20_000) =>
  player.evaluate(
    ([path, ms]) =>
      window.until(
        () => `the way ${path}: ${JSON.stringify(window.game.match)}`,
        () => {
          if (window.game.state === 'disposed') throw new Error(`it is over: ${JSON.stringify(window.game.match)}`);
          return Object.values(window.game.match?.partners ?? {}).every((partner) => partner.path === path);
        },
        ms,
      ),
    [path, ms],
  );

/**
 * Has a page count what it makes to connect to others: `connections`, and what its Worker is given, by class. Without `transfers`
 * no channel can be given away. While `window.mute` says so nothing that this page passes on is sent.
 */
export function watchConnections({ transfers = true } = {}) {
  const page = window;
  page.connections = [];
  page.given = [];
  page.ports = [];
  page.closedPorts = 0;
  const { RTCPeerConnection: Connection, MessageChannel: Channel } = window;
  if (Connection) {
    page.RTCPeerConnection = class extends Connection {
      constructor(...given) {
        super(...given);
        page.connections.push(this);
      }
    };
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (data) {
      if (!page.mute) send.call(this, data);
    };
  }
  page.MessageChannel = class extends Channel {
    constructor() {
      super();
      page.ports.push(this.port1);
    }
  };
  const close = MessagePort.prototype.close;
  MessagePort.prototype.close = function () {
    if (page.ports.includes(this)) page.closedPorts += 1;
    close.call(this);
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, transfer) {
    const channel = message?.channel;
    if (channel && !transfers && !(channel instanceof MessagePort)) throw new DOMException('no', 'DataCloneError');
    post.call(this, message, transfer);
    if (channel) page.given.push(channel.constructor.name);
  };
}

/** Waits until a page's game has so many more final steps than now, or is over. */
export const stepsPass = (player, count, ms = 60_000) =>
  player.evaluate(
    ([count, ms]) => {
      const frame = window.game.frameNumber + count;
      const passed = () => window.game.frameNumber >= frame || window.game.state === 'disposed';
      const stands = () => `step ${frame}; at ${window.game.frameNumber}: ${JSON.stringify(window.game.match)}`;
      return window.until(stands, passed, ms).then(() => window.game.frameNumber);
    },
    [count, ms],
  );

/** What a page has when its game is over: the record as text, why, what the server said of it. */
export const outcome = (player, ms = 60_000) =>
  player.evaluate(async (ms) => {
    const record = await window.within('the record', window.game.finished, ms);
    await window.until('the word of the server on the record', () => window.game.match?.record, ms).catch(() => {});
    return {
      reason: record.reason,
      error: record.error && `${record.error.code}: ${record.error.message}`,
      header: record.header,
      text: await record.text(),
      verification: await record.verification(),
      match: window.game.match,
    };
  }, ms);

/** Strikes a key on a page now and then, until the page's game is over. */
export async function plays(player, keys) {
  for (let turn = 0; turn < 60; turn += 1) {
    const key = keys[turn % keys.length];
    await player.keyDown(key);
    const before = await player.evaluate(() => window.game.frameNumber);
    await player.evaluate(
      (before) =>
        window.until(
          'some steps',
          () => window.game.frameNumber > before + 3 || window.game.state !== 'playing',
          30_000,
        ),
      before,
    );
    await player.keyUp(key);
    if ((await player.evaluate(() => window.game.state)) !== 'playing') return;
  }
}

/** That two sides have the same record but for their own part, which the native command and the server have found true. */
export async function sameAndTrue(sides, reason = 'complete') {
  for (const { error, reason: found, verification } of sides) {
    assert.deepEqual([error, found], [null, reason]);
    assert.equal(verification.identical, true, verification.message);
  }
  const [first, ...others] = sides.map(({ text }) => shared(text));
  for (const other of others) assert.deepEqual(other, first);
  assert.match(await verify(sides[0].text), /identical\n1 passed, 0 failed/);
  for (const { match } of sides) assert.equal(match.record?.verified, true, JSON.stringify(match.record));
}

/** A record's lines without what is each side's own: the events, the metrics and the header's `local`. */
export function shared(text) {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{"type":"event"'));
  return lines.map((line, index) => {
    const object = JSON.parse(line);
    if (index > 0 && object.metrics === undefined) return line;
    delete object.local;
    delete object.metrics;
    return JSON.stringify(object);
  });
}
