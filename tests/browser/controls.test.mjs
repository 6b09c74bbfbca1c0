// The bar below a game's picture: keys of one's own, a pause that ends with numbers, full screen, and what is said to those who do not see.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { resultsDir, root } from '../../scripts/lib/paths.mjs';
import { openTestSite } from './support/pages.mjs';

const car = { env: 'MountainCar-v0', seed: 1, fps: 30, controls: { countdown: 1 } };

describe('the bar below the picture', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
    mkdirSync(resultsDir, { recursive: true });
  });

  /** @param {any} [options] those of `play` */
  async function open(options = car, device = {}) {
    const page = await browser.openPage(`${site.url}phone.html`, device);
    await begin(page, options);
    return page;
  }

  /** @param {any} [options] those of `play` */
  async function begin(page, options = car) {
    await page.evaluate(() => window.until('the page to be there', () => window.ready));
    await page.evaluate((options) => window.start(options), options);
    await page.evaluate(() => window.until('some steps', () => window.rows.length > 3));
    await page.evaluate(() => window.until('the bar', () => document.querySelector('.palaestra-controls')));
  }

  const button = (page, name) => page.getByRole('button', { name, exact: true });
  const played = (page, action) =>
    page.evaluate(
      (action) => window.until(`action ${action} to be played`, () => window.rows.at(-1)?.action === action),
      action,
    );
  const standing = (page) => page.evaluate(() => window.until('the game to stand still', () => window.game.paused));
  const going = (page) => page.evaluate(() => window.until('the game to go on', () => !window.game.paused));
  const holding = async (page, key, action) => {
    await page.keyboard.down(key);
    await played(page, action);
    await page.keyboard.up(key);
    await played(page, 1);
  };

  test('a key is changed by keys alone, plays in place of the old one, and is remembered', async () => {
    const page = await open();
    await holding(page, 'ArrowLeft', 0);
    await button(page, 'Keys…').focus();
    await page.keyboard.press('Enter');
    await standing(page);
    const left = page.locator('.palaestra-keys [data-code=ArrowLeft]');
    await left.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('q');
    assert.equal(
      await page
        .locator('.palaestra-keys tr', { has: page.locator('[data-code=ArrowLeft]') })
        .locator('kbd')
        .textContent(),
      'Q',
    );
    await page.screenshot({ path: join(resultsDir, 'keys-dialog.png') });
    await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
    await page.keyboard.press('Escape');
    await going(page);
    await holding(page, 'q', 0);
    // The old one does nothing any more, and is not scrolled with either.
    const rows = await page.evaluate(() => window.rows.length);
    await page.keyboard.down('ArrowLeft');
    await page.evaluate((rows) => window.until('ten steps', () => window.rows.length > rows + 10), rows);
    await page.keyboard.up('ArrowLeft');
    assert.deepEqual(
      await page.evaluate((rows) => [...new Set(window.rows.slice(rows).map(({ action }) => action))], rows),
      [1],
    );
    await page.reload();
    await begin(page);
    await holding(page, 'q', 0);
    await holding(page, 'ArrowRight', 2);
    await button(page, 'Keys…').click();
    await button(page, 'As they were').click();
    await button(page, 'Done').click();
    await going(page);
    await holding(page, 'ArrowLeft', 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('of two keys that were exchanged, one stays held when the other is let go of', async () => {
    const page = await open();
    await button(page, 'Keys…').click();
    await page.locator('.palaestra-keys [data-code=ArrowLeft]').click();
    await page.keyboard.press('ArrowRight');
    await button(page, 'Done').click();
    await going(page);
    await page.keyboard.down('ArrowRight');
    await played(page, 0);
    await page.keyboard.press('ArrowLeft');
    const rows = await page.evaluate(() => window.rows.length);
    await page.evaluate((rows) => window.until('ten steps', () => window.rows.length > rows + 10), rows);
    assert.equal(await page.evaluate(() => window.rows.at(-1).action), 0);
    await page.keyboard.up('ArrowRight');
    await played(page, 1);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a key of another person at the same keyboard is not taken from them', async () => {
    const seats = { agent_0: 'human', agent_1: 'human' };
    const page = await open({ env: 'overcooked_ai/cramped_room', seed: 1, seats, controls: { countdown: 0 } });
    await button(page, 'Keys…').click();
    await page.locator('.palaestra-keys [data-code=ArrowLeft]').click();
    await page.keyboard.press('w');
    assert.equal(await page.locator('.palaestra-keys [role=status]').textContent(), 'W cannot be used.');
    await page.keyboard.press('Escape');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a pause ends with numbers, in which nothing is played; so does a hidden tab', async () => {
    const page = await open();
    const countdown = page.locator('.palaestra-countdown');
    await button(page, 'Pause').click();
    await standing(page);
    await button(page, 'Go on').click();
    assert.equal(await countdown.textContent(), '1');
    const before = await page.evaluate(() => window.rows.length);
    assert.ok(await page.evaluate(() => window.game.paused));
    assert.equal(await page.evaluate(() => window.rows.length), before);
    await going(page);
    assert.equal(await countdown.count(), 0);
    await page.evaluate((before) => window.until('more steps', () => window.rows.length > before), before);
    // What a browser does when its tab is hidden, and shown again.
    await page.evaluate(() => {
      window.hide = (hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      window.hide(true);
    });
    await standing(page);
    await page.evaluate(() => window.hide(false));
    await countdown.waitFor({ timeout: 5000 });
    await going(page);
    // Whoever had paused by themselves is not hurried.
    await button(page, 'Pause').click();
    for (const hidden of [true, false]) await page.evaluate((hidden) => window.hide(hidden), hidden);
    assert.equal(await countdown.count(), 0);
    assert.ok(await page.evaluate(() => window.game.paused));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('the numbers lie over the picture wherever the page has it, and however far it is scrolled', async () => {
    const page = await open({ ...car, controls: { countdown: 9 } }, { viewport: { width: 1400, height: 700 } });
    const places = [
      { maxWidth: '40rem', margin: '2rem auto', paddingBottom: '2000px' },
      { position: 'relative', border: '30px solid' },
    ];
    for (const style of places) {
      await page.evaluate((style) => {
        Object.assign(document.body.style, style);
        scrollTo(0, 40);
      }, style);
      await button(page, 'Pause').click();
      await standing(page);
      await button(page, 'Go on').click();
      const { scrolled, picture, numbers } = await page.evaluate(() => {
        const [picture, numbers] = ['canvas', '.palaestra-countdown'].map((name) => {
          const { x, y, width, height } = document.querySelector(name).getBoundingClientRect();
          return [x, y, width, height].map(Math.round);
        });
        return { scrolled: scrollY, picture, numbers };
      });
      assert.ok(scrolled > 0);
      assert.deepEqual(numbers, picture);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('full screen takes the picture with its pads and the bar, and gives everything back', async () => {
    const device = { viewport: { width: 900, height: 600 }, hasTouch: true };
    const page = await open({ ...car, touchControls: true }, device);
    const order = () =>
      page.evaluate(() => [...document.body.children].map((child) => child.className || child.localName));
    await page.evaluate(() => window.until('the pads', () => document.querySelector('.palaestra-pads')));
    const before = await order();
    await button(page, 'Full screen').click();
    await page.evaluate(() => window.until('full screen', () => document.fullscreenElement));
    await page.evaluate(() =>
      window.until('the picture to fit', () => {
        const { width, height } = document.querySelector('canvas').getBoundingClientRect();
        return width > 0 && width <= innerWidth && height <= innerHeight;
      }),
    );
    const inside = await page.evaluate(() =>
      [...document.fullscreenElement.children].map((child) => child.className || child.localName),
    );
    assert.deepEqual(inside.filter((name) => name !== 'palaestra-heard').sort(), [
      'canvas',
      'palaestra-controls',
      'palaestra-pads',
    ]);
    await page.screenshot({ path: join(resultsDir, 'fullscreen.png') });
    await holding(page, 'ArrowLeft', 0);
    await button(page, 'Leave full screen').click();
    await page.evaluate(() => window.until('the page again', () => !document.fullscreenElement));
    await page.evaluate(() =>
      window.until('everything in its place', () => !document.querySelector('.palaestra-fullscreen')),
    );
    assert.deepEqual(await order(), before);
    assert.equal(await page.locator('canvas').getAttribute('style'), '');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('what happens is said, and the bar goes with the game', async () => {
    const page = await open({
      ...car,
      env: 'CartPole-v1',
      controls: { countdown: 0, texts: { score: 'Punkte: {score}.' } },
    });
    await page.evaluate(() =>
      window.until('the score to be said', () =>
        /Punkte: \d+\./.test(document.querySelector('.palaestra-heard').textContent),
      ),
    );
    await page.evaluate(() => window.game.dispose());
    assert.equal(await page.locator('.palaestra-controls').count(), 0);
    assert.match(await page.locator('.palaestra-heard').textContent(), /^The game is over\. Punkte: \d+\.$/);
    const { width } = await page.locator('.palaestra-heard').boundingBox();
    assert.equal(width, 1, 'what is said to the end is not to be seen');
    await page.locator('.palaestra-heard').waitFor({ state: 'detached', timeout: 10_000 });
    const refused = await page.evaluate(() =>
      [{ controls: { kyes: true } }, { controls: { countdown: 11 } }, { controls: 'yes' }].map((options) => {
        try {
          window.start({ env: 'CartPole-v1', ...options });
        } catch ({ code, message }) {
          return `${code}: ${message}`;
        }
        return 'taken';
      }),
    );
    assert.deepEqual(refused, [
      'bad_argument: controls: expected an option among element, pause, keys, fullscreen, countdown, texts; found `kyes` (did you mean `keys`?)',
      'bad_argument: controls.countdown: expected seconds from 0 to 10, found 11',
      'bad_argument: controls: expected an object, found "yes"',
    ]);
    await page.context().close();
  });
});
