// What `palaestra export` writes is read by pandas, pyarrow, Minari and R, and says what the records say.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { palaestraCommand } from '../../scripts/build/command.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { ask, mustRun, run } from '../../scripts/lib/run.mjs';
import { dataPython } from '../../scripts/setup/python.mjs';

/** Every kind of space, one agent and several, who see the same and who do not. */
const games = [
  ['CartPole-v1', 'a'],
  ['CartPole-v1', 'b'],
  ['Pendulum-v1', 'a'],
  ['Blackjack-v1', 'a'],
  ['MiniGrid-DoorKey-8x8-v0', 'a'],
  ['overcooked_ai/cramped_room', 'a'],
  ['Overcooked-CrampedRoom-V0', 'a'],
  ['mpe2/simple_tag_v3', 'a'],
];

/** Steps in an hour at 60 Hz. */
const hour = 216_000;

const check = join(root, 'tests/data/check.py');
const minutes = (count) => count * 60_000;

describe('exports', () => {
  let folder;
  const at = (...names) => join(folder, ...names);
  const palaestra = (...words) => mustRun([palaestraCommand, ...words], { cwd: folder, timeoutMs: minutes(5) });
  const python = (...words) => mustRun([dataPython, check, ...words], { cwd: folder, timeoutMs: minutes(5) });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'palaestra-data-'));
    mkdirSync(at('records'));
    for (const [index, [id, name]] of games.entries()) {
      const record = at('records', `${id.replaceAll('/', '-')}.${name}.jsonl.gz`);
      await palaestra('play', id, '--seed', `${index}`, '--steps', '150', '-o', record);
    }
    for (const format of ['csv', 'jsonl', 'parquet']) await palaestra('export', 'records', '--out', `steps.${format}`);
    await palaestra('export', 'records', '--format', 'minari', '--out', 'datasets');
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  test('are of records that verify', async () => {
    assert.match(await palaestra('verify', 'records'), new RegExp(`${games.length} passed, 0 failed`));
  });

  test('open in pandas and pyarrow without an option, every cell as the record has it', async () => {
    assert.match(await python('tables', 'records', 'steps.csv', 'steps.jsonl', 'steps.parquet'), /rows, \d+ cells/);
  });

  test('are data sets that Minari lists, loads and samples, every step as the record has it', async () => {
    assert.equal(await python('minari', 'records', 'datasets'), '12 data sets');
  });

  test('open in R without an option', async (context) => {
    if (!(await ask(['Rscript', '--version']))) {
      context.skip('R is not installed: expected Rscript on PATH, found none');
      return;
    }
    const told = await mustRun(['Rscript', join(root, 'tests/data/check.R'), at('steps.csv')], {
      timeoutMs: minutes(2),
    });
    const found = Object.fromEntries(told.split('\n').map((line) => line.split('=')));
    const lines = ['a', 'b'].flatMap((name) =>
      gunzipSync(readFileSync(at('records', `CartPole-v1.${name}.jsonl.gz`)))
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const steps = lines.filter((line) => line.type === 'step');
    const header = readFileSync(at('steps.csv'), 'utf8').split('\n', 1)[0];
    assert.equal(Number(found.rows), readFileSync(at('steps.jsonl'), 'utf8').trim().split('\n').length);
    assert.equal(Number(found.columns), header.split(',').length);
    assert.equal(found.terminated, 'logical');
    assert.equal(Number(found.ended), steps.filter((step) => step.terminated).length);
    assert.equal(
      Number(found.reward),
      steps.reduce((sum, step) => sum + step.reward, 0),
    );
    // A row's observation is what the step, or the reset, before it led to. R does not promise the last bit.
    const seen = lines.slice(0, 200).filter((line) => line.type === 'step' || line.type === 'reset');
    const before = seen.flatMap((line, index) => (seen[index + 1]?.type === 'step' ? [line.obs[1]] : [])).slice(0, 150);
    const read = found.obs.split(' ').map(Number);
    assert.equal(read.length, 150);
    assert.ok(
      read.every((value, index) => Math.abs(value - before[index]) <= 2 ** -52 * Math.abs(before[index])),
      found.obs,
    );
  });

  test('of an hour take little memory, in every format', { timeout: minutes(10) }, async () => {
    await palaestra('play', 'CartPole-v1', '--steps', `${hour}`, '-o', 'hour.jsonl.gz');
    for (const format of ['csv', 'jsonl', 'parquet', 'minari']) {
      const out = format === 'minari' ? 'hours' : `hour.${format}`;
      const command = [palaestraCommand, 'export', 'hour.jsonl.gz', '--format', format, '--out', out];
      assert.match(await python('memory', '150', ...command), /^\d+ MB$/m);
    }
  });

  test('name what failed, keep what is there, and say so by their exit status', async () => {
    const again = await run([palaestraCommand, 'export', 'records', '--out', 'steps.csv'], { cwd: folder });
    assert.equal(again.code, 1);
    assert.match(again.output, /steps\.csv: expected nothing there, found something: --force replaces it/);
  });
});
