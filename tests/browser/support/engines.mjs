import { findChromium } from '../../../scripts/lib/find-chromium.mjs';
import { findFirefox, findWebkit } from '../../../scripts/lib/find-engines.mjs';
import { launchBrowser } from './browser.mjs';

async function launchChromium(owner) {
  const browser = await launchBrowser(owner);
  return {
    async open(url) {
      const page = await browser.openPage(url);
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      return {
        faults,
        evaluate: (body, argument) => page.evaluate(body, argument),
        keyDown: (key) => page.keyboard.down(key),
        keyUp: (key) => page.keyboard.up(key),
      };
    },
  };
}

/**
 * The browsers that records have to be the same in. Each is `{ name, missing, launch(owner) }`: `missing` says why it cannot
 * be tested on this machine, `launch` gives `{ open(url) }`, and that a page: `{ evaluate(fn, arg), keyDown, keyUp, faults }`.
 */
export const engines = [
  { name: 'Chromium', missing: findChromium() ? undefined : 'Chromium is not installed', launch: launchChromium },
  {
    name: 'Firefox',
    missing: findFirefox() ? undefined : 'Firefox is not installed',
    launch: async (owner) => (await import('./firefox.mjs')).launchFirefox(owner),
  },
  {
    name: 'WebKit',
    missing: findWebkit() ? undefined : 'WebKitWebDriver, xvfb-run or xauth is not installed',
    launch: async (owner) => (await import('./webkit.mjs')).launchWebkit(owner),
  },
];
