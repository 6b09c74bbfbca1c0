import { findChromedriver, findChromium } from '../browser/find.mjs';
import { ask } from '../lib/run.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { MissingError } from './step.mjs';

/** Chromium and the driver that wasm-pack speaks to; the value is their paths. */
export const chromium = {
  name: 'chromium',
  installing: 'Chromium and its driver, for the browser tests',
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
    await aptInstall('chromium', ['chromium', 'chromium-driver'], 'the tests play in Chromium', update);
  },
};
