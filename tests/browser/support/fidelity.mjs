import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines, skipWithout } from '../../../scripts/browser/engines.mjs';
import { firstDifference } from './first-difference.mjs';
import { environments, randomRecord, runOf } from './native.mjs';
import { sharedOwner } from '../../../scripts/browser/owner.mjs';
import { openTestSite } from './pages.mjs';

const seeds = [1, 2, 3];
const steps = 1000;
const ids = await environments();

const runs = new Map();
/** What the native build played, made once. */
async function nativeRuns(id) {
  if (!runs.has(id)) {
    const played = seeds.map(async (seed, index) => ({
      ...runOf(seed, await randomRecord(id, seed, steps)),
      // Where a page has shared memory, some go through it and some by messages.
      sharedMemory: index % 2 === 0,
    }));
    runs.set(id, await Promise.all(played));
  }
  return runs.get(id);
}

/** Tests that one browser writes the same record bytes as the native build, for every environment. */
export function testRecordsIn(name) {
  const engine = engines.find((engine) => engine.name === name);
  const skip = skipWithout(engine);
  if (skip) {
    test(`${name} writes the record bytes of the native build`, { skip });
    return;
  }

  describe(`the record bytes in ${name}`, () => {
    const owner = sharedOwner();
    let page;
    let began;
    let compared = 0;

    before(async () => {
      const site = await openTestSite(owner);
      page = await (await engine.launch(owner)).open(`${site.url}fidelity.html`);
      began = Date.now();
    });
    after(() => {
      if (began === undefined) return;
      const seconds = ((Date.now() - began) / 1000).toFixed(1);
      console.log(`${name}: ${compared} records of ${steps} steps were the same in every byte, in ${seconds} s`);
    });

    /** Where the page's record of a run differs first from the native build's. */
    const differenceOf = async (id, run) => {
      const found = await page.evaluate((wanted) => window.recordOf(wanted), { id, run });
      const expected = (await randomRecord(id, run.seed, steps)).toString();
      return firstDifference(expected, found);
    };

    test('the page lists the environments that the native build lists', async () => {
      const listed = await page.evaluate(async () => {
        await window.loading;
        return [...window.palaestra.registry.keys()];
      });
      assert.deepEqual(listed, ids);
      assert.ok(ids.length > 0);
    });

    for (const id of ids) {
      test(`${id}: ${steps} steps from ${seeds.length} seeds are those of the native build`, async () => {
        const native = await nativeRuns(id);
        for (const run of native) assert.equal(run.actions.length, steps);
        assert.equal(new Set(native.map(({ hash }) => hash)).size, seeds.length, 'every seed is another record');
        const hashes = await page.evaluate((wanted) => window.hashesOf(wanted), { id, runs: native });
        assert.deepEqual(page.faults, []);
        for (const [index, run] of native.entries()) {
          if (hashes[index] === run.hash) {
            compared += 1;
            continue;
          }
          const where = await differenceOf(id, run);
          assert.fail(
            `${name}, ${id}, seed ${run.seed}: ${where ?? 'another hash, but the same record a second time'}`,
          );
        }
      });
    }

    test('one other action is another hash, and the step is found', async () => {
      const [id] = ids;
      const [native] = await nativeRuns(id);
      const at = steps / 2;
      const others = native.actions.filter(
        (action) => JSON.stringify(action) !== JSON.stringify(native.actions[at - 1]),
      );
      const run = { ...native, actions: native.actions.with(at - 1, others[0]) };
      const [hash] = await page.evaluate((wanted) => window.hashesOf(wanted), { id, runs: [run] });
      assert.notEqual(hash, native.hash);
      assert.match(await differenceOf(id, run), new RegExp(`^step ${at}: action: expected `));
    });
  });
}
