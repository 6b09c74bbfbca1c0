import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { findFirefox } from './find.mjs';
import { freshHome, guard } from './guard.mjs';
import { untilScript, within } from './until.mjs';

/** Starts Firefox with a fresh profile, with preferences of its own, and home, driven over WebDriver BiDi; `owner` closes it. */
export async function launchFirefox(owner, { prefs = {} } = {}) {
  const env = { ...(await freshHome(owner)), GUARDED: findFirefox() };
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: guard,
    headless: true,
    userDataDir: join(env.HOME, 'profile'),
    extraPrefsFirefox: prefs,
    env,
    // The guard ends it in any case; a handler would keep a test alive that was told to end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  owner.after(() => within('Firefox to end', browser.close()));
  return {
    async open(url) {
      const page = await browser.newPage();
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      await page.evaluateOnNewDocument(untilScript);
      await page.goto(url);
      return {
        faults,
        evaluate: (body, argument) => page.evaluate(body, argument),
        keyDown: (key) => page.keyboard.down(key),
        keyUp: (key) => page.keyboard.up(key),
        close: () => page.close(),
      };
    },
  };
}
