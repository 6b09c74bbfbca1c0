// What fingers and game controllers do in a game: a script of its own, which pages load where a device has them.
import { bindingsOf, ownAgent } from './bindings.js';
import { followController } from './controller.js';
import { showPads } from './pads.js';
import { followPointer } from './pointer.js';
import { steering } from './steering.js';

/** Shows pads for the person at this page; gives what takes them away. */
export const pads = ({ game, options, entry, seat }) =>
  showPads({
    game,
    bindings: bindingsOf(options, entry, game.spec.agents, seat),
    canvas: options.canvas,
    element: options.touchControls?.element,
  });

/** How strokes are played. */
const modeOf = ({ options, entry }) => options.inputMode ?? entry?.inputMode;

/** How the person at this page steers, where actions are numbers: `{ agent, steer }`. */
function steeringOf(of) {
  const { game, options, entry, seat } = of;
  const { agents, actionSpaces } = game.spec;
  const own = ownAgent(options, agents, seat);
  const { idle } = options;
  // There each action has a tick of its own: those of a stick would wait in line.
  if (modeOf(of) === 'single_keystroke') return undefined;
  const still = idle === undefined ? entry?.idle : Array.isArray(idle?.[0]) ? idle : [idle];
  const steer = steering(bindingsOf(options, entry, agents, seat), actionSpaces[own], still);
  return steer && { agent: agents[own], steer };
}

/** Follows a controller for the person at this page; gives what ends it. */
export const controller = (of) =>
  followController({
    game: of.game,
    bindings: bindingsOf(of.options, of.entry, of.game.spec.agents, of.seat),
    steering: steeringOf(of),
    single: modeOf(of) === 'single_keystroke',
  });

/** Follows a pointer over the picture, where actions are numbers; gives what ends it. */
export function pointer(of) {
  const steering = steeringOf(of);
  return steering ? followPointer({ game: of.game, canvas: of.options.canvas, ...steering }) : () => {};
}
