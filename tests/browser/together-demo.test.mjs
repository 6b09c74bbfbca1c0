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

const steps = 220;

test('two tabs of the demo: "Play with another person", a soup that both cook, both records the same and verified', async (t) => {
  const owner = newOwner();
  t.after(() => owner.release());
  const server = await openServer(owner);
  const browser = await launchBrowser(owner);
  const address = `${server.url}?${new URLSearchParams({ env: 'overcooked_ai/cramped_room', maxSteps: String(steps) })}`;
  const blue = await browser.openPage(address);
  // Another tab of the same browser, as a newcomer opens it: each is a participant of its own.
  const green = await blue.context().newPage();
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
    await page.evaluate(() => window.until('a score of 20', () => [window.game.score].flat()[0] >= 20, 30_000));
  }
  const lines = [];
  for (const page of [blue, green]) {
    await page.evaluate(() => window.until('the end', () => window.game.state === 'disposed', 60_000));
    assert.match(await verdict(page), new RegExp(`verified: ${steps} steps identical`, 'i'));
    await page.locator('#server-verdict').getByText(`${steps} steps is identical`).waitFor({ timeout: 20_000 });
    lines.push(await recordLines(page));
    assert.deepEqual(page.uncaught ?? [], []);
  }
  const texts = await Promise.all([blue, green].map((page) => page.evaluate(() => window.record.text())));
  assert.deepEqual(shared(texts[1]), shared(texts[0]));
  assert.ok(
    [0, 1].every((agent) => stepsOf(lines[0]).some(({ action }) => action[agent] === 5)),
    'both took or put something',
  );
  assert.match(await verify(texts[0]), /identical\n1 passed, 0 failed/);
});
