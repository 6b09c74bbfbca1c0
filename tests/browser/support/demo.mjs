/** Opens the demo page with these settings in its address and waits until its game plays. */
export async function openDemo(browser, site, settings) {
  const page = await browser.openPage(`${site.url}?${new URLSearchParams({ ...settings, autostart: 1 })}`);
  await page.evaluate(() => window.until('the game to play', () => window.game?.state === 'playing'));
  return page;
}

/** Strikes a key and waits until a tick of the demo's game has taken the stroke. */
export async function strike(page, key) {
  const struck = await page.evaluate(() => window.game.pipelineMetrics.lastInputTimestamps.keypressTimestamp);
  // One right behind the other, without a way to the page and back between them: a key that is held for two ticks is two actions.
  await Promise.all([page.keyboard.down(key), page.keyboard.up(key)]);
  await page.evaluate(
    ([key, before]) =>
      window.until(`a tick to take the stroke of ${key}`, () => {
        const { keypressTimestamp } = window.game.pipelineMetrics.lastInputTimestamps;
        return window.game.state !== 'playing' || !(keypressTimestamp === before || Number.isNaN(keypressTimestamp));
      }),
    [key, struck],
  );
}

/** Waits until the demo's game, which has to go on by itself, is `count` steps further than now, or over. */
export async function stepsPass(page, count) {
  await page.evaluate((count) => {
    const frame = window.game.frameNumber + count;
    const passed = () => window.game.frameNumber >= frame || window.game.state !== 'playing';
    return window.until(() => `step ${frame}; the game is at ${window.game.frameNumber}`, passed, 60_000);
  }, count);
}

/** Waits until the demo has handed its record over and shown what the replay of it found; gives what it says. */
export async function verdict(page) {
  await page.evaluate(() => {
    const shown = () => !['', 'undefined', undefined].includes(document.getElementById('verdict').dataset.identical);
    return window.until('the verdict of the replay', shown, 40_000);
  });
  // biome-ignore lint/performance/useDomNodeTextContent: Playwright's, not the DOM's.
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

/** What was played, without when: two games that were played alike have the same. */
export const playedOf = (lines) => stepsOf(lines).map(({ time: _, key_time: __, ...played }) => played);
