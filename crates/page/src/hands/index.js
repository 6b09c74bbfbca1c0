// What fingers and game controllers do in a game: a script of its own, which pages load where a device has them.
import { bindingsOf } from './bindings.js';
import { followController } from './controller.js';
import { showPads } from './pads.js';

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
