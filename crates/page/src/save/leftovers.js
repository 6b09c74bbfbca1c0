// What is left of records that nobody has taken, from tabs that are gone.
import { living } from './alive.js';

/** As much is kept, and no longer: what is older or more is dropped, the oldest first, which is told. */
export const MOST_GAMES = 50;
export const MOST_BYTES = 256 * 2 ** 20;
export const MOST_MS = 30 * 24 * 60 * 60 * 1000;

/** @param {import('./store.js').Store} store @returns {Promise<any[]>} what is known of each, the oldest first */
export async function leftovers(store) {
  const lives = await living();
  const games = await store.games();
  return games.filter((game) => !lives(game)).sort((a, b) => a.time - b.time);
}

/** What may be dropped: what was left, and what of this or another open tab is over. The oldest first. */
async function droppable(store) {
  const lives = await living();
  const games = await store.games();
  return games.filter((game) => game.closed || !lives(game)).sort((a, b) => a.time - b.time);
}

const told = ({ id, envId, participant, time, steps }) => ({ id, envId, participant, time: new Date(time), steps });

/**
 * Drops what is too old or too much; gives what that was.
 *
 * @param {import('./store.js').Store} store
 */
export async function dropOld(store) {
  const left = await droppable(store);
  let bytes = left.reduce((sum, game) => sum + game.bytes, 0);
  const dropped = [];
  for (const [index, game] of left.entries()) {
    const old = Date.now() - game.time > MOST_MS;
    if (!old && left.length - index <= MOST_GAMES && bytes <= MOST_BYTES) break;
    await store.remove(game.id);
    bytes -= game.bytes;
    dropped.push(told(game));
  }
  return dropped;
}

/** Drops the oldest, since the disk is full; gives what that was, if there was one. */
export async function dropOldest(store) {
  const [oldest] = await droppable(store);
  if (!oldest) return [];
  await store.remove(oldest.id);
  return [told(oldest)];
}
