// Games played by fingers on a phone, and with a game controller.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { resultsDir } from '../../scripts/lib/paths.mjs';
import { openTestSite } from './support/pages.mjs';

const upright = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const lying = { ...upright, viewport: { width: 780, height: 390 } };

/** The way to a soup in the cramped room for the first cook: which pad, how often. */
const toThePot = ['right', 'up', 'act'];
const onion = ['left', 'left', 'act', ...toThePot];
const soup = [
  ...['up', ...onion, ...onion, ...onion, 'act'],
  // A dish, while it cooks.
  ...['left', 'down', 'down', 'act', 'up', 'right', 'up'],
];
const toTheHatch = ['act', 'down', 'right', 'down', 'act'];

const codes = { up: 'ArrowUp', down: 'ArrowDown', left: 'ArrowLeft', right: 'ArrowRight', act: 'Space' };
const actions = { up: 0, down: 1, right: 2, left: 3, act: 5 };

describe('hands', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
    mkdirSync(resultsDir, { recursive: true });
  });

  async function open(options, device) {
    const page = await browser.openPage(`${site.url}phone.html`, device);
    await page.evaluate(() => window.until('the page to be there', () => window.ready));
    await page.evaluate((options) => window.start(options), options);
    await page.evaluate(() => window.until('the game to play', () => window.game.state === 'playing'));
    return page;
  }

  const padsThere = (page) =>
    page.evaluate(() => window.until('the pads', () => document.querySelector('.palaestra-pads button')));

  /** What a browser gives for a controller of the standard layout. */
  const plugIn = (page) =>
    page.evaluate(() => {
      window.pad = {
        mapping: 'standard',
        axes: [0, 0],
        buttons: Array.from({ length: 17 }, () => ({ pressed: false })),
      };
      navigator.getGamepads = () => [window.pad];
    });

  const middle = async (page, code) => {
    const { x, y, width, height } = await page.locator(`.palaestra-pads [data-code=${code}]`).boundingBox();
    return [x + width / 2, y + height / 2];
  };

  test('a soup is cooked and delivered by touch alone, and the record says so', async () => {
    const seats = { agent_0: 'human', agent_1: 'idle' };
    const page = await open(
      { env: 'overcooked_ai/cramped_room', seed: 1, maxSteps: 2000, seats, fps: 12, verify: true },
      upright,
    );
    await padsThere(page);
    await page.screenshot({ path: join(resultsDir, 'phone-upright.png') });
    /** One tap is one action: the next follows when that was played. */
    const tap = async (name) => {
      const before = await page.evaluate(() => window.rows.length);
      await page.touchscreen.tap(...(await middle(page, codes[name])));
      await page.evaluate(
        ([before, action, name]) =>
          window.until(`a tap on ${name} to be played`, () =>
            window.rows.slice(before).some((row) => row.action.agent_0 === action),
          ),
        [before, actions[name], name],
      );
    };
    for (const name of soup) await tap(name);
    await page.evaluate(() =>
      window.until('the soup to be ready', () =>
        window.rows.at(-1).observation.agent_0.objects.some(({ is_ready }) => is_ready),
      ),
    );
    for (const name of toTheHatch) await tap(name);
    const earned = await page.evaluate(() => window.rows.reduce((sum, { reward }) => sum + reward.agent_0, 0));
    assert.equal(earned, 20);
    await page.evaluate(() => window.game.dispose());
    assert.equal(await page.locator('.palaestra-pads').count(), 0, 'the pads go with the game');
    const { identical } = await page.evaluate(async () => (await window.game.finished).verification());
    assert.equal(identical, true);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('on a phone that lies on its side the pads are at its sides, and two fingers fly a lander', async () => {
    const page = await open({ env: 'LunarLanderContinuous-v3', seed: 1, maxSteps: 400, fps: 30 }, lying);
    await padsThere(page);
    const protocol = await page.context().newCDPSession(page);
    const touches = async (type, ...codes) => {
      const points = await Promise.all(codes.map((code) => middle(page, code)));
      const touchPoints = points.map(([x, y], id) => ({ x, y, id }));
      await protocol.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    await touches('touchStart', 'ArrowUp');
    await touches('touchStart', 'ArrowUp', 'ArrowLeft');
    await page.evaluate(() =>
      window.until('both engines to fire', () => {
        const { action } = window.rows.at(-1) ?? {};
        return action?.[0] === 1 && action?.[1] === -1;
      }),
    );
    await page.screenshot({ path: join(resultsDir, 'phone-landscape.png') });
    // The second finger slides from left to right.
    await touches('touchMove', 'ArrowUp', 'ArrowRight');
    await page.evaluate(() => window.until('the other engine to fire', () => window.rows.at(-1).action[1] === 1));
    await touches('touchEnd');
    await page.evaluate(() =>
      window.until('the engines to stop', () => window.rows.at(-1).action.every((power) => power === 0)),
    );
    const box = await page.locator('.palaestra-pads').boundingBox();
    assert.ok(box.y + box.height <= 390 && box.width === 780, JSON.stringify(box));
    await page.context().close();
  });

  test('the pads go with a game whose end finds a finger on them, and the next game has its own', async () => {
    const page = await open({ env: 'CartPole-v1', seed: 1, fps: 30, controls: true }, upright);
    await padsThere(page);
    await page.evaluate(() => window.until('the bar', () => document.querySelector('.palaestra-controls')));
    const protocol = await page.context().newCDPSession(page);
    const [x, y] = await middle(page, 'ArrowLeft');
    await protocol.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await page.evaluate(() => window.until('the finger to be heard', () => window.rows.at(-1)?.action === 0));
    await page.evaluate(() => window.game.dispose());
    await page.evaluate(() => window.game.finished);
    const left = '.palaestra-pads, .palaestra-controls';
    assert.equal(await page.locator(left).count(), 0);
    await protocol.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.evaluate(() => window.start({ env: 'CartPole-v1', seed: 1, fps: 30 }));
    await padsThere(page);
    assert.equal(await page.locator('.palaestra-pads').count(), 1);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a page without fingers has no pads and asks for no script; it has them when it wants them', async () => {
    const page = await open({ env: 'CartPole-v1', seed: 1, fps: 30 });
    await page.evaluate(() => window.until('some steps', () => window.rows.length > 5));
    const asked = () => site.requests.filter(({ path }) => path === '/page/hands.js').length;
    const before = asked();
    assert.equal(await page.locator('.palaestra-pads').count(), 0);
    await page.evaluate(() => window.game.dispose());
    await page.evaluate(() => {
      const element = document.querySelector('p');
      window.start({ env: 'CartPole-v1', seed: 1, fps: 30, touchControls: { element } });
    });
    await padsThere(page);
    assert.equal(asked(), before + 1);
    assert.equal(await page.locator('p > .palaestra-pads button').count(), 2);
    const refused = await page.evaluate(() => {
      try {
        window.start({ env: 'CartPole-v1', touchControls: { elment: document.body } });
      } catch ({ code, message }) {
        return [code, message];
      }
    });
    assert.deepEqual(refused, [
      'bad_argument',
      'touchControls: expected an option among element; found `elment` (did you mean `element`?)',
    ]);
    await page.context().close();
  });

  test('a game controller plays: its stick as the arrows', async () => {
    const page = await browser.openPage(`${site.url}phone.html`);
    await plugIn(page);
    await page.evaluate(() => window.until('the page to be there', () => window.ready));
    await page.evaluate(() => window.start({ env: 'MountainCar-v0', seed: 1, fps: 30 }));
    await page.evaluate(() => window.until('some steps', () => window.rows.length > 3));
    for (const [side, action] of [
      [1, 2],
      [-1, 0],
      [0, 1],
    ]) {
      await page.evaluate((side) => (window.pad.axes = [side, 0]), side);
      await page.evaluate(
        ([side, action]) =>
          window.until(`the car to be driven with ${side}`, () => window.rows.at(-1)?.action === action),
        [side, action],
      );
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a button of a controller that is held while the window is without the keyboard counts on', async () => {
    const page = await browser.openPage(`${site.url}phone.html`);
    await plugIn(page);
    await page.evaluate(() => window.until('the page to be there', () => window.ready));
    await page.evaluate(() => window.start({ env: 'MountainCar-v0', seed: 1, fps: 30 }));
    await page.evaluate(() => window.until('some steps', () => window.rows.length > 3));
    await page.evaluate(() => (window.pad.buttons[14] = { pressed: true }));
    await page.evaluate(() => window.until('the car to be driven left', () => window.rows.at(-1)?.action === 0));
    await page.evaluate(async () => {
      const steps = window.rows.length;
      dispatchEvent(new Event('blur'));
      dispatchEvent(new Event('focus'));
      // Of the first some may have been on their way.
      await window.until(
        () => `the car to be driven left again; it was driven ${window.rows.slice(steps).map(({ action }) => action)}`,
        () => window.rows.length > steps + 10 && window.rows.at(-1).action === 0,
      );
    });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('where actions are numbers a stick and a pointer count by how far they are pushed', async () => {
    const page = await browser.openPage(`${site.url}phone.html`);
    await plugIn(page);
    await page.evaluate(() => window.until('the page to be there', () => window.ready));
    await page.evaluate(() => window.start({ env: 'MountainCarContinuous-v0', seed: 1, fps: 30, verify: true }));
    await page.evaluate(() => window.until('some steps', () => window.rows.length > 3));
    const played = (what, low, high) =>
      page.evaluate(
        ([what, low, high]) =>
          window.until(`the car to be driven by ${what}`, () => {
            const [force] = window.rows.at(-1)?.action ?? [];
            return force >= low && force <= high;
          }),
        [what, low, high],
      );
    await page.evaluate(() => (window.pad.axes = [0.56, 0]));
    await played('half a stick', 0.49, 0.51);
    await page.evaluate(() => (window.pad.axes = [0, 0]));
    await played('nobody', 0, 0);
    const { x, y, width, height } = await page.locator('canvas').boundingBox();
    const [from, at] = [x + width / 2, y + Math.min(height, 400) / 2];
    await page.mouse.move(from, at);
    await page.mouse.down();
    await page.mouse.move(from - 45, at);
    await played('half of a pointer', -0.51, -0.49);
    await page.screenshot({ path: join(resultsDir, 'pointer.png') });
    await page.mouse.move(from - 300, at);
    await played('a whole pointer', -1, -1);
    await page.mouse.up();
    await played('nobody', 0, 0);
    await page.evaluate(() => window.game.dispose());
    const { identical } = await page.evaluate(async () => (await window.game.finished).verification());
    assert.equal(identical, true);
    assert.equal(await page.locator('.palaestra-stick').count(), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});
