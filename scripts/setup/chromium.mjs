import { findChromedriver, findChromium, findHeadlessShell } from '../browser/find.mjs';
import { ask } from '../lib/run.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { MissingError } from './step.mjs';

/** Chromium, which tests and programs play in. */
export const chromium = {
  name: 'chromium',
  installing: 'Chromium, to play in',
  async check() {
    const chrome = findChromium();
    return chrome && { note: chrome };
  },
  async install(update) {
    if (!hasApt()) throw new MissingError('chromium', 'install Chrome or Chromium, or name it in CHROME');
    await aptInstall('chromium', ['chromium'], 'it is what is played in', update);
  },
};

/** Chromium and the driver that wasm-pack speaks to; the value is their paths. */
export const chromiumWithDriver = {
  name: 'chromium',
  installing: 'Chromium and its driver, for wasm-pack',
  async check() {
    const [chrome, chromedriver] = [findChromium(), findChromedriver()];
    if (!chrome || !chromedriver) return undefined;
    const version = await ask([chromedriver, '--version']);
    return { note: `${chrome}, ${version?.split(' ').slice(0, 2).join(' ')}`, value: { chrome, chromedriver } };
  },
  async install(update) {
    if (!hasApt()) {
      throw new MissingError(
        'chromium',
        'install Chrome or Chromium and the chromedriver of the same version, or name them in CHROME and CHROMEDRIVER',
      );
    }
    await aptInstall('chromium', ['chromium', 'chromium-driver'], 'wasm-pack tests in Chromium', update);
  },
};

const packages = ['chromium-headless-shell'];

/** Chromium without its windows; the tests that can do without them take a fifth less time. Where CHROME is set it is not looked for. */
export const headlessShell = {
  name: 'headless shell',
  installing: 'Chromium without windows, in which most of the tests play',
  without: 'all tests play in Chromium as it is, which takes longer',
  async check() {
    if (process.env.CHROME) return { note: 'not used: CHROME says what the tests play in' };
    const path = findHeadlessShell();
    return path && { note: path };
  },
  async install(update) {
    // Debian has it, and Ubuntu has not: nobody is asked about what cannot be had.
    if (!hasApt() || !(await ask(['apt-cache', 'show', ...packages])))
      throw new MissingError('headless shell', 'install chrome-headless-shell, or name it in HEADLESS_SHELL');
    await aptInstall('headless shell', packages, 'most of the tests play in it', update);
  },
};
