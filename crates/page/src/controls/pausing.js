// A game that stands still, and goes on after numbers over its picture.
import { countDown } from './countdown.js';

/** What a person's pauses, the dialog and a hidden tab have in common. Of a match nothing stands still. */
export class Pausing {
  #game;
  #canvas;
  #seconds;
  #changed;
  #alone;
  /** What ends the countdown that is on. @type {(() => void) | undefined} */
  #counting;
  /** The tab was hidden while it was played. */
  #interrupted = false;

  /**
   * @param {any} game
   * @param {HTMLCanvasElement} canvas
   * @param {object} how
   * @param {boolean} how.alone whether nobody else plays
   * @param {number} how.seconds that are counted down
   * @param {() => void} how.changed hears of every change
   */
  constructor(game, canvas, { alone, seconds, changed }) {
    this.#game = game;
    this.#canvas = canvas;
    this.#alone = alone;
    this.#seconds = seconds;
    this.#changed = changed;
    // On the way down: before the game hears of it, which stands still then by itself.
    addEventListener('visibilitychange', this.#seen, { capture: true });
  }

  /** Whether it stands still until somebody says otherwise. */
  get standing() {
    return this.#game.paused && !this.#counting;
  }

  toggle() {
    if (this.standing) this.goOn();
    else this.standStill();
  }

  /** Gives whether it had been played, or was about to be. */
  standStill() {
    const going = this.#alone && (!this.#game.paused || this.#counting !== undefined);
    this.#stopCounting();
    if (going) this.#game.pause();
    this.#changed();
    return going;
  }

  goOn() {
    this.#stopCounting();
    this.#canvas.focus({ preventScroll: true });
    if (this.#seconds > 0) this.#counting = countDown(this.#canvas, this.#seconds, () => this.#resume());
    else this.#resume();
    this.#changed();
  }

  end() {
    removeEventListener('visibilitychange', this.#seen, { capture: true });
    this.#stopCounting();
  }

  #resume() {
    this.#counting = undefined;
    if (this.#game.state === 'playing') this.#game.resume();
    this.#changed();
  }

  #stopCounting() {
    this.#counting?.();
    this.#counting = undefined;
  }

  /** Whoever comes back to a hidden tab sees numbers first. */
  #seen = () => {
    if (this.#game.state !== 'playing') return;
    if (document.hidden) this.#interrupted ||= this.standStill();
    else if (this.#interrupted) {
      this.#interrupted = false;
      this.goOn();
    }
  };
}
