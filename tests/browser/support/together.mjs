// Two or more browsers that play one game through the real server.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServer } from '../../../scripts/build/server.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { startServer } from '../../../scripts/serve/palaestra-server.mjs';
import { fileURLToPath } from 'node:url';

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
  for (const page of ['bare.html', 'together.html', 'watch.html']) await cp(join(pages, page), join(site, page));
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

/** Opens a page of its own profile with a game of these options; `query` stands in its address. */
export async function openPlayer(browser, server, options, query = '') {
  const player = await browser.open(`${server.url}together.html${query}`);
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
