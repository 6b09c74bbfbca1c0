import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { newOwner } from '../../scripts/browser/owner.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { recordLines, stepsOf, strike, verdict } from './support/demo.mjs';
import { verify } from './support/native.mjs';
import { openServer, shared } from './support/together.mjs';

/** Enough for strokes that take eight ticks each: a browser under load takes its time over one. */
const steps = 450;

test('two tabs of the demo: "Play with another person", a soup that both cook, both records the same and verified', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const server = await openServer(owner);
  const browser = await launchBrowser(owner);
  // A stroke is one action then, however long a busy machine takes from a key's way down to its way up.
  const options = { env: 'overcooked_ai/cramped_room', maxSteps: String(steps), inputMode: 'single_keystroke' };
  const address = `${server.url}?${new URLSearchParams(options)}`;
  const blue = await browser.openPage(address);
  // Another tab of the same browser, as a newcomer opens it: each is a participant of its own.
  const green = await blue.context().newPage();
  const uncaught = [];
  green.on('pageerror', (error) => uncaught.push(String(error)));
  await green.goto(address);
  for (const page of [blue, green]) {
    await page.setViewportSize({ width: 1000, height: 720 });
    await page.locator('#together').click();
    if (page === blue) {
      const notice = page.locator('.palaestra-match');
      await notice.getByText('Waiting for another player').waitFor({ timeout: 10_000 });
      assert.equal(
        await notice.evaluate((element) => getComputedStyle(element).position),
        'absolute',
        'it has its style',
      );
    }
  }
  const playing = (page) =>
    page.evaluate(() => window.until('the game to play', () => window.game?.state === 'playing', 30_000));
  await Promise.all([blue, green].map(playing));
  assert.match(await blue.locator('#legend').textContent(), /You: Blue chef/);
  assert.match(await green.locator('#legend').textContent(), /You: Green chef/);
  assert.ok(await blue.locator('#pause').isDisabled(), 'nobody stops a match');
  for (const page of [blue, green]) {
    const [offered, seed] = await page.evaluate(() => [
      document.querySelector('#options .keep').textContent,
      window.game.seed,
    ]);
    assert.equal(offered, `Use ${seed} again`, 'the seed of the match');
  }
  // In the plan XXPXX / O  2O / X1  X / XDXSX: the green chef brings the first onion, the blue one two, and serves.
  for (const key of ['ArrowRight', 'Space', 'ArrowLeft', 'ArrowUp', 'Space', 'ArrowRight']) await strike(green, key);
  const onion = ['ArrowLeft', 'Space', 'ArrowRight', 'ArrowUp', 'Space'];
  for (const key of ['ArrowUp', ...onion, 'ArrowLeft', ...onion, 'Space']) await strike(blue, key);
  for (const key of ['ArrowLeft', 'ArrowDown', 'ArrowDown', 'Space', 'ArrowUp', 'ArrowRight', 'ArrowUp']) {
    await strike(blue, key);
  }
  const folder = join(root, 'test-results');
  await mkdir(folder, { recursive: true });
  await Promise.all([
    blue.screenshot({ path: join(folder, 'together-blue.png') }),
    green.screenshot({ path: join(folder, 'together-green.png') }),
  ]);
  const cooked = await blue.evaluate(() => window.game.frameNumber + 20);
  await blue.evaluate(
    (frame) => window.until('the soup to be ready', () => window.game.frameNumber >= frame, 30_000),
    cooked,
  );
  for (const key of ['Space', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'Space']) await strike(blue, key);
  for (const page of [blue, green]) {
    const served = await page.evaluate(async () => {
      const over = () => [window.game.score].flat()[0] >= 20 || window.game.state !== 'playing';
      await window.until('a score of 20, or the end', over, 60_000);
      return { score: [window.game.score].flat()[0], at: window.game.frameNumber };
    });
    assert.ok(served.score >= 20, `a score of ${served.score} at frame ${served.at}`);
  }
  const lines = [];
  for (const page of [blue, green]) {
    await page.evaluate(() => window.until('the end', () => window.game.state === 'disposed', 60_000));
    assert.match(await verdict(page), new RegExp(`verified: ${steps} steps identical`, 'i'));
    await page.locator('#server-verdict').getByText(`${steps} steps is identical`).waitFor({ timeout: 20_000 });
    lines.push(await recordLines(page));
    assert.deepEqual(page === blue ? blue.uncaught : uncaught, []);
  }
  const texts = await Promise.all([blue, green].map((page) => page.evaluate(() => window.record.text())));
  assert.deepEqual(shared(texts[1]), shared(texts[0]));
  assert.ok(
    [0, 1].every((agent) => stepsOf(lines[0]).some(({ action }) => action[agent] === 5)),
    'both took or put something',
  );
  assert.match(await verify(texts[0]), /identical\n1 passed, 0 failed/);
});

/** The demo's address for a game with another person, with what else it says. */
const onlineAt = (server, more) =>
  `${server.url}?${new URLSearchParams({ env: 'overcooked_ai/cramped_room', partner: 'online', maxSteps: '120', ...more })}`;

test('the address of the demo chooses the way of packets and makes the network bad', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const server = await openServer(owner);
  const browser = await launchBrowser(owner);
  const bad = { network: 'delay:80,jitter:10,loss:0.05,seed:4', transport: 'relay', autostart: '1' };
  const pages = [];
  for (let page = 0; page < 2; page += 1) pages.push(await browser.openPage(onlineAt(server, bad)));
  const playing = (page) =>
    page.evaluate(() => window.until('the game to play', () => window.game?.state === 'playing', 30_000));
  await Promise.all(pages.map(playing));
  const ways = await Promise.all(
    pages.map((page) =>
      page.evaluate(async () => {
        const [paths, pings] = [new Set(), []];
        const over = () => {
          for (const { path, ping } of Object.values(window.game.match.partners)) {
            if (path !== null) paths.add(path);
            if (ping !== null) pings.push(ping);
          }
          return ['ended', 'disposed'].includes(window.game.state);
        };
        await window.until('the game to end', over, 60_000);
        return { paths: [...paths], pings };
      }),
    ),
  );
  for (const [index, page] of pages.entries()) {
    assert.match(await verdict(page), /verified: 120 steps identical/i);
    const { paths, pings } = ways[index];
    const search = await page.evaluate(() => location.search);
    assert.deepEqual(paths, ['relay']);
    // Each way takes 70 to 90 milliseconds at least.
    assert.ok(pings.length > 0 && Math.min(...pings) >= 140, `${Math.min(...pings)} of ${pings.length}`);
    // A link that is copied from the page says the same.
    assert.deepEqual(
      ['network', 'transport'].map((name) => new URLSearchParams(search).get(name)),
      [bad.network, bad.transport],
    );
    assert.deepEqual(page.uncaught, []);
  }
});

test('an address with a network, a way or an environment that is none says so, and starts nothing', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const server = await openServer(owner);
  const browser = await launchBrowser(owner);
  const wrong = { network: 'delay:slow', transport: 'pigeon', autostart: '1' };
  const page = await browser.openPage(onlineAt(server, wrong));
  for (const told of [
    'network=delay:slow: expected delay:100,jitter:20,loss:0.1, found "delay:slow"',
    'transport=pigeon: expected auto or relay, found "pigeon"',
  ])
    await page.getByText(`The address of this page says ${told}.`).waitFor({ timeout: 10_000 });
  const other = await browser.openPage(`${server.url}?env=CartPole-v9&autostart=1`);
  const none =
    'The address of this page says env=CartPole-v9, which is none of the environments here: choose one from the list.';
  await other.getByText(none).waitFor({ timeout: 10_000 });
  for (const { evaluate, uncaught } of [page, other]) {
    assert.equal(await evaluate(() => window.game), undefined);
    assert.deepEqual(uncaught, []);
  }
});
