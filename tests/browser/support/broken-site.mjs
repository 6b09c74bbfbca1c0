import { openTestSite } from './pages.mjs';
import { built } from './server-faults.mjs';

/** An environment whose game loads everything that a game can: a picture among it. */
const env = 'overcooked_ai/cramped_room';
/** Longer than anything takes that does not stall, in milliseconds. */
const longMs = 60_000;

/** Limits without an option of the API, which a page of these tests can shorten: in the site's script, from what to what. */
const limits = [
  ['most = LOAD_MOST', 'most = globalThis.loadMs ?? LOAD_MOST'],
  ['quiet >= patienceMs', 'quiet >= (globalThis.packMs ?? patienceMs)'],
];

/** The site's script with those limits. */
async function scriptWithLimits() {
  let text = (await built('/palaestra.js')).toString();
  for (const [from, to] of limits) {
    if (!text.includes(from)) throw new Error(`palaestra.js has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** A page of a site of its own, one of whose files is answered as it is told. */
export class BrokenSite {
  #site;
  #page;
  #fault;
  #hits = 0;

  /**
   * @param {import('../../../scripts/browser/owner.mjs').Owner} owner
   * @param {import('../../../scripts/browser/chromium.mjs').TestBrowser} browser
   * @param {string} [path] of the file
   */
  static async open(owner, browser, path) {
    const opened = new BrokenSite();
    const script = await scriptWithLimits();
    opened.#site = await openTestSite(owner, {
      faults: true,
      intercept: (asked) => {
        if (opened.#fault && asked === path) {
          opened.#hits += 1;
          return opened.#fault.answer(path);
        }
        return asked === '/palaestra.js' ? { body: script } : undefined;
      },
    });
    opened.#page = await browser.openPage();
    return opened;
  }

  /** What was asked of it so far, without what only the tests ask for. */
  get files() {
    const own = ['/blank.html', '/favicon.ico'];
    return [...new Set(this.#site.requests.map(({ path }) => path))].filter((path) => !own.includes(path));
  }

  get uncaught() {
    return this.#page.uncaught;
  }

  /**
   * Loads the page anew and imports the module; gives 'loaded', or how that failed: an error's code or name, or 'pends' where
   * nothing has happened for `pendsMs`. `loadMs` limits what may take how long.
   *
   * @param {{ fault?: import('./server-faults.mjs').ServerFault, loadMs?: number, pendsMs?: number }} [how]
   */
  async load({ fault, loadMs, pendsMs = longMs } = {}) {
    return this.#during(fault, async () => {
      await this.#page.goto(`${this.#site.url}blank.html`);
      return this.#page.evaluate(
        async ({ loadMs, pendsMs }) => {
          globalThis.loadMs = loadMs;
          const loading = import(`${location.origin}/palaestra.js`).then(
            (module) => {
              globalThis.palaestra = module;
              return 'loaded';
            },
            (error) => error.code ?? error.name,
          );
          return Promise.race([loading, new Promise((late) => setTimeout(() => late('pends'), pendsMs))]);
        },
        { loadMs, pendsMs },
      );
    });
  }

  /**
   * Plays a game of some steps and packs its record. Gives 'verified' where all went well, 'unverified' for a packed record,
   * 'plain' for one that the page made text of, or the code of the error that the game ended with. `loadMs` and `packMs` limit what
   * may take how long.
   *
   * @param {{ fault?: import('./server-faults.mjs').ServerFault, loadMs?: number, packMs?: number }} [how]
   */
  async play({ fault, loadMs = longMs, packMs } = {}) {
    return this.#during(fault, () =>
      this.#page.evaluate(
        async ({ env, longMs, loadMs, packMs }) => {
          globalThis.packMs = packMs;
          const canvas =
            document.querySelector('canvas') ?? document.body.appendChild(document.createElement('canvas'));
          const { play, PalaestraError } = globalThis.palaestra;
          const seats = { agent_0: 'random', agent_1: 'random' };
          const game = play({ env, canvas, seats, seed: 1, fps: 240, maxSteps: 3, loadTimeout: loadMs });
          try {
            const record = await window.within('the game to end', game.finished, 2 * longMs);
            const { gzip, identical } = await window.within('the record to be packed', record.pack(), longMs);
            if (record.steps !== 3) return `${record.steps} steps`;
            return identical ? 'verified' : gzip ? 'unverified' : 'plain';
          } catch (error) {
            return error instanceof PalaestraError ? error.code : `${error.name}: ${error.message}`;
          }
        },
        { env, longMs, loadMs, packMs },
      ),
    );
  }

  /** Whether the fault was met at all. */
  get met() {
    return this.#hits > 0;
  }

  async close() {
    await this.#page.context().close();
  }

  async #during(fault, body) {
    this.#fault = fault;
    this.#hits = 0;
    try {
      return await body();
    } finally {
      this.#fault = undefined;
    }
  }
}
