// Numbers over the picture before a game goes on, so that nobody is surprised by it.

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
  const place = () => {
    const parent = number.offsetParent ?? document.documentElement;
    const [outer, inner] = [parent.getBoundingClientRect(), canvas.getBoundingClientRect()];
    Object.assign(number.style, {
      left: `${inner.left - outer.left + parent.scrollLeft}px`,
      top: `${inner.top - outer.top + parent.scrollTop}px`,
      width: `${inner.width}px`,
      height: `${inner.height}px`,
    });
  };
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
    place();
    left -= 1;
    timer = setTimeout(tick, 1000);
  };
  tick();
  return stop;
}
