import { inCi } from '../lib/ci.mjs';
import { launchBrowser } from './chromium.mjs';
import { findChromium, findFirefox, findWebkit } from './find.mjs';
import { within } from './until.mjs';

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
  { name: 'Chromium', missing: findChromium() ? undefined : 'Chromium is not installed', launch: launchChromium },
  {
    name: 'Firefox',
    missing: findFirefox() ? undefined : 'Firefox is not installed',
    launch: async (owner, options) => (await import('./firefox.mjs')).launchFirefox(owner, options),
  },
  {
    name: 'WebKit',
    missing: findWebkit() ? undefined : 'WebKitWebDriver, xvfb-run or xauth is not installed',
    launch: async (owner) => (await import('./webkit.mjs')).launchWebkit(owner),
  },
];

/** The reason for which a test that needs an engine is skipped; false if it can run. In CI no engine may be missing. */
export function skipWithout({ name, missing }) {
  if (missing && inCi()) throw new Error(`${missing}: in CI nothing is skipped, so ${name} has to be there`);
  return missing ?? false;
}

/** Starts one of them by its name: as `launch`, with its `name`; undefined where it is not installed. */
export async function launchEngine(name, owner, options) {
  const engine = engines.find((engine) => engine.name === name);
  if (!engine || engine.missing) return undefined;
  return { name, ...(await engine.launch(owner, options)) };
}

/** How long a page may take over one question of a benchmark. */
const answerMs = 180_000;

/** Opens a page, does something with it and closes it whatever happens. */
export async function withPage(browser, url, body) {
  const page = await browser.open(url);
  const evaluate = (question, argument) =>
    within(
      `a page of ${browser.name} to answer ${question.name || 'a question'}`,
      page.evaluate(question, argument),
      answerMs,
    );
  try {
    return await body({ ...page, evaluate });
  } finally {
    await page.close();
  }
}
