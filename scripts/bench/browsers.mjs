import { launchBrowser } from '../../tests/browser/support/browser.mjs';
import { engines } from '../../tests/browser/support/engines.mjs';

/** Chromium, each page of which has a profile of its own: `{ name, browser, open(url) }`, and a page `{ page, evaluate, close }`. */
export async function openChromium(owner, options) {
  const browser = await launchBrowser(owner, options);
  return {
    name: 'Chromium',
    browser,
    async open(url) {
      const page = await browser.openPage(url);
      return {
        page,
        evaluate: (body, argument) => page.evaluate(body, argument),
        close: () => page.context().close(),
      };
    },
  };
}

/** Another browser of those that the tests know, or undefined where it is not installed. */
export async function openOther(name, owner) {
  const engine = engines.find((engine) => engine.name === name);
  if (!engine || engine.missing) return undefined;
  const browser = await engine.launch(owner);
  return {
    name,
    async open(url) {
      const page = await browser.open(url);
      // A page that has ended its Workers and timers costs nothing; the browser is closed with all of them.
      return { evaluate: (body, argument) => page.evaluate(body, argument), close: async () => page.close?.() };
    },
  };
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
