// Tabs that are killed in mid-game, and what is left of their records.
import assert from 'node:assert/strict';
import { eventually, within } from '../../../scripts/browser/until.mjs';
import { verify } from './native.mjs';

/** The most that may be missing after a tab was killed, in milliseconds. */
export const mostMissingMs = 200;

/** On the page: starts a game as `window.game`, which says on the console when it has heard of each step. */
export const startTold = async (options = {}) => {
  await window.loading;
  const canvas = document.getElementById('canvas');
  const onStep = ({ frameNumber }) => console.debug(`step ${frameNumber} ${Date.now()}`);
  window.game = window.palaestra.play({ env: 'MountainCar-v0', seed: 1, fps: 60, onStep, ...options, canvas });
  await window.until('the record to be kept', () => window.game.saving.kept.steps > 0, 30_000);
};

/** On the page: what `recover()` gives, each with its record, and deletes it. */
export const takeLeft = async () => {
  await window.loading;
  const left = await window.palaestra.recover();
  const taken = [];
  for (const one of left) {
    const { identical, message } = await one.verification();
    const { id, envId, participant, steps, unfinished } = one;
    taken.push({
      id,
      envId,
      participant,
      steps,
      unfinished,
      identical,
      message,
      name: one.filename(),
      text: await one.text(),
      age: Date.now() - one.time,
    });
    await one.delete();
  }
  return taken;
};

/**
 * Kills a tab of the site after so many milliseconds of play, opens another one in the same profile, and gives what is left, which lacks
 * `mostMissingMs` at most.
 *
 * @param {any} browser
 * @param {{ url: string }} site
 * @param {number} ms
 * @param {object} [options] of the game
 */
export async function killAndRecover(browser, site, ms, options) {
  const page = await browser.openPage(`${site.url}bare.html`);
  const context = page.context();
  const heard = [];
  page.on('console', (message) => {
    const [, frame, at] = /^step (\d+) (\d+)$/.exec(message.text()) ?? [];
    if (frame) heard.push({ frame: Number(frame), at: Number(at) });
  });
  await page.evaluate(startTold, options);
  await new Promise((later) => setTimeout(later, ms));
  const crashed = new Promise((done) => page.once('crash', done));
  // To find the process takes a while, in which the game goes on.
  const tab = await browser.rendererProcess(page);
  const killed = Date.now();
  process.kill(tab, 'SIGKILL');
  await within('the tab to be gone', crashed);
  const next = await context.newPage();
  await next.goto(`${site.url}bare.html`);
  // The browser lets go of a dead tab's lock in its own time.
  await eventually('the record of the tab that was killed', () =>
    next.evaluate(async () => {
      await window.loading;
      return (await window.palaestra.recover()).length > 0;
    }),
  );
  const left = await next.evaluate(takeLeft);
  const again = await next.evaluate(async () => (await window.palaestra.recover()).length);
  await context.close();
  assert.equal(left.length, 1);
  assert.equal(again, 0);
  const [record] = left;
  // What is certain to have been played: others may have been, of which nobody was told.
  const played = heard.filter(({ at }) => at <= killed - mostMissingMs).at(-1)?.frame ?? 0;
  assert.ok(
    record.steps >= played,
    `killed after ${ms} ms: ${record.steps} steps are left of ${played} that were played ${mostMissingMs} ms before`,
  );
  assert.ok(record.steps > 0);
  assert.equal(record.identical, true, record.message);
  assert.match(record.message, /unfinished/);
  assert.equal(record.unfinished, true);
  const said = await verify(record.text);
  assert.match(said, new RegExp(`: ${record.steps} steps? in \\d+ episodes?, identical; unfinished: `));
  const missing = heard.filter(({ frame }) => frame > record.steps);
  return { ...record, missingMs: missing.length > 0 ? killed - missing[0].at : 0 };
}
