import { findWebkit } from '../browser/find.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { MissingError } from './step.mjs';

/** WebKitGTK: its driver brings a small browser with it; it has no headless mode, so it gets a screen that nobody sees. */
export const webkit = {
  name: 'webkit',
  installing: 'WebKit, its driver and a virtual screen, for the tests of other browsers',
  async check() {
    const found = findWebkit();
    return found && { note: `${found.driver}, under ${found.xvfbRun}` };
  },
  async install(update) {
    if (!hasApt()) {
      throw new MissingError(
        'webkit',
        'WebKit is tested with the packages webkit2gtk-driver and xvfb of Debian, on Linux',
      );
    }
    await aptInstall(
      'webkit',
      ['webkit2gtk-driver', 'xvfb', 'xauth'],
      'the tests play in WebKit, which needs a screen',
      update,
    );
  },
};
