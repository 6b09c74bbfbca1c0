import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { run } from '../../scripts/lib/run.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { linesOf, openDemo, recordLines, stepsOf, stepsPass, strike, verdict } from './support/demo.mjs';
import { palaestraCommand } from '../../scripts/build/command.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

const kitchen = 'overcooked_ai/cramped_room';

/** Plays the record natively, as a researcher would who was sent the file, and gives what the command says. */
async function verifyNatively(file) {
  return run([palaestraCommand, 'verify', file], { cwd: root, timeoutMs: 60_000 });
}

describe('a person at the keyboard', () => {
  const owner = sharedOwner();
  let site;
  let browser;
  let folder;
  let page;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palaestra-play-'));
    owner.after(() => rm(folder, { recursive: true, force: true }));
    site = await openTestSite(owner);
    browser = await launchBrowser(owner, { whole: true });
  });
  afterEach(async () => {
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await workersGone(browser);
  });

  /** Takes the record through the page's button, has it verified natively and gives what is in it. */
  const downloadAndVerify = async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#ended .download').click()]);
    const name = download.suggestedFilename();
    await download.saveAs(join(folder, name));
    const { code, output } = await verifyNatively(join(folder, name));
    assert.deepEqual([code, output.split('\n').at(-1)], [0, '1 passed, 0 failed'], output);
    const verified = Number(/: (\d+) steps? in \d+ episodes?, identical$/m.exec(output)?.[1]);
    const lines = linesOf(gunzipSync(await readFile(join(folder, name))).toString());
    return { name, lines, verified };
  };

  test('plays CartPole to its end, and the record that the page saves replays natively', async () => {
    page = await openDemo(browser, site, { env: 'CartPole-v1', seed: 42, episodes: 1 });
    assert.equal((await browser.dedicatedWorkers(page)).length, 1);
    await strike(page, 'ArrowLeft');
    await page.keyboard.down('ArrowRight');
    const message = await verdict(page);
    await page.keyboard.up('ArrowRight');
    await workersGone(browser, page);
    const lines = await recordLines(page);
    const steps = stepsOf(lines);
    const seen = await page.evaluate(() => ({
      frames: window.game.frameNumber,
      reason: window.record.reason,
      score: window.game.score,
    }));
    assert.ok(steps.length >= 5 && steps.at(-1).terminated, `${steps.length} steps`);
    assert.deepEqual(seen, { frames: steps.length, reason: 'complete', score: steps.length });
    assert.deepEqual([lines[0].env_id, lines[0].seed, lines[0].policy], ['CartPole-v1', 42, 'human']);
    const actions = steps.map((step) => step.action);
    assert.ok(actions.includes(0) && actions.slice(-4).every((action) => action === 1), actions.join());
    assert.match(message, new RegExp(`^verified: ${steps.length} steps identical$`, 'i'));
    const saved = await downloadAndVerify();
    assert.equal(saved.name, `CartPole-v1.seed42.${steps.length}steps.jsonl.gz`);
    assert.equal(saved.verified, steps.length);
    assert.deepEqual(saved.lines, lines);

    // The least change is found: the last bit of one observation.
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, steps[3].obs[1]);
    bits.setBigUint64(0, bits.getBigUint64(0) ^ 1n);
    steps[3].obs[1] = bits.getFloat64(0);
    await writeFile(join(folder, 'changed.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { code, output } = await verifyNatively(join(folder, 'changed.jsonl'));
    assert.equal(code, 1, output);
    assert.match(output, /0 passed, 1 failed/);
  });

  test('can be followed from the key to the picture on one clock', async () => {
    page = await openDemo(browser, site, { env: 'MountainCar-v0', seed: 1, episodes: 1 });
    for (const key of ['ArrowLeft', 'ArrowRight', 'KeyA', 'KeyD']) {
      await strike(page, key);
      await stepsPass(page, 3);
    }
    const { rows, latest, input, count, frame, now } = await page.evaluate(() => {
      const metrics = window.game.pipelineMetrics;
      const latest = Object.fromEntries(
        Object.keys(metrics)
          .filter((key) => key.endsWith('Timestamp'))
          .map((key) => [key, metrics[key]]),
      );
      return {
        rows: metrics.table(),
        latest,
        input: metrics.lastInputTimestamps,
        count: metrics.count,
        frame: window.game.frameNumber,
        now: performance.now(),
      };
    });
    const stations = [
      'keypressTimestamp',
      'queueExitTimestamp',
      'stepCallTimestamp',
      'workerReceiveTimestamp',
      'stepDueTimestamp',
      'stepBeginTimestamp',
      'stepEndTimestamp',
      'stepReturnTimestamp',
      'renderBeginTimestamp',
      'renderEndTimestamp',
      'paintTimestamp',
    ];
    // What the two contexts' origins may be apart by, beyond what converting between them takes out.
    const slack = 0.3;
    const fromKeys = rows.filter((row) => !Number.isNaN(row.keypressTimestamp));
    assert.equal(fromKeys.length, 4);
    for (const row of fromKeys) {
      // A picture that the next one overtakes is never drawn.
      const passed = Number.isNaN(row.paintTimestamp) ? stations.slice(0, 8) : stations;
      // A step's time may have come before the page sent it, but not after it began.
      const times = passed.filter((station) => station !== 'stepDueTimestamp').map((station) => row[station]);
      const text = JSON.stringify(row);
      assert.ok(
        times.every((time) => time > 0 && time <= now),
        text,
      );
      assert.ok(
        times.every((time, i) => i === 0 || time >= times[i - 1] - slack),
        text,
      );
      assert.ok(row.stepDueTimestamp <= row.stepBeginTimestamp + slack, text);
    }
    assert.ok(
      fromKeys.some((row) => row.paintTimestamp > 0),
      'no key was followed by a picture',
    );
    assert.deepEqual([count, rows.at(-1).frame, rows.length], [frame, frame, frame]);
    const last = fromKeys.at(-1);
    assert.deepEqual(input, { keypressTimestamp: last.keypressTimestamp, queueExitTimestamp: last.queueExitTimestamp });
    for (const station of stations.slice(2, 8)) assert.equal(latest[station], rows.at(-1)[station], station);
  });

  test('rocks the MountainCar with keys and chords', async () => {
    page = await openDemo(browser, site, { env: 'MountainCar-v0', seed: 5 });
    for (const keys of [['ArrowRight'], ['ArrowLeft'], ['ArrowLeft', 'ArrowRight'], ['KeyD'], ['KeyA']]) {
      for (const key of keys) await page.keyboard.down(key);
      await stepsPass(page, 6);
      for (const key of keys) await page.keyboard.up(key);
      await stepsPass(page, 2);
    }
    await page.locator('#end').click();
    assert.match(await verdict(page), /identical/);
    const steps = stepsOf(await recordLines(page));
    const runs = steps
      .map((step) => step.action)
      .join('')
      .match(/(.)\1*/g);
    const long = runs.filter((run) => run.length >= 5 && run[0] !== '1').map((run) => run[0]);
    assert.deepEqual(long, ['2', '0', '2', '0'], runs.join(' '));
    const moved = steps.map((step) => step.obs[0]);
    assert.ok(Math.max(...moved) - Math.min(...moved) > 0.01);
  });

  test('chases in a game of five with the usual keys, also where actions are numbers', async () => {
    for (const continuous of [false, true]) {
      const kwargs = { num_good: 2, max_cycles: 500, ...(continuous && { continuous_actions: true }) };
      page = await openDemo(browser, site, {
        env: 'mpe2/simple_tag_v3',
        seed: 5,
        partner: 'still',
        kwargs: JSON.stringify(kwargs),
      });
      await page.keyboard.down('ArrowRight');
      await stepsPass(page, 5);
      await page.keyboard.up('ArrowRight');
      await page.locator('#end').click();
      assert.match(await verdict(page), /identical/);
      const actions = stepsOf(await recordLines(page)).map((step) => step.action);
      const [right, rest] = continuous ? [[0, 0, 1, 0, 0], Array(5).fill(0)] : [2, 0];
      assert.equal(actions[0].length, 5);
      assert.ok(
        actions.some(([own]) => JSON.stringify(own) === JSON.stringify(right)),
        JSON.stringify(actions),
      );
      for (const [, ...others] of actions) assert.deepEqual(others, Array(4).fill(rest));
      if (!continuous) await page.context().close();
    }
  });

  test('delivers a soup in the cramped room beside a partner who stands still', async () => {
    page = await openDemo(browser, site, { env: kitchen, seed: 7, partner: 'still' });
    const onionToPot = ['ArrowLeft', 'Space', 'ArrowRight', 'ArrowUp', 'Space'];
    const back = ['ArrowLeft'];
    // From the start at (1, 2), in the plan XXPXX / O  2O / X1  X / XDXSX, whose partner stays at (3, 1).
    const route = [
      'ArrowUp',
      ...onionToPot,
      ...back,
      ...onionToPot,
      ...back,
      ...onionToPot,
      'Space',
      ...back,
      'ArrowDown',
      'ArrowDown',
      'Space',
      'ArrowUp',
      'ArrowRight',
      'ArrowUp',
    ];
    for (const key of route) await strike(page, key);
    // It cooks for 20 steps from the moment it was started.
    await stepsPass(page, 20);
    for (const key of ['Space', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'Space']) await strike(page, key);
    await page.evaluate(async () => {
      await window.until('a score of 20', () => [window.game.score].flat()[0] >= 20);
      await window.until('the page to show it', () => document.getElementById('score').textContent === '20');
    });
    await page.locator('#end').click();
    const message = await verdict(page);
    await workersGone(browser, page);
    const steps = stepsOf(await recordLines(page));
    assert.match(message, new RegExp(`^verified: ${steps.length} steps identical$`, 'i'));
    assert.ok(
      steps.every(({ action }) => action[1] === 4),
      'the partner stood still',
    );
    const saved = await downloadAndVerify();
    assert.equal(saved.verified, steps.length);
    assert.deepEqual(stepsOf(saved.lines), steps);
  });

  test('shares the keyboard with a second person', async () => {
    page = await openDemo(browser, site, { env: kitchen, seed: 7, partner: 'human' });
    await strike(page, 'ArrowRight');
    await strike(page, 'KeyS');
    await page.keyboard.down('ArrowUp');
    await page.keyboard.down('KeyE');
    await stepsPass(page, 3);
    await page.keyboard.up('ArrowUp');
    await page.keyboard.up('KeyE');
    await stepsPass(page, 2);
    await page.locator('#end').click();
    await verdict(page);
    const lines = await recordLines(page);
    const actions = stepsOf(lines).map(({ action }) => action.join(' '));
    assert.equal(lines[0].policy, 'human, human');
    assert.equal(actions.filter((both) => both === '2 4').length, 1, actions.join(', '));
    assert.equal(actions.filter((both) => both === '4 1').length, 1, actions.join(', '));
    assert.ok(actions.filter((both) => both === '0 5').length >= 2, actions.join(', '));
    assert.equal(actions.at(-1), '4 4');
  });

  test('plays with a partner at random, whom the seed makes the same again', async () => {
    const partnerOf = async (seed) => {
      page = await openDemo(browser, site, { env: kitchen, seed, partner: 'random', fps: 30, maxSteps: 30 });
      assert.match(await verdict(page), /verified: 30 steps identical/i);
      const lines = await recordLines(page);
      return {
        policy: lines[0].policy,
        actions: stepsOf(lines)
          .map(({ action }) => action[1])
          .join(''),
      };
    };
    const seen = [];
    for (const seed of [11, 11, 12]) {
      if (seen.length > 0) await page.context().close();
      seen.push(await partnerOf(seed));
    }
    assert.equal(seen[0].policy, 'human, random');
    assert.equal(seen[1].actions, seen[0].actions);
    assert.notEqual(seen[2].actions, seen[0].actions);
    assert.ok(new Set(seen[0].actions).size >= 4, seen[0].actions);
  });

  test('plays with a partner at random where the one that was chosen cannot play', async () => {
    page = await openDemo(browser, site, { env: kitchen, seed: 7, partner: 'expert' });
    await page.locator('#end').click();
    await verdict(page);
    // The list is of radio buttons in boxes that are closed.
    const chosen = await page.evaluate(() => {
      /** @type {HTMLInputElement} */ (document.querySelector('#picker input[value="SearchRescue-Test-V0"]')).click();
      return new URL(location.href).searchParams.get('partner');
    });
    assert.equal(chosen, 'random');
    await page.context().close();
    page = await openDemo(browser, site, { env: 'SearchRescue-Test-V0', seed: 7, partner: 'expert', maxSteps: 5 });
    await verdict(page);
    assert.equal((await recordLines(page))[0].policy, 'human, random');
  });

  test('what a page acts with may call the game as it is read', async () => {
    page = await openBarePage(browser, site);
    const seen = await page.evaluate(async () => {
      const { play } = window.palaestra;
      const [game, other] = [1, 2].map((seed) => play({ env: 'MountainCar-v0', seed, fps: 60 }));
      await window.until('both to play', () => game.frameNumber > 0 && other.frameNumber > 0);
      const action = {
        toJSON() {
          game.pause();
          return 0;
        },
      };
      let code;
      try {
        game.act('agent_0', action);
      } catch (error) {
        code = error.code;
      }
      const { paused } = game;
      const at = other.frameNumber;
      await window.until('the other to go on', () => other.frameNumber > at + 3);
      const reasons = await Promise.all([game, other].map(async (one) => (await one.dispose()).reason));
      return { code, paused, reasons };
    });
    assert.deepEqual(seen, { code: 'bad_action', paused: true, reasons: ['closed', 'closed'] });
  });

  test('who pauses finds the game as it was left', async () => {
    page = await openDemo(browser, site, { env: 'MountainCar-v0', seed: 3 });
    await stepsPass(page, 5);
    await page.locator('#pause').click();
    await page.evaluate(() => window.until('the game to be paused', () => window.game.paused));
    const still = await page.evaluate(async () => {
      await new Promise((done) => setTimeout(done, 100));
      const before = window.game.frameNumber;
      await new Promise((done) => setTimeout(done, 400));
      return [before, window.game.frameNumber];
    });
    assert.equal(still[0], still[1]);
    await page.locator('#resume').click();
    await stepsPass(page, 5);
    await page.locator('#end').click();
    assert.match(await verdict(page), /identical/);
    const events = (await recordLines(page)).filter((line) => line.type === 'event').map(({ event }) => event.event);
    assert.deepEqual(
      events.filter((name) => /paused|resumed/.test(name)),
      ['paused', 'resumed'],
    );
  });
});
