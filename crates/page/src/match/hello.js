// What a page says of itself to the server, as JSON has it: what its options hold is read as the page's module reads it.

const isGiven = (value) => value !== undefined && value !== null;

/** @type {(name: string, value: unknown) => unknown} */
function plain(_, value) {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/**
 * The first message, but for what the connection adds. An option that is null was not given.
 *
 * @param {any} options those of `play`
 * @param {{ participant?: string, version: string, webrtc: boolean }} own
 * @returns {Record<string, unknown>}
 */
export function helloOf({ env, kwargs, seats, match }, { participant, version, webrtc }) {
  const { lobby, secret, group, size, policy, dropout } = match;
  const optional = { participant, secret, group, size, policy, dropout, seats };
  const given = Object.entries(optional).filter(([, value]) => isGiven(value));
  const hello = { lobby, ...Object.fromEntries(given), env_id: env, kwargs: kwargs ?? {}, version, webrtc };
  return JSON.parse(JSON.stringify(hello, plain));
}

/**
 * How long the page waits for others, in milliseconds; nothing where it does not say.
 *
 * @param {{ timeout?: number | bigint | null }} match
 */
export const patienceOf = ({ timeout }) => (isGiven(timeout) ? Number(timeout) : undefined);
