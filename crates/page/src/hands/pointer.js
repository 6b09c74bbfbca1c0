// A pointer that is drawn over the picture steers as a stick does: its middle is where it went down.

/** How far is all the way, in CSS pixels. */
const REACH = 90;
const KNOB = 36;

const between = (value) => Math.min(Math.max(value, -1), 1);

function disc(size, styles) {
  const made = document.createElement('div');
  Object.assign(made.style, {
    position: 'fixed',
    width: `${size}px`,
    height: `${size}px`,
    margin: `${-size / 2}px`,
    borderRadius: '50%',
    border: '2px solid CanvasText',
    boxSizing: 'border-box',
    pointerEvents: 'none',
    zIndex: '9',
    ...styles,
  });
  made.className = 'palaestra-stick';
  made.setAttribute('aria-hidden', 'true');
  return made;
}

/**
 * Passes on what a pointer does over a picture; gives what ends it.
 *
 * @param {object} of
 * @param {{ act(agent: string, action: number[]): void, state: string, paused: boolean }} of.game
 * @param {string} of.agent
 * @param {import('./steering.js').Steer} of.steer
 * @param {HTMLCanvasElement} of.canvas
 */
export function followPointer({ game, agent, steer, canvas }) {
  const stop = new AbortController();
  const { signal } = stop;
  const ring = disc(2 * REACH, { opacity: '0.4' });
  const knob = disc(KNOB, { background: 'CanvasText', opacity: '0.6' });
  /** @type {{ id: number, at: [number, number], to: [number, number] } | undefined} */
  let drawn;
  let frame = 0;
  const before = canvas.style.touchAction;
  // A finger steers, and does not scroll.
  canvas.style.touchAction = 'none';

  const place = (element, [x, y]) => Object.assign(element.style, { left: `${x}px`, top: `${y}px` });
  const shares = ({ at, to }) => [between((to[0] - at[0]) / REACH), between((to[1] - at[1]) / REACH)];
  const act = () => {
    if (!drawn) return;
    const [x, y] = shares(drawn);
    if (game.state === 'playing' && !game.paused) game.act(agent, steer(x, y));
    place(knob, [drawn.at[0] + x * REACH, drawn.at[1] + y * REACH]);
    // An action is one of a single tick: it is told anew for each.
    frame = requestAnimationFrame(act);
  };
  const letGo = () => {
    drawn = undefined;
    cancelAnimationFrame(frame);
    ring.remove();
    knob.remove();
  };
  const down = ({ pointerId: id, button, clientX, clientY }) => {
    if (drawn || button !== 0) return;
    canvas.focus({ preventScroll: true });
    drawn = { id, at: [clientX, clientY], to: [clientX, clientY] };
    place(ring, drawn.at);
    canvas.after(ring, knob);
    act();
  };
  canvas.addEventListener('pointerdown', down, { signal });
  const move = ({ pointerId, clientX, clientY }) => {
    if (drawn && pointerId === drawn.id) drawn.to = [clientX, clientY];
  };
  addEventListener('pointermove', move, { signal });
  for (const end of ['pointerup', 'pointercancel'])
    addEventListener(end, (event) => /** @type {PointerEvent} */ (event).pointerId === drawn?.id && letGo(), {
      signal,
    });
  addEventListener('blur', letGo, { signal });

  return () => {
    stop.abort();
    letGo();
    canvas.style.touchAction = before;
  };
}
