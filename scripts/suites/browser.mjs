import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildCommand } from '../build/command.mjs';
import { buildServer } from '../build/server.mjs';
import { root } from '../lib/paths.mjs';
import { setUpForBrowser, setUpHeadlessShell, setUpOtherBrowsers, setUpTurnServer } from '../setup/index.mjs';
import { nothing, runNodeTests, testsIn } from './node-tests.mjs';

/**
 * A suite of the tests in real browsers that stand in a folder.
 *
 * @param {string} name
 * @param {string} folder
 * @param {{ about: string, concurrency: number, first?: string[], onRequest?: boolean, setUp?: () => Promise<unknown> }} more how many files run at a
 *   time; which begin first; whether only those who name it run it; what it needs beside browsers and the site
 */
const browserTests = (name, folder, { concurrency, first = [], setUp, ...more }) => ({
  name,
  filterable: true,
  ...more,
  async run({ filter, site }) {
    allThere(folder, first);
    const wanted = await testsIn(folder, filter);
    if (wanted.length === 0) return nothing();
    await setUpForBrowser();
    await setUpHeadlessShell();
    await setUpOtherBrowsers();
    await setUp?.();
    await site(false);
    await site(true);
    await buildCommand();
    // Here, where it has the time it takes: a file of tests has ten minutes for all it does.
    await buildServer();
    return runNodeTests(beginWith(first, wanted), name, { concurrency });
  },
});

/** Whoever renames a file that is to begin first hears of it here: else it would begin last, and nobody would know why all takes longer. */
function allThere(folder, first) {
  const missing = first.find((name) => !existsSync(join(folder, `${name}.test.mjs`)));
  if (missing)
    throw new Error(`browserTests: expected tests in ${folder}/${missing}.test.mjs, which begin first, found none`);
}

/** The same files, those that are named before the others. */
function beginWith(first, files) {
  const named = first.map((name) => `${name}.test.mjs`);
  const rank = (file) => (named.includes(basename(file)) ? named.indexOf(basename(file)) : named.length);
  return files.toSorted((one, other) => rank(one) - rank(other));
}

export const browserSuite = browserTests('browser', join(root, 'tests/browser'), {
  about: 'the site in Chromium, Firefox and WebKit: tests/browser',
  // A good part of their time they wait, for a game's ticks or for what is late on purpose. Four at a time are no faster on two cores.
  concurrency: 3,
  // Those that take minutes. One that began last would run alone; and those that compute run beside others that wait.
  first: [
    'fidelity-firefox',
    'together-direct',
    'fault-matrix',
    'watching',
    'together',
    'fidelity-chromium',
    'packing',
  ],
});

/** Matches of many people under stress. It takes too long for every change: `npm test -- stress`, and CI, run it. */
export const stressSuite = browserTests('stress', join(root, 'tests/stress'), {
  about: 'matches under stress, in real browsers: tests/stress',
  onRequest: true,
  setUp: setUpTurnServer,
  // Each has up to twelve browsers of its own.
  concurrency: 1,
});

/** Tabs that are killed in mid-game, many times: `npm test -- kept`. The ordinary tests kill three. */
export const keptSuite = browserTests('kept', join(root, 'tests/kept'), {
  about: 'what is left of tabs that are killed, fifty times: tests/kept',
  onRequest: true,
  concurrency: 1,
});
