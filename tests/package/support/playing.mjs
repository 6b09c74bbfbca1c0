// A study, played: fifty steps of CartPole and a game of Overcooked with keys.
import assert from 'node:assert/strict';
import { eventually, within } from '../../../scripts/browser/until.mjs';

const slowMs = 60_000;

/**
 * Plays the study of a page that has it, in whatever browser, and holds it to what it is to come to. `hash` is that of CartPole's state.
 *
 * @param {{ evaluate(body: Function | string, argument?: unknown): Promise<any>, keyDown(key: string): Promise<void>, keyUp(key: string): Promise<void>, faults: string[] }} page
 * @param {{ hash: string }} expected
 * @param {RegExp} [verdict] what is to be said of the record
 */
export async function playStudy(page, { hash }, verdict = /^verified: 60 steps identical$/) {
  const ask = (what, body) => within(what, page.evaluate(body), slowMs);
  await eventually('the page to have the package', () => page.evaluate(() => Boolean(window.study)), {
    timeoutMs: slowMs,
  });
  assert.match(await ask('words for people', () => window.study.summary()), /pole/i);
  assert.equal(await ask('fifty steps', () => window.study.fiftySteps()), hash);
  await ask('a game to begin', () => window.study.begin());
  await eventually('the game to play', async () => (await page.evaluate(() => window.study.state())) === 'playing', {
    timeoutMs: slowMs,
  });
  await page.keyDown('ArrowLeft');
  await new Promise((done) => setTimeout(done, 250));
  await page.keyUp('ArrowLeft');
  const { acted, message, ...seen } = await ask('the game to end', () => window.study.end());
  assert.match(message, verdict);
  assert.deepEqual(seen, { steps: 60, painted: true, live: 0 });
  assert.ok(acted > 0, 'a key was played');
  assert.deepEqual(page.faults, []);
}

/** Whether the files are found that only pages load that play with others, or watch them: their first word, at a server that is not there. */
export async function seesMatches(page) {
  const heard = await within(
    'a match to be heard of',
    page.evaluate(() => window.study.match()),
    slowMs,
  );
  assert.equal(heard, 'connecting');
  const watched = await within(
    'a match to be watched',
    page.evaluate(() => window.study.watch()),
    slowMs,
  );
  assert.equal(watched, 'connecting');
}

/** A frame in a page of Chromium, as a page. */
export const frameAsPage = (page, frame) => ({
  evaluate: (body, argument) => frame.evaluate(body, argument),
  keyDown: (key) => page.keyboard.down(key),
  keyUp: (key) => page.keyboard.up(key),
  faults: page.uncaught,
});
