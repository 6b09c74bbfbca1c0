// Numbers over the picture before a game goes on, so that nobody is surprised by it.
import { layOver } from '../over.js';

/**
 * Counts the seconds down over a canvas; calls back at the end. Gives what ends it before.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} seconds
 * @param {() => void} over
 */
export function countDown(canvas, seconds, over) {
  const number = document.createElement('div');
  number.className = 'palaestra-countdown';
  number.setAttribute('role', 'status');
  canvas.after(number);
  let left = seconds;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => {
    clearTimeout(timer);
    number.remove();
  };
  const tick = () => {
    if (left <= 0) {
      stop();
      return over();
    }
    number.textContent = String(left);
    layOver(number, canvas);
    left -= 1;
    timer = setTimeout(tick, 1000);
  };
  tick();
  return stop;
}
