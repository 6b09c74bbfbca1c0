import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, before, describe, test } from 'node:test';
import { build } from 'vite';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openFolder } from '../../scripts/browser/site.mjs';
import { eventually } from '../../scripts/browser/until.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';
import { openApp, pageWith, writeFiles } from './support/app.mjs';

const modules = fileURLToPath(new URL('node_modules/', import.meta.url));
const slow = { timeoutMs: 60_000 };

describe('the jsPsych plugin of the packed package', () => {
  const owner = sharedOwner();
  let app;
  let folder;
  let browser;

  before(async () => {
    ({ app } = await openApp(owner));
    browser = await launchBrowser(owner);
    folder = join(app, '../timeline');
    await writeFiles(app, { 'index.html': pageWith('<script type="module" src="/timeline.js"></script>') });
    // jsPsych is the tests' own; the plugin is the package's.
    const of = (name) => ({ find: new RegExp(`^${name}$`), replacement: join(modules, name, 'dist/index.js') });
    const names = [
      'jspsych',
      '@jspsych/plugin-html-button-response',
      '@jspsych/plugin-survey-text',
      '@jspsych/test-utils',
    ];
    const timers = { find: 'node:timers', replacement: fileURLToPath(new URL('pages/immediate.js', import.meta.url)) };
    const resolve = { alias: [...names.map(of), timers] };
    await build({
      root: app,
      configFile: false,
      logLevel: 'error',
      resolve,
      build: { outDir: folder, emptyOutDir: true },
    });
  });
  afterEach(() => workersGone(browser));

  const openPage = async (t) => {
    const site = await openFolder(t, folder, { isolation: false });
    const page = await browser.openPage(site.url);
    await eventually('the timeline', () => page.evaluate(() => Boolean(window.begin)));
    return page;
  };
  /** The study's page, begun in a mode. */
  const openStudy = async (t, mode) => {
    const page = await openPage(t);
    await page.evaluate((mode) => window.begin(mode), mode);
    return page;
  };
  const data = async (page) => {
    await eventually('the timeline to end', () => page.evaluate(() => window.finished), slow);
    assert.equal(await page.evaluate(() => window.live()), 0);
    return page.evaluate(() => window.data());
  };

  test('plays a timeline from the instructions to the data', async (t) => {
    const page = await openStudy(t);
    await page.locator('button').click();
    await page.locator('canvas').waitFor();
    await page.keyboard.down('ArrowRight');
    await page.locator('input[type=text]').waitFor(slow && { timeout: slow.timeoutMs });
    await page.keyboard.up('ArrowRight');
    await page.locator('input[type=text]').fill('fine');
    await page.locator('input[type=submit]').click();
    const [instructions, practice, main, kitchen, survey] = await data(page);
    assert.deepEqual([instructions.response, survey.response.how], [0, 'fine']);
    assert.deepEqual(
      [practice.trial_type, practice.env_id, practice.seed, practice.steps, practice.end_reason],
      ['palaestra', 'CartPole-v1', 7, 5, 'complete'],
    );
    assert.ok(!('actions' in practice) && !('trajectory' in practice) && !('pipeline_metrics' in practice));
    const { version } = JSON.parse(await readFile(join(app, 'node_modules/palaestra/package.json'), 'utf8'));
    assert.equal(practice.plugin_version, version);

    // Held to the right the cart falls over soon.
    assert.deepEqual(
      main.episodes.map(({ episode }) => episode),
      [1, 2, 3],
    );
    assert.equal(main.resumed_at, null);
    assert.ok(main.episodes.every(({ steps, score, ended }) => steps === score && ended === 'terminated'));
    assert.equal(main.steps, main.score);
    assert.deepEqual([main.verified, main.end_reason], [true, 'complete']);
    assert.match(main.state_hash, /^[0-9a-f]{16}$/);
    const lines = main.trajectory
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const steps = lines.filter(({ type }) => type === 'step');
    assert.deepEqual([steps.length, steps.at(-1).hash], [main.steps, main.state_hash]);
    assert.deepEqual([main.pipeline_metrics.stepBeginTimestamp.length, main.first_frame], [main.steps, 1]);

    assert.deepEqual([kitchen.steps, kitchen.verified, kitchen.episodes[0].ended], [40, true, 'stopped']);
    assert.deepEqual(Object.keys(kitchen.score), ['agent_0', 'agent_1']);
    const [runs] = kitchen.actions;
    assert.equal(
      runs.reduce((sum, [, count]) => sum + count, 0),
      40,
    );
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  for (const mode of ['data-only', 'visual']) {
    test(`simulates it in mode ${mode}, the same each time`, async (t) => {
      const played = [];
      for (let time = 0; time < 2; time += 1) {
        const page = await openStudy(t, mode);
        const [, practice, main, kitchen] = await data(page);
        assert.deepEqual([practice.steps, main.episodes.length, kitchen.steps], [5, 3, 40]);
        assert.deepEqual([main.verified, kitchen.verified], [true, true]);
        played.push([practice.state_hash, main.state_hash, kitchen.state_hash, kitchen.actions]);
        assert.deepEqual(page.faults, []);
        await page.context().close();
      }
      assert.deepEqual(played[0], played[1]);
    });
  }

  test('answers the tools that jsPsych has for the tests of plugins', async (t) => {
    const page = await openPage(t);
    const played = await page.evaluate(async () => {
      const trial = await window.startTimeline({ episodes: 1, max_steps: 60, trial_duration: 20_000 });
      await trial.expectRunning();
      await window.until('the picture', () => trial.getHTML().includes('<canvas'));
      const prompt = trial.getHTML().includes('Keep it up.');
      await window.within('the trial', trial.finished, 30_000);
      await trial.expectFinished();
      return { prompt, canvas: trial.getHTML().includes('<canvas'), data: trial.getData().values() };
    });
    assert.deepEqual([played.prompt, played.canvas, played.data.length], [true, false, 1]);
    assert.equal(played.data[0].end_reason, 'complete');
    for (const mode of ['data-only', 'visual']) {
      const simulated = await page.evaluate(async (mode) => {
        const trial = await window.simulateTimeline(mode, { max_steps: 5, fps: 60 });
        await window.within('the simulated trial', trial.finished, 30_000);
        await trial.expectFinished();
        return trial.getData().values();
      }, mode);
      assert.deepEqual([simulated.length, simulated[0].steps, simulated[0].verified], [1, 5, true], mode);
    }
    assert.equal(await page.evaluate(() => window.live()), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('loads before the first game what later trials need, and says what it could not', async (t) => {
    const page = await openPage(t);
    await page.evaluate(() => window.beginLoaded(['overcooked_ai/cramped_room', 'CartPole-v9']));
    await page.locator('button').waitFor(slow && { timeout: slow.timeoutMs });
    const asked = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .flatMap(({ name }) => name.match(/[^/]*\.(js|wasm|png|svg)$/)?.[0] ?? []),
      );
    const before = await asked();
    // What the trials' parameters need is there as well: an expert, a bar.
    for (const family of ['classic_control', 'slime_volley', 'mpe2', 'overcooked_ai', 'mpe2_expert', 'controls'])
      assert.ok(
        before.some((name) => name.startsWith(family)),
        `${family} in ${before.join()}`,
      );
    await page.locator('button').click();
    const [loading, , ...games] = await data(page);
    assert.equal(loading.success, false);
    assert.deepEqual(loading.loaded, [
      'overcooked_ai/cramped_room',
      'CartPole-v1',
      'slimevb/SlimeVolleyEnv',
      'mpe2/simple_v3',
    ]);
    assert.deepEqual(
      loading.failed.map(({ env, code }) => [env, code]),
      [['CartPole-v9', 'unknown_environment']],
    );
    assert.match(loading.failed[0].message, /did you mean `CartPole-v1`/);
    assert.deepEqual(
      games.map(({ env_id, steps }) => [env_id, steps]),
      [
        ['CartPole-v1', 3],
        ['slimevb/SlimeVolleyEnv', 3],
        ['mpe2/simple_v3', 3],
      ],
    );
    // What a game needs to begin: what its record needs to be verified comes after it. Workers' scripts come from the browser's cache.
    const later = (await asked()).slice(before.length).filter((name) => !/verifier|program|record|^boot-/.test(name));
    assert.deepEqual(later, []);
    await page.context().close();
  });

  test('ends its Worker where an experiment is aborted', async (t) => {
    const page = await openStudy(t);
    await page.locator('button').click();
    await page.locator('canvas').waitFor();
    await eventually('the game', () => page.evaluate(() => window.live() === 1));
    await page.evaluate(() => window.jsPsych.abortExperiment('over'));
    await eventually('the session to end', () => page.evaluate(() => window.live() === 0));
    await workersGone(browser, page);
    await page.context().close();
  });
});
