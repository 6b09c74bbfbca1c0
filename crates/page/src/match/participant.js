// Who the participant is: as the page says, as the recruitment site says in the address, or as the server said before a reload.

/** Names of an address's parameters that hold a participant's id, as recruitment sites write them; case does not count. */
const PARAMETERS = ['participant', 'prolific_pid', 'workerid', 'sona_id', 'survey_code', 'jatosworkerid'];
const LONGEST = 128;

/**
 * The id in an address's query, if there is one.
 *
 * @param {string} search
 */
export function participantIn(search) {
  const found = new Map();
  for (const [name, value] of new URLSearchParams(search)) {
    const id = value.trim();
    if (id !== '' && id.length <= LONGEST && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), id);
  }
  const name = PARAMETERS.find((known) => found.has(known));
  return name === undefined ? undefined : /** @type {string} */ (found.get(name));
}

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
