// Fingers and game controllers play as keys do. Their script is loaded by games on devices that have them, when they begin.
import { importScript } from './palaestra_files.js';
import { address } from './files.js';
import { optionProblem, shown } from './options.js';
import { PalaestraError, tell } from './page.js';

/** What is wrong with the options of hands; nothing where all is right. */
function problem({ touchControls, gamepad }) {
  if (gamepad !== undefined && typeof gamepad !== 'boolean')
    return `gamepad: expected true or false, found ${shown(gamepad)}`;
  if (touchControls === undefined || typeof touchControls === 'boolean') return undefined;
  const wrong = optionProblem('touchControls', touchControls, ['element']);
  if (wrong) return wrong;
  const { element } = touchControls;
  const placed = element === undefined || element instanceof HTMLElement;
  return placed ? undefined : `touchControls.element: expected an element of the page, found ${shown(element)}`;
}

/** What a game has of hands. */
export class Hands {
  #options;
  #stops = [];
  #ended = false;

  /**
   * @param {any} options those of `play`
   * @throws {PalaestraError} `bad_argument`
   */
  constructor(options) {
    const wrong = problem(options);
    if (wrong) throw new PalaestraError('bad_argument', wrong);
    this.#options = options;
  }

  /** The game begins: whoever has fingers on a screen gets pads, and a controller that is there or comes is followed. */
  begin(game, entry, seat) {
    const { canvas, touchControls, gamepad = true } = this.#options;
    if (!canvas) return;
    const of = { game, options: this.#options, entry, seat };
    if (touchControls ?? matchMedia('(pointer: coarse)').matches) this.#load(({ pads }) => pads(of));
    if (!gamepad || !navigator.getGamepads) return;
    const follow = () => this.#load(({ controller }) => controller(of));
    try {
      if ([...navigator.getGamepads()].some(Boolean)) return void follow();
    } catch {
      return; // A frame that may not have controllers.
    }
    addEventListener('gamepadconnected', follow, { once: true });
    this.#stops.push(() => removeEventListener('gamepadconnected', follow));
  }

  end() {
    this.#ended = true;
    for (const stop of this.#stops.splice(0)) stop();
  }

  async #load(take) {
    try {
      const script = await importScript('page/hands.js', (path) => address(path));
      if (!this.#ended) this.#stops.push(take(script));
    } catch (error) {
      // The game goes on: whoever has a keyboard does without.
      tell(new PalaestraError('load_failed', `page/hands.js: ${error?.message ?? error}`));
    }
  }
}
