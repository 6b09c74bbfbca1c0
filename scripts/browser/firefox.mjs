import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { findFirefox } from './find.mjs';
import { freshHome, guard } from './guard.mjs';
import { untilScript, within } from './until.mjs';

/**
 * On some virtual machines every floating-point instruction of AVX takes some 300 ns, of SSE one; Firefox's compilers choose AVX wherever
 * there is any. What they compute is the same.
 */
const WITHOUT_AVX = { 'javascript.options.wasm_simd_avx': false };

/** Starts Firefox with a fresh profile, with preferences of its own, and home, driven over WebDriver BiDi; `owner` closes it. */
export async function launchFirefox(owner, { prefs = {} } = {}) {
  const env = { ...(await freshHome(owner)), GUARDED: findFirefox() };
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: guard,
    headless: true,
    userDataDir: join(env.HOME, 'profile'),
    extraPrefsFirefox: { ...WITHOUT_AVX, ...prefs },
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
