// A game controller: its cross or left stick for the ways, its four buttons for the rest. It is asked at each frame while there is one.
import { controlsOf } from './controls.js';
import { strokesOf } from './strokes.js';

/** How far a stick has to be pushed to count as a key. */
const PUSHED = 0.5;
/** How far a stick may stand from its middle without meaning it. */
const DEAD = 0.12;

/** Of the standard layout: buttons of the cross, and the axis and side of the left stick. */
const ways = {
  up: { button: 12, axis: 1, side: -1 },
  down: { button: 13, axis: 1, side: 1 },
  left: { button: 14, axis: 0, side: -1 },
  right: { button: 15, axis: 0, side: 1 },
};

/**
 * Where the left stick is pushed to, from −1 to 1 either way; nothing where it is at rest.
 *
 * @returns {[number, number] | undefined}
 */
export function stickOf({ axes }) {
  const [x = 0, y = 0] = axes;
  const far = Math.hypot(x, y);
  if (far < DEAD) return undefined;
  // It begins at nothing, and not with a jump.
  const share = (Math.min(far, 1) - DEAD) / (1 - DEAD) / far;
  return [x * share, y * share];
}

/** Which keys a controller's state stands for. */
export function keysOf({ buttons, axes }, controls) {
  const held = new Set();
  for (const [way, { button, axis, side }] of Object.entries(ways)) {
    const control = controls.cross[way];
    if (control && (buttons[button]?.pressed || (axes[axis] ?? 0) * side > PUSHED)) held.add(control.code);
  }
  controls.buttons.slice(0, 4).forEach(({ code }, i) => {
    if (buttons[i]?.pressed) held.add(code);
  });
  return held;
}

/**
 * Passes on what the first connected controller does; gives what ends it.
 *
 * @param {object} of
 * @param {{ press(code: string): void, release(code: string): void, act?(agent: string, action: number[]): void, state: string, paused?: boolean }} of.game
 * @param {readonly import('./controls.js').Binding[]} of.bindings
 * @param {{ agent: string, steer: import('./steering.js').Steer }} [of.steering] where actions are numbers: the stick counts by how far it is pushed
 * @param {boolean} [of.single] whether each stroke is an action of its own
 */
export function followController({ game, bindings, steering, single = false }) {
  const controls = controlsOf(bindings);
  const { press, release } = strokesOf(game);
  let held = new Set();
  let frame = 0;
  const look = () => {
    const [controller] = [...navigator.getGamepads()].filter((one) => one?.mapping === 'standard');
    const stick = steering && controller ? stickOf(controller) : undefined;
    const seen = steering && controller ? { buttons: controller.buttons, axes: [] } : controller;
    const now = seen ? keysOf(seen, controls) : new Set();
    try {
      const going = game.state === 'playing' && !game.paused;
      if (steering && stick && going) game.act?.(steering.agent, steering.steer(...stick));
      for (const code of held) if (!now.has(code)) release(code);
      for (const code of now) if (!held.has(code)) press(code);
    } catch (error) {
      // What the game refuses ends no controller.
      reportError(error);
    }
    held = now;
    // Without one nothing has to be looked at until another is connected.
    frame = controller ? requestAnimationFrame(look) : 0;
  };
  const begin = () => {
    if (frame === 0) look();
  };
  const stop = new AbortController();
  const { signal } = stop;
  addEventListener('gamepadconnected', begin, { signal });
  // The game lets go of all keys then: what is still held goes down again. As a stroke of its own it would be one action too many.
  const forget = () => {
    if (!single) held = new Set();
  };
  addEventListener('blur', forget, { signal });
  addEventListener('keyup', ({ code }) => void (/^Meta/.test(code) && forget()), { signal });
  document.addEventListener('visibilitychange', () => void (document.hidden && forget()), { signal });
  begin();
  return () => {
    stop.abort();
    cancelAnimationFrame(frame);
    for (const code of held) release(code);
    held = new Set();
  };
}
