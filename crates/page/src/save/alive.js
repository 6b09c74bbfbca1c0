// Whether the tab that a record comes from is still open: it holds a lock, which ends with it, however it ends. One for all its games: a
// page that plays for days holds nothing of the old ones.
const nameOf = (tab) => `palaestra ${tab}`;
/**
 * Where there are no locks, a tab says every so often that it is there; and it is gone when it has said nothing for so long. The timers of a tab
 * that is hidden run once a minute.
 */
export const BEAT_MS = 2000;
export const GONE_MS = 150_000;

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const tab = newId();
/** @type {Promise<boolean> | undefined} whether there are locks; nothing before the first game, and while the page is put away */
let held;
let release = () => {};
/** Whether there ever was a game. */
let begun = false;

const request = () =>
  new Promise((resolve) => {
    const hold = (lock) =>
      lock &&
      new Promise((done) => {
        release = () => done(undefined);
        resolve(true);
      });
    try {
      // Pages that are no secure context have none, and in frames without an origin it rejects.
      navigator.locks.request(nameOf(tab), hold).catch(() => resolve(false));
    } catch {
      resolve(false);
    }
  });

/** A page that holds a lock is not kept to be brought back. Whoever comes next may take what is there. */
function leave() {
  release();
  held = undefined;
}

/**
 * Says of a tab with games that it is open; gives what stands in the database for it. Where there are no locks each game has to beat.
 *
 * @returns {Promise<{ tab: string, locks: boolean }>}
 */
export async function stay() {
  if (!begun) {
    begun = true;
    addEventListener('pagehide', leave);
    addEventListener('pageshow', ({ persisted }) => persisted && stay());
  }
  held ??= request();
  return { tab, locks: await held };
}

/** Gives what says of a record whether its tab is open. */
export async function living() {
  let names;
  try {
    names = new Set((await navigator.locks.query()).held?.map(({ name }) => name));
  } catch {
    names = new Set();
  }
  return ({ tab, locks, beat }) => (locks ? names.has(nameOf(tab)) : Date.now() - beat < GONE_MS);
}
