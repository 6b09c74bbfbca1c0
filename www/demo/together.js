// Playing with another person, on the demo page: which lobby, what to come back to after a reload, and what the server said.

/** What a partner is called who sits at another browser. */
export const ONLINE = 'online';

const KEPT = 'palaestra demo plays';
/** The longest name of a lobby. */
const LONGEST = 128;

/** A lobby's name for what is played there: all of it, or its beginning and a number that tells it apart. */
function lobbyName(text) {
  if (text.length <= LONGEST) return text;
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ /** @type {number} */ (letter.codePointAt(0)), 16777619) >>> 0;
  const mark = ` ${hash.toString(36)}`;
  return text.slice(0, LONGEST - mark.length) + mark;
}

/**
 * The option `match` for these settings. Whoever is to play together has to play the same: the lobby's name says all of it.
 *
 * @param {import('palaestra').RegistryEntry} entry
 * @param {import('./query.js').Settings} settings
 * @returns {import('palaestra').MatchOptions}
 */
export function matchOptions(
  entry,
  { lobby, server, participant, network, transport, kwargs = {}, episodes, maxSteps },
) {
  const more = { kwargs, episodes, maxSteps };
  const name = lobby ?? lobbyName(`${entry.id} ${JSON.stringify(more)}`);
  return {
    lobby: name,
    ...(server !== undefined && { server }),
    ...(participant !== undefined && { participant }),
    ...(network !== undefined && { network }),
    ...(transport !== undefined && { transport }),
  };
}

/** What an address says of an injected network: `delay:100,jitter:20,loss:0.1`. */
export function networkFrom(text) {
  const parts = text
    .split(',')
    .map((part) => /^(delay|jitter|loss|duplicate|reorder|seed):(\d+(?:\.\d+)?)$/.exec(part));
  if (parts.some((part) => part === null)) throw new Error(`expected delay:100,jitter:20,loss:0.1, found "${text}"`);
  return Object.fromEntries(parts.map(([, name, value]) => [name, Number(value)]));
}

export const networkText = (network) =>
  Object.entries(network)
    .map(([name, value]) => `${name}:${value}`)
    .join(',');

/** Remembers, or forgets, that a game with others is played: a reload is to come back to it. */
export function remember(search) {
  try {
    if (search === undefined) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, search);
  } catch {
    // Without storage a reload starts from the front page.
  }
}

/** Whether this page was left in the middle of a game with others. */
export function remembered(search) {
  try {
    return sessionStorage.getItem(KEPT) === search;
  } catch {
    return false;
  }
}

/** What the server found in the record, for people; empty while it has not said so. */
export function serverWords(match) {
  const { record, ended } = match ?? {};
  if (record?.verified === true) return `The server's record of ${record.frames} steps is identical when replayed.`;
  if (record?.verified === false) return `The server replayed it and found a difference: ${record.difference}.`;
  if (record) return `The server has ${record.frames} steps of it.`;
  return ended && ended.code !== 'complete' ? ended.message : '';
}
