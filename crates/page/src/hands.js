// What stands around a game's picture. Fingers and game controllers play as keys do: their script is loaded by games on devices that
// have them, when they begin; that of the bar with its buttons by games whose page asks for it.
import { importScript } from './palaestra_files.js';
import { address } from './files.js';
import { optionProblem, shown } from './options.js';
import { PalaestraError, tell } from './page.js';

/** What is wrong with their options; nothing where all is right. */
function problem({ touchControls, gamepad, pointer, controls }) {
  for (const [name, option] of Object.entries({ gamepad, pointer }))
    if (option !== undefined && typeof option !== 'boolean')
      return `${name}: expected true or false, found ${shown(option)}`;
  return placeProblem('touchControls', touchControls, []) ?? barProblem(controls);
}

/** The same of an option that is yes, no, or has names, among them where something stands. */
function placeProblem(name, option, names) {
  if (option === undefined || typeof option === 'boolean') return undefined;
  const wrong = optionProblem(name, option, ['element', ...names]);
  if (wrong) return wrong;
  const { element } = option;
  const placed = element === undefined || element instanceof HTMLElement;
  return placed ? undefined : `${name}.element: expected an element of the page, found ${shown(element)}`;
}

function barProblem(controls) {
  const wrong = placeProblem('controls', controls, ['pause', 'keys', 'fullscreen', 'countdown', 'texts']);
  if (wrong) return wrong;
  const { countdown = 0 } = controls || {};
  const right = Number.isInteger(countdown) && countdown >= 0 && countdown <= 10;
  return right ? undefined : `controls.countdown: expected seconds from 0 to 10, found ${shown(countdown)}`;
}

/** What a game has of them. */
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

  /** The game begins: the bar is shown, whoever has fingers on a screen gets pads, and a controller that is there or comes is followed. */
  begin(game, entry, seat) {
    const { canvas, touchControls, gamepad = true, pointer = true, controls } = this.#options;
    if (!canvas) return;
    const of = { game, options: this.#options, entry, seat };
    if (controls) {
      const complain = (message) => tell(new PalaestraError('bad_argument', message));
      this.#load('controls', (script) => script.controls({ ...of, complain }));
    }
    if (touchControls ?? matchMedia('(pointer: coarse)').matches) this.#load('hands', ({ pads }) => pads(of));
    if (pointer && game.spec?.actionSpaces.some(({ type }) => type === 'Box'))
      this.#load('hands', (script) => script.pointer(of));
    if (!gamepad || !navigator.getGamepads) return;
    const follow = () => this.#load('hands', ({ controller }) => controller(of));
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
    for (const stop of this.#stops.splice(0)) {
      try {
        stop();
      } catch (error) {
        // The others go with the game all the same.
        reportError(error);
      }
    }
  }

  async #load(name, take) {
    const path = `page/${name}.js`;
    try {
      const script = await importScript(path, (path) => address(path));
      if (!this.#ended) this.#stops.push(take(script));
    } catch (error) {
      // The game goes on: whoever has a keyboard does without.
      tell(new PalaestraError('load_failed', `${path}: ${error?.message ?? error}`));
    }
  }
}
