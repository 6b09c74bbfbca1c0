// What a participant sees over the game while there is something to say: one line, at most one more, and a button to stop waiting.
// It lies over the canvas and says everything to screen readers as well.
import { filled } from '../filled.js';
import { layOver, sharedSheet } from '../over.js';
import { texts as defaults } from './texts.js';

/**
 * What is to be said of a match as it stands: nothing where there is nothing. Pure, for tests.
 *
 * @param {import('./view.js').View} view
 * @param {Record<string, string>} texts
 * @returns {{ text: string, more?: string, cancel?: boolean, stays?: boolean, veil: boolean } | undefined} `stays`: until it is closed by hand
 */
export function notice(view, texts) {
  const others = Object.values(view.partners);
  switch (view.state) {
    case 'connecting':
      return { text: view.connected === false ? texts.reconnecting : texts.connecting, cancel: true, veil: true };
    case 'waiting': {
      if (!view.connected) return { text: texts.reconnecting, cancel: true, veil: true };
      const minutes = Math.max(1, Math.ceil((view.timeLeft ?? 0) / 60_000));
      const time = minutes === 1 ? texts.minute : filled(texts.minutes, { count: minutes });
      const place = filled(texts.place, { position: view.position ?? 1, count: view.count ?? 1 });
      const more = `${place} ${filled(texts.timeLeft, { minutes: time })}`;
      return { text: view.requeued ? texts.requeued : texts.waiting, more, cancel: true, veil: true };
    }
    case 'matched':
      return { text: texts.matched, veil: true };
    case 'validating':
      return { text: texts.validating, veil: true };
    case 'starting':
      return { text: texts.starting, veil: true };
    case 'playing':
      if (view.socket === false) return { text: texts.lost, veil: false };
      if (others.some(({ state }) => state === 'reconnecting')) return { text: texts.partnerReconnecting, veil: false };
      if (others.some(({ state }) => state === 'gone')) return { text: texts.partnerGone, veil: false };
      if (view.away) return { text: texts.away, veil: false };
      if (others.some(({ away }) => away)) return { text: texts.partnerAway, veil: false };
      if (view.stalled) return { text: texts.stalled, veil: false };
      return undefined;
    case 'ended': {
      // Who has played and loads the page again has to have the code, whatever the page makes of the refusal.
      const given = view.ended?.code === 'played_before' ? view.ended.completionCode : null;
      if (!given) return undefined;
      return { text: texts.playedBefore, more: filled(texts.completionCode, { code: given }), stays: true, veil: true };
    }
    default:
      return undefined;
  }
}

const STYLE = `
.palaestra-match{position:absolute;z-index:10;display:grid;place-content:center;justify-items:center;gap:.5em;padding:1em;box-sizing:border-box;
 font:1rem/1.4 system-ui,sans-serif;text-align:center;color:#fff;pointer-events:none}
.palaestra-match[data-veil]{background:rgb(20 24 33/.82);pointer-events:auto}
.palaestra-match:not([data-veil]){place-content:start center}
.palaestra-match:not([data-veil]) p{background:rgb(20 24 33/.82);border-radius:.4em;padding:.3em .8em}
.palaestra-match div{display:grid;justify-items:center;gap:.5em}
.palaestra-match p{margin:0}.palaestra-match small{opacity:.85}
.palaestra-match button{font:inherit;padding:.3em 1em;pointer-events:auto;cursor:pointer}
.palaestra-match[hidden],.palaestra-match [hidden]{display:none}`;

const useSheet = sharedSheet(STYLE);

/** Writes only what is new: a screen reader reads out whatever is written. */
function say(element, text = '') {
  if (element.textContent !== text) element.textContent = text;
}

/** Those that stay when their game is gone, by what they lie over. @type {WeakMap<Element, Overlay>} */
const staying = new WeakMap();

/** Shows notices over a canvas, or at the end of the page without one. */
export class Overlay {
  #root = document.createElement('div');
  /** What a screen reader reads out: everything but the button. */
  #said = document.createElement('div');
  #text = document.createElement('p');
  #more = document.createElement('small');
  #button = document.createElement('button');
  #canvas;
  #cancel;
  #stays = false;
  #texts;
  #shown = '';
  #place = () => this.#fit();
  #sizes;
  #dropSheet;

  /**
   * @param {HTMLCanvasElement | undefined} canvas
   * @param {Record<string, string> | undefined} texts
   * @param {() => void} cancel
   */
  constructor(canvas, texts, cancel) {
    this.#canvas = canvas;
    this.#cancel = cancel;
    const before = staying.get(this.#over);
    if (before) before.#drop();
    this.#texts = { ...defaults, ...texts };
    this.#root.className = 'palaestra-match';
    this.#root.hidden = true;
    this.#said.setAttribute('role', 'status');
    // A place in line that changes is no reason to read out the rest again.
    this.#said.setAttribute('aria-atomic', 'false');
    this.#said.append(this.#text, this.#more);
    this.#button.type = 'button';
    this.#root.append(this.#said, this.#button);
    this.#dropSheet = useSheet();
    (canvas?.parentElement ?? document.body).append(this.#root);
    addEventListener('resize', this.#place);
    if (canvas && typeof ResizeObserver === 'function') {
      this.#sizes = new ResizeObserver(this.#place);
      this.#sizes.observe(canvas);
    }
  }

  /** What it lies over. */
  get #over() {
    return this.#canvas ?? document.body;
  }

  #fit() {
    if (this.#canvas) layOver(this.#root, this.#canvas);
  }

  /** @param {import('./view.js').View} view */
  show(view) {
    const said = notice(view, this.#texts);
    const key = JSON.stringify(said) ?? '';
    if (key === this.#shown) return;
    this.#shown = key;
    this.#root.hidden = said === undefined;
    this.#stays = said?.stays === true;
    this.#more.hidden = !said?.more;
    say(this.#text, said?.text);
    say(this.#more, said?.more);
    if (!said) return;
    this.#root.toggleAttribute('data-veil', said.veil);
    this.#button.hidden = !said.cancel && !said.stays;
    this.#button.textContent = said.stays ? this.#texts.close : this.#texts.cancel;
    this.#button.onclick = said.stays ? () => this.#drop() : this.#cancel;
    if (said.stays) staying.set(this.#over, this);
    this.#fit();
  }

  /** Its game is gone. */
  remove() {
    if (!this.#stays) this.#drop();
  }

  #drop() {
    if (staying.get(this.#over) === this) staying.delete(this.#over);
    removeEventListener('resize', this.#place);
    this.#sizes?.disconnect();
    this.#button.onclick = null;
    this.#root.remove();
    this.#dropSheet();
  }
}
