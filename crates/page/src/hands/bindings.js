// Whose keys are those of the person at this page.

/**
 * The keys of the person at this page: those that the page gives, or those of the seat that is theirs.
 *
 * @param {any} options those of `play`
 * @param {any} entry the environment's in the registry
 * @param {number | null} [seat] in a match: whose seat it is
 * @returns {readonly import('./controls.js').Binding[]}
 */
export function bindingsOf({ keys, seats = {} }, entry, seat) {
  const given = Object.entries(seats).find(([, seat]) => seat === 'human' || seat?.keys);
  const own = given?.[1]?.keys ?? keys;
  if (own) return Object.entries(own).map(([keys, action]) => ({ keys, action }));
  const agent = seat ?? Number(given?.[0].replace(/^.*_/, '') ?? 0);
  return entry?.keys[entry.keysGoWithSeats ? agent : 0] ?? [];
}

/**
 * The number of the agent that the person at this page plays.
 *
 * @param {any} options those of `play`
 * @param {readonly string[]} agents
 * @param {number | null} [seat] in a match: whose seat it is
 */
export function ownAgent({ seats = {} }, agents, seat) {
  const [name] = Object.entries(seats).find(([, seat]) => seat === 'human' || seat?.keys) ?? [];
  const named = name === undefined ? 0 : agents.indexOf(name);
  return seat ?? (named < 0 ? Number(name?.replace(/^.*_/, '')) : named);
}
