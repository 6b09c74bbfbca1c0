import { which } from '../lib/run.mjs';

const first = (candidates) => candidates.map((candidate) => which(candidate)).find((path) => path !== undefined);

/** The Chromium or Chrome to test with: CHROME if it is set, else one that is installed; undefined if there is none. */
export function findChromium() {
  if (process.env.CHROME) return which(process.env.CHROME);
  return first([
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ]);
}

/**
 * Chromium's engine in a program without windows, tabs and menus: HEADLESS_SHELL if it is set, else one that is installed. Undefined if
 * there is none, and where CHROME names what is to be tested with.
 */
export function findHeadlessShell() {
  if (process.env.CHROME) return undefined;
  return first([process.env.HEADLESS_SHELL ?? 'chromium-headless-shell', 'chrome-headless-shell']);
}

/** The driver that speaks WebDriver to it: CHROMEDRIVER if it is set, else the one on PATH; undefined if there is none. */
export function findChromedriver() {
  return first([process.env.CHROMEDRIVER ?? 'chromedriver']);
}

/** The Firefox to test with: FIREFOX if it is set, else one that is installed; undefined if there is none. */
export function findFirefox() {
  if (process.env.FIREFOX) return which(process.env.FIREFOX);
  return first(['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']);
}

/**
 * WebKitGTK's driver, which starts the browser it comes with, and what gives it a screen: `{ driver, xvfbRun }`, or undefined
 * if one is missing. WEBKIT_DRIVER may name the driver.
 */
export function findWebkit() {
  const driver = first([process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver']);
  const xvfbRun = which('xvfb-run');
  return driver && xvfbRun && which('xauth') ? { driver, xvfbRun } : undefined;
}
