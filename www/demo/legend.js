// The keys under the picture: they light up when pressed, and where there is no keyboard they are pressed themselves.
import { keyGroups } from './keys.js';
import { ONLINE } from './together.js';
import { agentColour, agentName, agentsOf, partners } from './words.js';

export class Legend {
  #root;
  #canvas;
  #playing = () => false;
  #caps = new Map();
  /** The key that each finger holds. */
  #held = new Map();

  /** `playing()` says whether a game takes keys now. */
  constructor(root, canvas, playing) {
    this.#root = root;
    this.#canvas = canvas;
    this.#playing = playing;
    addEventListener('keydown', ({ code }) => this.#light(code, playing()));
    addEventListener('keyup', ({ code }) => this.#light(code, false));
    addEventListener('blur', () => this.#caps.forEach((_, code) => this.#light(code, false)));
    root.addEventListener('pointerdown', (event) => this.#touch(event));
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel']))
      addEventListener(end, (event) => this.#lift(event));
    root.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  /** Shows who moves what with which keys. */
  show(entry, settings) {
    this.#root.replaceChildren(...seats(entry, settings));
    this.#caps.clear();
    for (const cap of this.#root.querySelectorAll('[data-code]')) {
      const { code } = cap.dataset;
      this.#caps.set(code, [...(this.#caps.get(code) ?? []), cap]);
    }
  }

  #light(code, on) {
    this.#caps.get(code)?.forEach((cap) => cap.classList.toggle('down', on));
  }

  #touch(event) {
    const code = event.target.closest('[data-code]')?.dataset.code;
    if (!code || !this.#playing()) return;
    // Otherwise the canvas would lose the focus, and a long press would select text.
    event.preventDefault();
    const first = !this.#holds(code);
    this.#held.set(event.pointerId, code);
    if (first) this.#send('keydown', code);
  }

  #lift({ pointerId }) {
    const code = this.#held.get(pointerId);
    if (!code) return;
    this.#held.delete(pointerId);
    if (!this.#holds(code)) this.#send('keyup', code);
  }

  /** Whether a finger is on a key: several may be. */
  #holds(code) {
    return [...this.#held.values()].includes(code);
  }

  #send(type, code) {
    this.#canvas.dispatchEvent(new KeyboardEvent(type, { code, bubbles: true, cancelable: true }));
  }
}

/** Which seat a person gets among others is known when they are there; each has the first set of keys, unless those go with seats. */
function online(entry, seat) {
  const line = document.createElement('div');
  line.className = 'seat';
  const colour = seat === undefined ? undefined : agentColour(entry, seat);
  if (colour) line.style.setProperty('--seat', colour);
  const name = seat === undefined ? 'You' : `You: ${agentName(entry, seat)}`;
  const set = entry.keysGoWithSeats ? (seat ?? 0) : 0;
  line.append(Object.assign(document.createElement('b'), { textContent: name }), ...keyGroups(entry.keys[set] ?? []));
  if (seat !== undefined) return [line];
  const others = document.createElement('div');
  others.className = 'seat';
  others.append(
    Object.assign(document.createElement('span'), {
      className: 'does',
      textContent: 'The other one: open this page in a second tab, or send its address',
    }),
  );
  return [line, others];
}

/** A line a seat: who it is, and their keys. */
export function seats(entry, { partner = 'random', kwargs, seat }) {
  if (partner === ONLINE) return online(entry, seat);
  const agents = agentsOf(entry, kwargs);
  return Array.from({ length: agents }, (_, agent) => {
    const person = agent === 0 || (partner === 'human' && agent < entry.keys.length);
    const line = document.createElement('div');
    line.className = 'seat';
    const colour = agentColour(entry, agent);
    if (colour) line.style.setProperty('--seat', colour);
    const name = document.createElement('b');
    name.textContent = agentName(entry, agent);
    if (agents > 1) line.append(name);
    if (person) line.append(...keyGroups(entry.keys[agent] ?? []));
    else
      line.append(
        Object.assign(document.createElement('span'), {
          className: 'does',
          textContent: partners.get(partner === 'human' ? 'random' : partner).toLowerCase(),
        }),
      );
    return line;
  });
}
