import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { engines, skipWithout } from '../../scripts/browser/engines.mjs';
import { openSite } from '../../scripts/browser/site.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { palaestraCommand } from '../../scripts/build/command.mjs';
import { root } from '../../scripts/lib/paths.mjs';

const models = join(root, 'crates/onnx/tests/models');
/**
 * Of each model. Firefox (140, measured on a Xeon) mixes AVX and SSE in what it compiles, and takes a hundred times as long as the others:
 * a kitchen's decision is 50 ms there and 0.3 ms in Chromium, with or without anything that drives the browser.
 */
const stepsIn = (engine) => (engine.name === 'Firefox' ? 1_000 : 10_000);

/** A model each of what the three libraries export, with the manifests and environments that the policy's own tests have. */
const games = JSON.parse(await readFile(join(root, 'crates/policy/tests/actions.json'), 'utf8'));

/** The episodes of so many steps, natively: every state's hash stands on all actions before it. */
async function natively(folder, { env, kwargs, model, agent, manifest, sample, seed, steps }) {
  await copyFile(join(models, `${model}.onnx`), join(folder, `${model}.onnx`));
  await writeFile(join(folder, `${model}.json`), JSON.stringify(manifest));
  const policies = [...Array(agent).fill('random'), `${model}.onnx`].flatMap((policy) => ['--policy', policy]);
  const limits = ['--steps', String(steps), '--seed', String(seed), '--kwargs', JSON.stringify(kwargs), '--json'];
  const words = ['rollout', env, ...policies, ...limits, ...(sample ? ['--sample'] : [])];
  const { stdout } = await promisify(execFile)(palaestraCommand, words, { cwd: folder, maxBuffer: 1 << 28 });
  const lines = stdout.trimEnd().split('\n').slice(0, -1);
  return lines.map((line) => {
    const { episode: _, ...episode } = JSON.parse(line);
    return episode;
  });
}

async function inThePage({ env, kwargs, model, agent, manifest, sample, seed, steps }) {
  await window.loading;
  const made = await window.palaestra.make(env, kwargs);
  const policies = { [`agent_${agent}`]: { onnx: `models/${model}.onnx`, manifest, sample } };
  const rollout = await made.rollout({ policies, seed, steps });
  await made.close();
  return rollout.episodes;
}

describe('models over thousands of steps', () => {
  const owner = sharedOwner();
  let site;
  let folder;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palaestra-policies-'));
    site = await openSite(owner, { beside: { '/models/': models, '/': join(root, 'tests/browser/pages') } });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const engine of engines) {
    test(`act in ${engine.name} as natively`, { skip: skipWithout(engine) }, async () => {
      const page = await (await engine.launch(owner)).open(`${site.url}bare.html`);
      const steps = stepsIn(engine);
      for (const game of games) {
        const { actions: _, ...asked } = game;
        const expected = await natively(folder, { ...game, steps });
        assert.equal(
          expected.reduce((sum, { length }) => sum + length, 0),
          steps,
        );
        assert.deepEqual(await page.evaluate(inThePage, { ...asked, steps }), expected, `${game.model}, ${game.env}`);
      }
      await page.close();
    });
  }
});
