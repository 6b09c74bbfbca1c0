// Environments in Python in the other browsers: the core of what guests.test.mjs and parity.test.mjs ask of Chromium.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { stepsOf } from '../browser/support/demo.mjs';
import { played, playedAlike } from './support/alike.mjs';
import { guest, openGuestSite } from './support/open.mjs';

describe('an environment in Python', () => {
  const owner = sharedOwner();
  let site;

  before(async () => {
    site = await openGuestSite(owner);
  });

  for (const engine of engines.filter(({ name }) => name !== 'Chromium')) {
    test(`is ours in ${engine.name}, and raises typed errors`, { skip: skipWithout(engine) }, async () => {
      const { open } = await engine.launch(owner);
      const page = await open(`${site.url}bare.html`);
      await page.evaluate(() => window.loading);

      const ids = [
        ['guest/cartpole', guest({ entry: 'CartPole-v1' })],
        ['CartPole-v1', {}],
      ];
      const found = await playedAlike(page, ids, 2000, 2);
      assert.ok(!found.difference, JSON.stringify(found.difference)?.slice(0, 600));
      assert.equal(found.steps, 2000);
      const [own, ours] = found.texts.map(played);
      assert.equal(stepsOf(own).length, 2000);
      assert.deepEqual(own, ours);

      const met = await page.evaluate(
        async (kwargs) => {
          const env = await window.palaestra.make('guest/trouble', kwargs);
          await env.reset({ seed: 1 });
          const outcomes = [];
          for (let t = 0; t < 5; t += 1) outcomes.push(await window.attempt(() => env.step(0), 60_000));
          return outcomes.find(({ error }) => error) ?? {};
        },
        guest({ module: 'worlds/trouble.py', kwargs: { what: 'raise' } }),
      );
      assert.equal(met.error?.code, 'guest_failed', JSON.stringify(met));
      assert.match(
        met.error.message,
        /Traceback \(most recent call last\):[\s\S]*RuntimeError: the kitchen is on fire$/,
      );
      assert.deepEqual(page.faults, []);
      await page.close();
    });
  }
});
