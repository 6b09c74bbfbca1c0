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

/** The codes of a chord, as the game knows them: there may be white space around each. */
const codesIn = (chord) => chord.split('+').map((code) => code.trim());

/** Bindings that a page gives. */
const given = (keys) => Object.entries(keys).map(([chord, action]) => ({ keys: codesIn(chord).join('+'), action }));

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
  if (own) return given(own);
  return entry?.keys[entry.keysGoWithSeats ? ownAgent(options, agents, seat) : 0] ?? [];
}

/**
 * The codes of all people at this page's keyboard, as they sit down: see `seating.rs`. In a match there is one.
 *
 * @param {any} options those of `play`
 * @param {any} entry the environment's in the registry
 * @param {readonly string[]} agents
 */
export function codesOfAll(options, entry, agents) {
  const { keys, match } = options;
  const seats = options.seats ?? {};
  if (match) return new Set();
  const names = countedIn(Object.keys(seats), agents.length) ?? agents;
  let people = 0;
  const bindings = names.flatMap((name, agent) => {
    const seat = seats[name] ?? (agent === 0 ? 'human' : undefined);
    if (seat !== 'human' && !seat?.keys) return [];
    const person = people;
    people += 1;
    if (seat.keys) return given(seat.keys);
    if (keys && person === 0) return given(keys);
    return entry?.keys[entry.keysGoWithSeats ? agent : person] ?? [];
  });
  return new Set(bindings.flatMap(({ keys }) => codesIn(keys)));
}
