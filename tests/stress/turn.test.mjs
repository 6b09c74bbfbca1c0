// Two people whose browsers reach each other by a TURN server only, in Chromium. The TURN server is coturn, where there is one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { before, describe, test } from 'node:test';
import { engines } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { which } from '../../scripts/lib/run.mjs';
import { openWatched, takesWay } from '../browser/support/direct.mjs';
import { openServer, outcome, plays, reaches, sameAndTrue } from '../browser/support/together.mjs';

const kitchen = 'overcooked_ai/cramped_room';
const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const secret = 'the TURN server has it, and no page';

/** An address of this machine's that is not its own loop: browsers pass that over. */
const address = Object.values(networkInterfaces())
  .flat()
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const program = which('turnserver');
const skip = !program
  ? 'there is no TURN server: apt-get install coturn'
  : address
    ? false
    : 'this machine has no address but its own loop';

/** A port that nobody has just now. */
async function freePort() {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise((closed) => socket.close(() => closed(undefined)));
  return port;
}

/** Starts the TURN server with the secret that it shares with ours; gives its address, and its log. */
async function openTurn(owner) {
  const port = await freePort();
  const child = spawn(
    program,
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--no-multicast-peers', '--log-file=stdout', '--verbose'],
      ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=palaestra.test', '--pidfile=/dev/null'],
      ...[`--listening-ip=${address}`, `--relay-ip=${address}`, `--listening-port=${port}`],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  owner.after(async () => {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await ended;
  });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => log.push(String(text)));
  const began = Date.now();
  while (!log.join('').includes('UDP listener opened')) {
    if (child.exitCode !== null || Date.now() - began > 20_000) {
      throw new Error(`waited 20 s for the TURN server to listen: ${log.join('')}`);
    }
    await new Promise((later) => setTimeout(later, 50));
  }
  return { url: `turn:${address}:${port}?transport=udp`, log };
}

/** By which kind of candidate, of either side, the packets of each of a page's connections go. */
const kindsOf = (player) =>
  player.evaluate(async () => {
    const kinds = [];
    for (const connection of window.connections.filter(({ connectionState }) => connectionState === 'connected')) {
      const stats = await connection.getStats();
      const pair = [...stats.values()].find(
        ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
      );
      kinds.push([stats.get(pair.localCandidateId).candidateType, stats.get(pair.remoteCandidateId).candidateType]);
    }
    return kinds;
  });

/** What a page was told of the servers, and gave to its connections. */
const serversOf = (player) =>
  player.evaluate(() => window.connections.map((connection) => connection.getConfiguration().iceServers));

describe('a TURN server', { timeout: 300_000, skip }, () => {
  const owner = sharedOwner();
  let server;
  let browser;
  let turn;

  before(async () => {
    turn = await openTurn(owner);
    const lobby = (secret) => ({ env_id: kitchen, kwargs: {}, fps: 30, ice_servers: [{ urls: [turn.url], secret }] });
    server = await openServer(owner, { lobbies: { turn: lobby(secret), 'another secret': lobby('another one') } });
    browser = await engines[0].launch(owner);
  });

  /** Two pages that may reach others by TURN servers only, and play. */
  async function pair(t, options) {
    const both = [];
    t.after(() => Promise.all(both.map((player) => player.close())));
    for (let side = 0; side < 2; side += 1) {
      both.push(await openWatched(browser, server, { env: kitchen, ...options }, { iceTransportPolicy: 'relay' }));
    }
    await Promise.all(both.map((player) => reaches(player, 'playing')));
    return both;
  }

  test('carries a game between two browsers, with credentials of a day that the secret made', async (t) => {
    const both = await pair(t, { maxSteps: 240, match: { lobby: 'turn' } });
    await Promise.all(both.map((player) => takesWay(player, 'direct')));
    const users = [];
    for (const player of both) {
      assert.deepEqual(await kindsOf(player), [['relay', 'relay']]);
      for (const [told] of await serversOf(player)) {
        assert.equal(told.secret, undefined);
        const [until, user] = told.username.split(':');
        const left = Number(until) - Date.now() / 1000;
        assert.ok(left > 86_000 && left < 86_500, `${left} s left`);
        users.push(user);
      }
    }
    assert.equal(new Set(users).size, 2, users.join(', '));
    await Promise.all(both.map((player) => plays(player, keys)));
    await sameAndTrue(await Promise.all(both.map((player) => outcome(player))));
    assert.ok(turn.log.join('').includes('ALLOCATE processed, success'), 'the TURN server says so too');
  });

  test('that does not know the secret is gone without: the game takes the relay of our own', async (t) => {
    const both = await pair(t, { maxSteps: 90, match: { lobby: 'another secret' } });
    await Promise.all(both.map((player) => takesWay(player, 'relay')));
    for (const player of both) assert.deepEqual(await kindsOf(player), []);
    await sameAndTrue(await Promise.all(both.map((player) => outcome(player))));
  });
});
