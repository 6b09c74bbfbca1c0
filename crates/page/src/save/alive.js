// Whether the tab that a record comes from is still open: it holds a lock for each game, which ends with it, however it ends.
const nameOf = (id) => `palaestra ${id}`;
/** Where there are no locks, a tab says every so often that it is there; and it is gone when it has said nothing for so long. */
export const BEAT_MS = 2000;
const GONE_MS = 15_000;

/**
 * Holds the lock of a game; gives what lets go of it, or nothing where there are no locks: then the game has to beat.
 *
 * @param {string} id
 * @returns {Promise<(() => void) | undefined>}
 */
export function hold(id) {
  return new Promise((resolve) => {
    const held = (lock) => lock && new Promise((release) => resolve(() => release(undefined)));
    try {
      // Pages that are no secure context have none, and in frames without an origin it rejects.
      const asked = navigator.locks.request(nameOf(id), held);
      asked.catch(() => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}

/** Gives what says of a record whether its tab is open. */
export async function living() {
  let names;
  try {
    names = new Set((await navigator.locks.query()).held?.map(({ name }) => name));
  } catch {
    names = new Set();
  }
  return ({ id, locks, beat }) => (locks ? names.has(nameOf(id)) : Date.now() - beat < GONE_MS);
}
