import { findFirefox } from '../browser/find.mjs';
import { ask } from '../lib/run.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { MissingError } from './step.mjs';

/** Firefox, which needs no driver: it speaks WebDriver BiDi itself. */
export const firefox = {
  name: 'firefox',
  installing: 'Firefox, for the tests of other browsers',
  async check() {
    const path = findFirefox();
    const version = path && (await ask([path, '--version']));
    return version && { note: `${path}, ${version}` };
  },
  async install(update) {
    if (!hasApt()) throw new MissingError('firefox', 'install Firefox, or name it in FIREFOX');
    await aptInstall('firefox', ['firefox-esr'], 'the tests play in Firefox', update);
  },
};
