// The place where it happens: the picture, what lies over it, and the figures above it.
import { seats } from './legend.js';
import { reasonWords, scoreWords } from './words.js';

const byId = /** @type {Document['getElementById']} */ ((id) => document.getElementById(id));
/** Until the environment has said so itself. */
const USUAL_ASPECT = 16 / 9;

export class Stage {
  #screen = byId('screen');
  #canvas = byId('canvas');
  #announcer = byId('announcer');
  #figures = ['score', 'episode', 'steps', 'seed'].map((id) => byId(id));
  #shown = [];
  #aspects = new Map();
  /** Whether it is played with other people, whom nobody can stop. */
  #online = false;

  /** What is to be seen: starting, intro, loading, meeting (waiting for other people), playing, paused or ended. */
  get phase() {
    return this.#screen.dataset.phase;
  }

  set phase(phase) {
    if (phase === this.phase) return;
    this.#screen.dataset.phase = phase;
    const live = ['loading', 'meeting', 'playing', 'paused'].includes(phase);
    byId('end').disabled = !live;
    byId('pause').disabled = this.#online || (phase !== 'playing' && phase !== 'paused');
    byId('pause').textContent = phase === 'paused' ? 'Go on' : 'Pause';
    this.note('');
  }

  /** Before a game: what it is and how it is played. */
  intro(entry, settings) {
    byId('intro-title').textContent = entry.title;
    byId('intro-summary').textContent = entry.summary;
    byId('intro-keys').replaceChildren(...seats(entry, settings));
    this.#canvas.getContext('2d').clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#fit(this.#aspects.get(entry.id) ?? this.#aspects.get(entry.family));
    this.figures(['–', '–', '–', '–']);
    this.phase = 'intro';
  }

  /** The game is on its way; with other people it says itself what it waits for. */
  loading(entry, online) {
    byId('loading-title').textContent = entry.title;
    this.#online = online;
    this.phase = online ? 'meeting' : 'loading';
    this.focus();
    if (!online) this.say(`Loading ${entry.title}.`);
  }

  playing(entry, spec) {
    this.#aspects.set(entry.id, spec.aspect);
    this.#aspects.set(entry.family, spec.aspect);
    this.#fit(spec.aspect);
    this.phase = 'playing';
    this.say(`${entry.title} is on. Your keys play.`);
  }

  paused(byPage) {
    byId('paused-why').textContent = byPage ? 'Nothing moves until you go on.' : 'The page is hidden.';
    this.phase = 'paused';
    this.say('Paused.');
  }

  resumed() {
    this.phase = 'playing';
    this.focus();
    this.say('Going on.');
  }

  /** After a game: why it is over, and what came of it. */
  ended({ returns, reason, error }, { score, episode, shared }) {
    const words = reasonWords(reason);
    const cut = episode > returns.length;
    const all = returns.map((value) => scoreWords(value, shared));
    byId('ended-reason').textContent = error ? `${words}: ${error.message}` : words;
    byId('ended-label').textContent =
      all.length > 0 && cut ? 'Best finished episode' : all.length > 1 ? `Best of ${all.length} episodes` : 'Score';
    byId('ended-score').textContent = scoreWords(best(returns) ?? score, shared);
    byId('ended-episodes').textContent =
      all.length > 1 || (cut && all.length > 0)
        ? `Each one: ${list(all)}${cut ? `, and ${scoreWords(score, shared)} when it ended` : ''}`
        : '';
    this.server('');
    this.verdict({ identical: undefined, message: 'Replaying the record to verify it' });
    this.phase = 'ended';
    // Whoever is filling in a field is left alone.
    if (!document.activeElement?.matches('input, select, textarea')) byId('ended').focus({ preventScroll: true });
    this.say(`${words}. ${byId('ended-label').textContent}: ${byId('ended-score').textContent}.`);
  }

  /** What the replay of the record found; `identical` is undefined while it is at it, and null where it could not. */
  verdict({ identical, message }) {
    const line = byId('verdict');
    line.textContent = message.charAt(0).toUpperCase() + message.slice(1);
    line.dataset.identical = String(identical);
    if (identical !== undefined) this.say(line.textContent);
  }

  /** What the server says of a game with others. */
  server(text) {
    byId('server-verdict').textContent = text;
  }

  /** Score, episode, steps and seed, as text. */
  figures(texts) {
    texts.forEach((text, i) => {
      if (this.#shown[i] === text) return;
      this.#shown[i] = text;
      this.#figures[i].textContent = text;
      this.#figures[i].classList.toggle('long', text.length > 10);
    });
  }

  /** A word to the person, over the picture; clicked, it gives the keyboard to the game. */
  note(text) {
    const note = byId('note');
    note.hidden = text === '';
    if (note.textContent !== text) note.textContent = text;
  }

  /** Gives the keyboard to the game, away from buttons and fields. */
  focus() {
    this.#canvas.focus({ preventScroll: true });
  }

  say(text) {
    this.#announcer.textContent = text;
  }

  #fit(aspect = USUAL_ASPECT) {
    this.#screen.style.setProperty('--aspect', String(aspect));
  }
}

/** The best of the episodes' returns, by the sum over the agents. */
function best(returns) {
  const totals = returns.map((value) => (Array.isArray(value) ? value.reduce((sum, one) => sum + one, 0) : value));
  return returns[totals.indexOf(Math.max(...totals))];
}

function list(texts) {
  const most = 12;
  return texts.length > most ? `… ${texts.slice(-most).join(', ')}` : texts.join(', ');
}
