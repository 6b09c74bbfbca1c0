import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { linesOf, stepsOf } from './support/demo.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { openBarePage, openTestSite } from './support/pages.mjs';
import { workersGone } from '../../scripts/browser/workers.mjs';

describe('the record of an environment that a page drives itself', () => {
  const owner = sharedOwner();
  let browser;
  let page;

  before(async () => {
    browser = await launchBrowser(owner);
    page = await openBarePage(browser, await openTestSite(owner));
  });

  test('holds every reset and step since it was made, however they were asked for, and replays', async () => {
    const { text, header, returns, early, verdict, filename } = await page.evaluate(async () => {
      const env = await window.palaestra.make('CartPole-v1', { sutton_barto_reward: true }, { record: true });
      await env.reset({ seed: 7n, options: { low: -0.01, high: 0.01 } });
      await env.step(1);
      const early = env.record();
      const all = await env.stepMany(Array(200).fill(1));
      await env.reset();
      // A refused action is no step.
      await env.step(9).catch(() => {});
      await Promise.all([env.step(0), env.step(1)]);
      const record = env.record({ policy: 'pushes right' });
      await env.close();
      return {
        text: await record.text(),
        header: record.header,
        returns: record.returns,
        early: [early.steps, all.length],
        verdict: await record.verification(),
        filename: await record.filename(),
      };
    });
    const lines = linesOf(text);
    const steps = stepsOf(lines);
    const [firstStep, firstEpisode] = [early[0], early[0] + early[1]];
    assert.equal(firstStep, 1);
    assert.equal(steps.length, firstEpisode + 2);
    assert.deepEqual(lines[0], { ...header, agents: ['agent_0'], n_steps: steps.length });
    assert.deepEqual(
      [header.env_id, header.kwargs, header.seed, header.policy],
      ['CartPole-v1', { sutton_barto_reward: true }, 7, 'pushes right'],
    );
    assert.deepEqual(
      lines.filter(({ type }) => type === 'reset').map(({ t, seed, options }) => [t, seed, options]),
      [
        [0, 7, { low: -0.01, high: 0.01 }],
        [firstEpisode, null, undefined],
      ],
    );
    assert.deepEqual(
      steps.slice(-3).map(({ action }) => action),
      [1, 0, 1],
    );
    assert.ok(steps.every(({ hash }) => /^[0-9a-f]{16}$/.test(hash)));
    // This reward is -1 where the pole falls and 0 before.
    assert.deepEqual(returns, [-1]);
    assert.deepEqual(verdict, {
      identical: true,
      steps: steps.length,
      message: `verified: ${steps.length} steps identical`,
    });
    assert.equal(filename, `CartPole-v1.seed7.${steps.length}steps.jsonl.gz`);
    await workersGone(browser, page);
  });

  test('is not kept unless asked for, and what it could not tell is refused', async () => {
    const refusals = await page.evaluate(async () => {
      const { make } = window.palaestra;
      const [plain, recorded] = [await make('CartPole-v1'), await make('CartPole-v1', {}, { record: true })];
      await recorded.reset({ seed: 1 });
      const answers = [
        await window.attempt(() => plain.record()),
        await window.attempt(async () => recorded.restore(await recorded.save())),
        await window.attempt(() => recorded.stepMany([1, 1], { autoreset: true })),
        await window.attempt(() => make('CartPole-v1', {}, { record: 'yes' })),
      ];
      const { steps } = recorded.record();
      await Promise.all([plain.close(), recorded.close()]);
      return [...answers.map(({ error }) => `${error?.code}: ${error?.message}`), steps];
    });
    assert.deepEqual(refusals, [
      'bad_argument: record: expected an environment made with {record: true}',
      'bad_argument: restore: expected an environment that is not recorded, found one that is',
      'bad_argument: stepMany: expected no autoreset of an environment that is recorded, found autoreset',
      'bad_argument: record: expected true or false, found "yes"',
      0,
    ]);
    assert.deepEqual(page.faults, []);
  });
});
