import { eventually } from './browser.mjs';
import { openWatchedPage } from './pages.mjs';

/** Opens the demo page with these settings in its address and waits until its game plays. */
export async function openDemo(browser, site, settings) {
  const page = await openWatchedPage(browser);
  await page.goto(`${site.url}?${new URLSearchParams({ ...settings, autostart: 1 })}`);
  await eventually('the game to play', () => page.evaluate(() => window.game?.state === 'playing'), {
    timeoutMs: 20_000,
  });
  return page;
}

/** Strikes a key and waits until a tick of the demo's game has taken the stroke. */
export async function strike(page, key) {
  const struck = await page.evaluate(() => window.game.pipelineMetrics.lastInputTimestamps.keypressTimestamp);
  await page.keyboard.down(key);
  await page.keyboard.up(key);
  const taken = (before) => {
    const { keypressTimestamp } = window.game.pipelineMetrics.lastInputTimestamps;
    return window.game.state !== 'playing' || !(keypressTimestamp === before || Number.isNaN(keypressTimestamp));
  };
  await page.waitForFunction(taken, struck, { polling: 20, timeout: 20_000 });
}

/** Waits until the demo's game has made so many more steps, or is over. */
export async function stepsPass(page, count) {
  const until = (await page.evaluate(() => window.game.frameNumber)) + count;
  const passed = (frame) => window.game.frameNumber >= frame || window.game.state !== 'playing';
  await page.waitForFunction(passed, until, { polling: 20, timeout: 60_000 });
}

/** Waits until the demo has handed its record over and shown what the replay of it found; gives what it says. */
export async function verdict(page) {
  const shown = () => document.getElementById('verdict').dataset.identical;
  await page.waitForFunction(`!['', 'undefined', undefined].includes((${shown})())`, null, { timeout: 40_000 });
  return page.locator('#verdict').innerText();
}

/** A record's lines, one object each. */
export const linesOf = (text) =>
  text
    .trim()
    .split(/\n/)
    .map((line) => JSON.parse(line));

/** Those of the record that the page has handed over. */
export const recordLines = async (page) => linesOf(await page.evaluate(() => window.record.text()));

/** The record's steps alone. */
export const stepsOf = (lines) => lines.filter((line) => line.type === 'step');
