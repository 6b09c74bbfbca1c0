// Who the participant is: as the page says, as the recruitment site says in the address, or as the server said before a reload.

export { participantIn } from '../address.js';

/**
 * Keeps what the server signed, for as long as the tab lives: a reload comes back to the same seat. Where the browser keeps nothing
 * it does without.
 *
 * @param {string} server
 * @param {string} lobby
 * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined} storage
 */
export function tokens(server, lobby, storage) {
  const key = `palaestra ${server} ${lobby}`;
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  return {
    /**
     * What was kept of this participant, or of whoever was here before if the page names none.
     *
     * @param {string | undefined} participant
     * @returns {{ participant?: string, token?: string }}
     */
    read(participant) {
      const kept = quietly(() => JSON.parse(storage?.getItem(key) ?? 'null'));
      const whole = typeof kept?.participant === 'string' && typeof kept?.token === 'string';
      if (!whole || (participant !== undefined && participant !== kept.participant)) return { participant };
      return { participant: kept.participant, token: kept.token };
    },
    keep(participant, token) {
      quietly(() => storage?.setItem(key, JSON.stringify({ participant, token })));
    },
    forget() {
      quietly(() => storage?.removeItem(key));
    },
  };
}

/** `window.sessionStorage`, which some settings of a browser forbid to ask for. */
export function sessionStorageIfAny() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
