// Two or more browsers that play one game through the real server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
 * @param {{ lobbies?: Record<string, object>, args?: string[] }} [options] the lobbies' settings by name; without them a page opens what it asks
 *   for. `args`: more words of its command line
 */
export async function openServer(owner, { lobbies, args = [] } = {}) {
  const command = await buildServer();
  const data = await mkdtemp(join(tmpdir(), 'palaestra-together-'));
  owner.after(() => rm(data, { recursive: true, force: true }));
  const site = join(data, 'site');
  await cp(join(root, 'dist-test'), site, { recursive: true });
  for (const page of ['bare.html', 'together.html', 'watch.html']) await cp(join(pages, page), join(site, page));
  let file;
  if (lobbies) {
    file = join(data, 'lobbies.json');
    await writeFile(file, JSON.stringify({ lobbies }));
  }
  const log = [];
  const options = { site, data: join(data, 'data'), lobbies: file, args, log: (line) => log.push(line) };
  let server = await startServer(command, options);
  owner.after(() => server.close());
  /** Kills the server, without a word, and starts it again at the same address with what it had stored. */
  const restart = async (pauseMs = 0) => {
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    server = await startServer(command, { ...options, port: server.port });
  };
  return { url: server.url, restart, log, site, data: options.data, command };
}

/** Opens a page of its own profile with a game of these options. */
export async function openPlayer(browser, server, options) {
  const player = await browser.open(`${server.url}together.html`);
  await player.evaluate(async (options) => {
    await window.within('the module', window.loading, 30_000);
    window.begin(options);
  }, options);
  return player;
}

/**
 * Pages that play, one for each of these options, in their order; closed when the test is over.
 *
 * @param {{ after(close: () => Promise<unknown>): void }} t
 * @param {any} browser
 * @param {any} server
 * @param {object[]} list
 */
export async function openPlayers(t, browser, server, list) {
  const players = [];
  t.after(() => Promise.all(players.map((player) => player.close())));
  for (const options of list) players.push(await openPlayer(browser, server, options));
  return players;
}

/** The same, when all of them play. */
export async function openGame(t, browser, server, list) {
  const players = await openPlayers(t, browser, server, list);
  await Promise.all(players.map((player) => reaches(player, 'playing')));
  return players;
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
          if (window.game.state !== 'disposed') return false;
          return window.game.finished.then(({ reason, error }) => {
            throw error ?? new Error(`it is over: ${reason}, ${JSON.stringify(window.game.match)}`);
          });
        },
        ms,
      ),
    [state, ms],
  );

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

/** The times of a step, which stand before its action. */
const TIMES = /^(\{"type":"step","t":\d+,"episode":\d+,)(?:"time":[^,]+,)?(?:"key_time":[^,]+,)?/;

/** A record's lines without what is each side's own: the events, the times, the metrics and the header's `local`. */
export function shared(text) {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{"type":"event"'));
  return lines.map((whole, index) => {
    const line = whole.replace(TIMES, '$1');
    const object = JSON.parse(line);
    if (index > 0 && object.metrics === undefined) return line;
    delete object.local;
    delete object.metrics;
    return JSON.stringify(object);
  });
}

/** A step's actions, one per agent. */
export const actionsOf = (text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{"type":"step"'))
    .map((line) => JSON.parse(line).action);

/** That all sides have the same record but for their own part, which the native command and the server have found true. */
export async function sameAndTrue(sides, reason = 'complete') {
  for (const { error, reason: found, verification } of sides) {
    assert.deepEqual([error, found], [null, reason]);
    assert.equal(verification.identical, true, verification.message);
  }
  const [first, ...others] = sides.map(({ text }) => shared(text));
  for (const other of others) {
    // Line by line: the first difference says enough.
    for (const [at, line] of first.entries()) assert.equal(other[at]?.slice(0, 500), line.slice(0, 500), `line ${at}`);
    assert.deepEqual([other.length, other.join() === first.join()], [first.length, true]);
  }
  assert.match(await verify(sides[0].text), /identical\n1 passed, 0 failed/);
  for (const { match } of sides) assert.equal(match.record?.verified, true, JSON.stringify(match.record));
}

/** The cells of a line of CSV; those in quotes without them. */
const cellsOf = (line) =>
  [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );

/** The rows of one of the tables that the server exports, by the names of their columns. */
export async function exported({ command, data }, table) {
  const out = await mkdtemp(join(tmpdir(), 'palaestra-export-'));
  try {
    await promisify(execFile)(command, ['export', '--data', data, '--out', out], { timeout: 20_000 });
    const [names, ...rows] = (await readFile(join(out, table), 'utf8')).trim().split('\n').map(cellsOf);
    return rows.map((cells) => Object.fromEntries(names.map((name, column) => [name, cells[column]])));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

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
