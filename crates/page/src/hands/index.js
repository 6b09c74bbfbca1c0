// What fingers and game controllers do in a game: a script of its own, which pages load where a device has them.
import { followController } from './controller.js';
import { showPads } from './pads.js';

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

/** Shows pads for the person at this page; gives what takes them away. */
export const pads = ({ game, options, entry, seat }) =>
  showPads({
    game,
    bindings: bindingsOf(options, entry, seat),
    canvas: options.canvas,
    element: options.touchControls?.element,
  });

/** Follows a controller for the person at this page; gives what ends it. */
export const controller = ({ game, options, entry, seat }) =>
  followController({ game, bindings: bindingsOf(options, entry, seat) });
