// A game controller: its cross or left stick for the ways, its four buttons for the rest. It is asked at each frame while there is one.
import { controlsOf } from './controls.js';

/** How far a stick has to be pushed. */
const PUSHED = 0.5;

/** Of the standard layout: buttons of the cross, and the axis and side of the left stick. */
const ways = {
  up: { button: 12, axis: 1, side: -1 },
  down: { button: 13, axis: 1, side: 1 },
  left: { button: 14, axis: 0, side: -1 },
  right: { button: 15, axis: 0, side: 1 },
};

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
 * @param {{ press(code: string): void, release(code: string): void }} of.game
 * @param {readonly import('./controls.js').Binding[]} of.bindings
 */
export function followController({ game, bindings }) {
  const controls = controlsOf(bindings);
  let held = new Set();
  let frame = 0;
  const look = () => {
    const [controller] = [...navigator.getGamepads()].filter((one) => one?.mapping === 'standard');
    const now = controller ? keysOf(controller, controls) : new Set();
    for (const code of held) if (!now.has(code)) game.release(code);
    for (const code of now) if (!held.has(code)) game.press(code);
    held = now;
    // Without one nothing has to be looked at until another is connected.
    frame = controller ? requestAnimationFrame(look) : 0;
  };
  const begin = () => {
    if (frame === 0) look();
  };
  addEventListener('gamepadconnected', begin);
  begin();
  return () => {
    removeEventListener('gamepadconnected', begin);
    cancelAnimationFrame(frame);
    for (const code of held) game.release(code);
    held = new Set();
  };
}
