// Keys of the keyboard that stand for others of the game: heard before the game hears them.

import { strokeAt } from '../page.js';

/** Whether a stroke belongs to a field of a form, or to the browser. */
const elsewhere = (event) => event.ctrlKey || event.metaKey || event.altKey || strokeAt(event) === 2;

/**
 * Passes strokes on by a keymap; gives what ends it.
 *
 * @param {object} of
 * @param {{ press(code: string): void, release(code: string): void, state: string }} of.game
 * @param {import('./keymap.js').Keymap} of.keymap
 * @param {(event: KeyboardEvent) => boolean} of.ours whether a stroke is one for the bar or its dialog
 */
export function remap({ game, keymap, ours }) {
  /** The game's keys that are down by one of the keyboard's, which may stand for none. @type {Map<string, string | undefined>} */
  const held = new Map();
  const { signal, stop } = listening();
  const release = (key) => {
    const code = held.get(key);
    held.delete(key);
    if (code !== undefined && game.state === 'playing') game.release(code);
  };
  const down = (event) => {
    const { code } = event;
    if (keymap.usual || elsewhere(event) || ours(event)) return;
    const meaning = keymap.meaning(code);
    if (meaning === code) return;
    event.stopImmediatePropagation();
    if (meaning === undefined) {
      held.set(code, undefined);
      return;
    }
    event.preventDefault();
    if (event.repeat || game.state !== 'playing') return;
    held.set(code, meaning);
    game.press(meaning);
  };
  addEventListener('keydown', down, { capture: true, signal });
  const up = (event) => {
    const { code } = event;
    // Of what comes up while Meta is held macOS says nothing.
    if (code.startsWith('Meta')) [...held.keys()].forEach(release);
    else if (held.has(code)) {
      // The game would take it for the key of that name, which another may hold down.
      event.stopImmediatePropagation();
      release(code);
    }
  };
  addEventListener('keyup', up, { capture: true, signal });
  addEventListener('blur', () => [...held.keys()].forEach(release), { signal });
  return () => {
    stop();
    [...held.keys()].forEach(release);
  };
}

function listening() {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}
