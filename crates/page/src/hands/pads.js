// Pads for fingers: the keys of a game as buttons, below its picture. A finger that slides from one to another lets go of the first.
import { chordsOfWays, controlsOf } from './controls.js';
import { strokesOf } from './strokes.js';

const arrows = { up: '▲', left: '◀', right: '▶', down: '▼' };

/** Styles are set one by one: a content policy may forbid style sheets and attributes that come with a script. */
function element(tag, styles, text = '') {
  const made = document.createElement(tag);
  Object.assign(made.style, styles);
  made.textContent = text;
  return made;
}

const round = {
  minWidth: '64px',
  minHeight: '64px',
  padding: '0 14px',
  border: '2px solid currentColor',
  borderRadius: '16px',
  background: 'color-mix(in srgb, Canvas 80%, transparent)',
  color: 'CanvasText',
  font: '600 17px/1.2 system-ui, sans-serif',
  touchAction: 'none',
};

const places = { up: '1 / 2', left: '2 / 1', right: '2 / 3', down: '3 / 2' };

/**
 * Shows the pads of a game and passes on what fingers do; gives what takes them away.
 *
 * @param {object} of
 * @param {{ press(code: string): void, release(code: string): void, state: string }} of.game
 * @param {readonly import('./controls.js').Binding[]} of.bindings the keys of the person at this page
 * @param {HTMLCanvasElement} of.canvas
 * @param {HTMLElement} [of.element] where the pads stand, if not behind the picture
 */
export function showPads({ game, bindings, canvas, element: given }) {
  const { cross, buttons } = controlsOf(bindings);
  if (Object.keys(cross).length + buttons.length === 0) return () => {};
  const { press, release } = strokesOf(game);
  const stop = new AbortController();
  const { signal } = stop;
  /** The key that each finger holds. @type {Map<number, string>} */
  const held = new Map();
  const pads = element('div', {
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: '16px',
    padding: '12px 4px',
    boxSizing: 'border-box',
    userSelect: 'none',
    webkitUserSelect: 'none',
    touchAction: 'none',
  });
  pads.className = 'palaestra-pads';
  pads.setAttribute('role', 'group');
  pads.setAttribute('aria-label', 'Controls');
  const pad = ({ code, label }, text, styles = {}) => {
    const made = /** @type {HTMLButtonElement} */ (element('button', { ...round, ...styles }, text));
    made.type = 'button';
    made.dataset.code = code;
    made.setAttribute('aria-label', label);
    // The picture keeps the focus, and with it the keyboard.
    made.tabIndex = -1;
    return made;
  };
  // Ways that count together are one for each thumb: left and right here, up and down there.
  const together = chordsOfWays(bindings, cross);
  const ways = Object.entries(cross);
  const others = element('div', { display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: '8px' });
  const group = element('div', { display: 'grid', gap: '4px' });
  for (const [way, control] of ways) {
    const apart = together && (way === 'up' || way === 'down');
    (apart ? others : group).append(pad(control, arrows[way], together ? {} : { gridArea: places[way] }));
  }
  if (together) group.style.gridAutoFlow = 'column';
  for (const control of buttons) others.append(pad(control, control.label));
  pads.append(group, others);

  const padAt = (x, y) => {
    const found = document.elementFromPoint(x, y)?.closest('[data-code]');
    return found && pads.contains(found) ? /** @type {HTMLElement} */ (found).dataset.code : undefined;
  };
  const light = (code, on) => {
    for (const made of pads.querySelectorAll('[data-code]')) {
      const own = /** @type {HTMLElement} */ (made);
      if (own.dataset.code === code) own.style.background = on ? 'Highlight' : round.background;
    }
  };
  /** A finger is on another pad, or on none: several fingers may be on one. */
  const hold = (finger, code) => {
    const before = held.get(finger);
    if (before === code) return;
    if (code) held.set(finger, code);
    else held.delete(finger);
    const now = [...held.values()];
    if (before && !now.includes(before)) {
      light(before, false);
      release(before);
    }
    if (code && now.filter((other) => other === code).length === 1) {
      light(code, true);
      press(code);
    }
  };
  pads.addEventListener(
    'pointerdown',
    (event) => {
      const code = padAt(event.clientX, event.clientY);
      if (!code) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      hold(event.pointerId, code);
    },
    { signal },
  );
  addEventListener(
    'pointermove',
    ({ pointerId, clientX, clientY }) =>
      held.has(pointerId) && hold(pointerId, padAt(clientX, clientY) ?? held.get(pointerId)),
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'])
    addEventListener(end, (event) => hold(/** @type {PointerEvent} */ (event).pointerId, undefined), { signal });
  pads.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });

  // On a phone that lies on its side there is no room below the picture: the pads are at its sides then.
  const lying = matchMedia('(orientation: landscape) and (max-height: 500px)');
  const place = () => {
    const over = lying.matches && !given;
    Object.assign(pads.style, {
      position: over ? 'fixed' : 'static',
      left: over ? '0' : '',
      right: over ? '0' : '',
      bottom: over ? '0' : '',
      zIndex: over ? '10' : '',
      padding: over ? '12px max(12px, env(safe-area-inset-left))' : '12px 4px',
      pointerEvents: over ? 'none' : '',
    });
    for (const made of pads.querySelectorAll('button')) made.style.pointerEvents = over ? 'auto' : '';
  };
  lying.addEventListener('change', place, { signal });
  place();
  if (given) given.append(pads);
  else canvas.after(pads);

  return () => {
    for (const finger of [...held.keys()]) hold(finger, undefined);
    stop.abort();
    pads.remove();
  };
}
