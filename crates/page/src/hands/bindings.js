// Whose keys are those of the person at this page.
import { countedIn } from '../agents.js';

/** The seat that the page gives that person: its name and what it says; nothing where it names none. */
const ownSeat = ({ seats }) => Object.entries(seats ?? {}).find(([, seat]) => seat === 'human' || seat?.keys);

/**
 * The number of the agent that the person at this page plays. Seats are called by the agents' names, or by their numbers.
 *
 * @param {any} options those of `play`
 * @param {readonly string[]} agents
 * @param {number | null} [seat] in a match: whose seat it is
 */
export function ownAgent(options, agents, seat) {
  const [name] = ownSeat(options) ?? [];
  if (name === undefined) return seat ?? 0;
  return seat ?? (countedIn(Object.keys(options.seats), agents.length) ?? agents).indexOf(name);
}

/**
 * The keys of the person at this page: those that the page gives, or those of the seat that is theirs.
 *
 * @param {any} options those of `play`
 * @param {any} entry the environment's in the registry
 * @param {readonly string[]} agents
 * @param {number | null} [seat] in a match: whose seat it is
 * @returns {readonly import('./controls.js').Binding[]}
 */
export function bindingsOf(options, entry, agents, seat) {
  const own = ownSeat(options)?.[1]?.keys ?? options.keys;
  if (own) return Object.entries(own).map(([keys, action]) => ({ keys, action }));
  return entry?.keys[entry.keysGoWithSeats ? ownAgent(options, agents, seat) : 0] ?? [];
}
