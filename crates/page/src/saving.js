// Whether a record is kept in the browser and sent on, as a game is asked to and says of itself. What does it, `page/save.js`, is loaded
// when the first picture is through.
import { PalaestraError } from './page.js';
import { part } from './module-parts.js';
import { optionProblem } from './options.js';

const WAYS = ['url', 'callback', 'server'];
const KNOWN = [...WAYS, 'patience', 'onChange'];
/** When it is tried again, in milliseconds, the last one for as long as the session goes on. */
const AGAIN_MS = [1000, 4000, 15_000];

const wrong = (expected, found) => new PalaestraError('bad_argument', `save: expected ${expected}, found ${found}`);

/** The option, looked at. */
function read(save) {
  if (save === undefined || save === null || typeof save === 'boolean') return save ?? true;
  if (typeof save !== 'object') throw wrong('{ url }, { callback }, { server }, true or false', save);
  const problem = optionProblem('save', save, KNOWN);
  if (problem) throw new PalaestraError('bad_argument', problem);
  const ways = WAYS.filter((name) => save[name] !== undefined && save[name] !== null);
  if (ways.length > 1) throw wrong('one of url, callback, server', ways.join(' and '));
  for (const name of ['callback', 'onChange']) {
    if (save[name] !== undefined && typeof save[name] !== 'function') throw wrong(`a function as ${name}`, save[name]);
  }
  if (save.patience !== undefined && !(save.patience > 0))
    throw wrong('milliseconds above 0 as patience', save.patience);
  for (const name of ['url', 'server']) {
    const given = save[name];
    if (given === undefined || given === null || (name === 'server' && given === true)) continue;
    // An empty one would be the page's own address: a variable that nobody has set.
    if (given === '' || !URL.canParse(given, location.href)) throw wrong(`an address as ${name}`, given);
  }
  return { ...save };
}

export class Saving {
  #save;
  #context;
  #view;
  #keeper;
  #begun = false;
  #over = false;
  #nothing = false;
  /** How many steps somebody has. */
  #taken = -1;
  #header;
  #settle;
  #told = new Set();

  /** @param {unknown} save as a page gave it @param {any} context what `page/save.js` needs of this script */
  constructor(save, context) {
    this.#save = read(save);
    this.#context = context;
    const sends = typeof this.#save === 'object' && WAYS.some((name) => this.#save[name]);
    const kept = { state: this.#save === false ? 'off' : 'starting', steps: 0, error: null };
    const sent = sends ? { state: 'starting', steps: 0, error: null } : null;
    this.#view = Object.freeze({ kept, sent, dropped: [] });
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (this.#save === false) this.#settle(this.#view);
  }

  get view() {
    return this.#view;
  }

  /** The session has begun to play. */
  async begin(handle, about) {
    this.#begun = true;
    if (this.#save === false) return;
    for (let tries = 0; !this.#keeper; tries += 1) {
      try {
        const { keep } = await part('save');
        // Nothing was played, or somebody has all of it already.
        if (this.#nothing || (this.#over && this.#taken === Infinity && !this.#view.sent)) return this.#end();
        // Where the page's module has failed it throws.
        this.#keeper = keep(handle, this.#save, about, (what) => this.#tell(what), this.#context);
      } catch (error) {
        const wait = AGAIN_MS[tries] ?? (this.#over ? 0 : AGAIN_MS[2]);
        const failed = (code, state = 'failed') => ({ state, error: new PalaestraError(code, error.message) });
        this.#tell({
          kept: failed('not_kept'),
          sent: this.#view.sent && failed('not_sent', wait ? 'waiting' : 'failed'),
        });
        if (!wait) return;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    if (this.#over) await this.#finish();
  }

  /** The session is over; `header` is that of the record that is handed over, as text. Without one there is nothing to keep. */
  over(header) {
    this.#over = true;
    this.#header = header;
    if (this.#keeper) this.#finish();
  }

  /** Nothing was played. What was begun for it comes to its end all the same: it would be kept, and sent, for as long as the page lives. */
  nothing(header) {
    if (this.#keeper) return this.over(header);
    this.#nothing = this.#over = true;
    this.#end();
  }

  /** An environment is over, which may be before its first reset. */
  closed() {
    if (this.#begun) this.over();
    else this.nothing();
  }

  async #finish() {
    await this.#keeper.finish(this.#header);
    this.#letGo();
    this.#endIfOver();
  }

  /** Somebody has so many steps of the record, or all of it. */
  taken(steps = Infinity) {
    this.#taken = Math.max(this.#taken, steps);
    this.#letGo();
  }

  #letGo() {
    if (this.#over && this.#keeper && this.#taken >= this.#keeper.kept) this.#keeper.taken();
  }

  /** @param {{ kept?: any, sent?: any, dropped?: any[] }} what */
  #tell({ kept, sent, dropped }) {
    const { error } = kept ?? sent ?? {};
    const view = { ...this.#view };
    if (kept) view.kept = Object.freeze({ ...view.kept, error: null, ...kept });
    if (sent) view.sent = Object.freeze({ ...view.sent, error: null, ...sent });
    if (dropped) view.dropped = [...view.dropped, ...dropped];
    this.#view = Object.freeze(view);
    // Once, whatever becomes of it.
    const what = kept ? 'kept' : 'sent';
    if (error && !this.#told.has(what)) {
      this.#told.add(what);
      console.warn(error);
    }
    try {
      if (typeof this.#save === 'object') this.#save.onChange?.(this.#view);
    } catch (failure) {
      reportError(failure);
    }
    this.#endIfOver();
  }

  #endIfOver() {
    const { kept, sent } = this.#view;
    // What was sent is deleted then: it is over when that is.
    const over = ['taken', 'failed'].includes(kept.state) || (kept.state === 'kept' && sent?.state !== 'saved');
    if (this.#over && over && (!sent || ['saved', 'failed'].includes(sent.state))) this.#end();
  }

  #end() {
    this.#settle(this.#view);
  }
}
