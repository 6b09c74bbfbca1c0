import { inCi } from '../lib/ci.mjs';
import { launchBrowser } from './chromium.mjs';
import { findChromium, findFirefox, findWebkit } from './find.mjs';
import { within } from './until.mjs';

/** How long a page may take over what is asked of it: a benchmark, or a guest that loads Python, takes its time. */
const answerMs = 240_000;

async function launchChromium(owner, options) {
  const browser = await launchBrowser(owner, options);
  return {
    browser,
    async open(url) {
      const page = await browser.openPage(url);
      return {
        page,
        faults: page.uncaught,
        evaluate: (body, argument) => page.evaluate(body, argument),
        keyDown: (key) => page.keyboard.down(key),
        keyUp: (key) => page.keyboard.up(key),
        close: () => page.context().close(),
      };
    },
  };
}

/**
 * The same browser, of which nothing is waited for without end. A driver may never answer: it counts a script's time by a timer of
 * the page, and that of a page which has been left stands still.
 */
export const limited = (name, launched, limitMs = answerMs) => ({
  ...launched,
  async open(url) {
    const page = await within(`${name} to open ${url}`, launched.open(url), limitMs);
    const calls = ['evaluate', 'keyDown', 'keyUp', 'close'].map((call) => [
      call,
      (...given) => within(`a page of ${name} to answer ${call}`, page[call](...given), limitMs),
    ]);
    return { ...page, ...Object.fromEntries(calls) };
  },
});

/**
 * The browsers that everything has to work in. Each is `{ name, missing, launch(owner) }`: `missing` says why it cannot be
 * had on this machine, `launch` starts it with a fresh profile and gives `{ open(url) }`, and that a page:
 * `{ evaluate(fn, arg), keyDown(key), keyUp(key), faults, close() }`. Chromium also gives `browser`, and its pages `page`.
 *
 * @typedef {object} EnginePage
 * @property {(body: Function | string, argument?: unknown) => Promise<any>} evaluate
 * @property {(key: string) => Promise<void>} keyDown
 * @property {(key: string) => Promise<void>} keyUp
 * @property {string[]} faults
 * @property {() => Promise<void>} close
 * @property {import('playwright-core').Page} [page]
 *
 * @typedef {{ open(url: string): Promise<EnginePage>, browser?: import('./chromium.mjs').TestBrowser, name?: string }} LaunchedEngine
 *
 * @type {{ name: string, missing: string | undefined, launch(owner: import('./owner.mjs').Owner, options?: object): Promise<LaunchedEngine> }[]}
 */
export const engines = [
  {
    name: 'Chromium',
    missing: findChromium() ? undefined : 'Chromium is not installed',
    launch: async (owner, options) => limited('Chromium', await launchChromium(owner, options)),
  },
  {
    name: 'Firefox',
    missing: findFirefox() ? undefined : 'Firefox is not installed',
    launch: async (owner, options) =>
      limited('Firefox', await (await import('./firefox.mjs')).launchFirefox(owner, options)),
  },
  {
    name: 'WebKit',
    missing: findWebkit() ? undefined : 'WebKitWebDriver, xvfb-run or xauth is not installed',
    launch: async (owner) => limited('WebKit', await (await import('./webkit.mjs')).launchWebkit(owner)),
  },
];

/** The reason for which a test that needs an engine is skipped; false if it can run. In CI no engine may be missing. */
export function skipWithout({ name, missing }) {
  if (missing && inCi()) throw new Error(`${missing}: in CI nothing is skipped, so ${name} has to be there`);
  return missing ?? false;
}

/** Starts one of them by its name, as people have it: as `launch`, with its `name`; undefined where it is not installed. */
export async function launchEngine(name, owner, options) {
  const engine = engines.find((engine) => engine.name === name);
  if (!engine || engine.missing) return undefined;
  return { name, ...(await engine.launch(owner, { whole: true, ...options })) };
}

/** Opens a page, does something with it and closes it whatever happens. */
export async function withPage(browser, url, body) {
  const page = await browser.open(url);
  try {
    return await body(page);
  } finally {
    await page.close();
  }
}
