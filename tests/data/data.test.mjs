// What `palaestra export` writes is read by pandas, pyarrow, Minari and R, and says what the records say.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { palaestraCommand } from '../../scripts/build/command.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { ask, mustRun, run } from '../../scripts/lib/run.mjs';
import { dataPython } from '../../scripts/setup/python.mjs';
import { openTestSite } from '../browser/support/pages.mjs';

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

/** The lines of a record. */
const linesOf = (file) =>
  gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Puts times into a record, as a game in a browser records them. */
function stamp(file) {
  const lines = linesOf(file);
  for (const line of lines.filter(({ type }) => type === 'step')) {
    const begin = 812.4 + (line.t * 1000) / 60;
    // Only some steps begin with a key.
    line.time = begin;
    if (line.t % 4 === 0) line.key_time = begin - 3.7;
    line.metrics = {
      keypressTimestamp: line.t % 4 ? null : begin - 3.7,
      stepBeginTimestamp: begin,
      paintTimestamp: begin + 9.1,
    };
  }
  writeFileSync(file, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
}

/** What stands in a page of documentation as code of a language. */
const codeIn = (page, language) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code,
  );

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
    stamp(at('records', 'CartPole-v1.a.jsonl.gz'));
    for (const format of ['csv', 'jsonl', 'arrow', 'parquet'])
      await palaestra('export', 'records', '--out', `steps.${format}`);
    await palaestra('export', 'records', '--format', 'minari', '--out', 'datasets');
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  test('are of records that verify', async () => {
    assert.match(await palaestra('verify', 'records'), new RegExp(`${games.length} passed, 0 failed`));
  });

  test('open in pandas and pyarrow without an option, every cell as the record has it', async () => {
    assert.match(await python('tables', 'records', 'steps.csv', 'steps.jsonl', 'steps.parquet'), /rows, \d+ cells/);
  });

  test('are the same table as Arrow and as Parquet', async () => {
    assert.match(await python('arrow', 'steps.arrow', 'steps.parquet'), /^\d+ rows, \d+ columns$/);
  });

  test('from a page are what the command makes: of one agent, of several, and of who left in mid-episode', async (t) => {
    const site = await openTestSite(t);
    const browser = await launchBrowser(t);
    const page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(() => window.loading);
    const players = ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'];
    const seats = (agents) => Object.fromEntries(agents.map((agent) => [agent, 'random']));
    mkdirSync(at('played'));
    for (const [env, agents, left] of [
      ['CartPole-v1', ['agent_0'], false],
      ['mpe2/simple_tag_v3', players, false],
      ['MiniGrid-DoorKey-8x8-v0', ['agent_0'], true],
    ]) {
      const { blobs, name } = await page.evaluate(
        async ([options, left]) => {
          const game = window.palaestra.play(options);
          if (left) {
            await window.until('thirty steps', () => game.frameNumber >= 30);
            game.dispose('closed');
          }
          const record = await game.finished;
          const kept = { keep: true };
          const taken = [await record.blob(kept), await record.arrow(kept), await record.minari(kept)];
          const bytes = taken.map(async (blob) => Array.from(new Uint8Array(await blob.arrayBuffer())));
          return { blobs: await Promise.all(bytes), name: await record.filename() };
        },
        [{ env, seed: 11, fps: 240, maxSteps: left ? 100_000 : 90, seats: seats(agents) }, left],
      );
      const [record, arrow, zip] = blobs.map((bytes) => Buffer.from(bytes));
      for (const [file, bytes] of [
        [name, record],
        ['page.arrow', arrow],
        ['page.zip', zip],
      ]) {
        writeFileSync(at('played', file), bytes);
      }
      for (const sets of ['sets', 'command']) rmSync(at(sets), { recursive: true, force: true });
      await palaestra('export', `played/${name}`, '--force', '--out', 'command.parquet');
      await palaestra('export', `played/${name}`, '--force', '--format', 'minari', '--out', 'command');
      // The command's rows name the record by its path, the page's by its name.
      const rows = await python('arrow', 'played/page.arrow', 'command.parquet', `played/${name}`, name);
      assert.match(rows, /^\d+ rows, \d+ columns$/);
      const unzip = ['-m', 'zipfile', '-e', 'played/page.zip', 'sets'];
      await mustRun([dataPython, ...unzip], { cwd: folder, timeoutMs: minutes(1) });
      assert.equal(await python('same', 'sets', 'command', ...agents), `${agents.length} data sets`);
    }
  });

  test('are data sets that Minari lists, loads and samples, every step as the record has it', async () => {
    assert.equal(await python('minari', 'records', 'datasets'), '12 data sets');
  });

  test('of spaces at the edge are data sets that Minari loads: arrays without elements, or dimensions; nothing in a Dict; texts', async () => {
    const run = ['cargo', 'run', '--quiet', '--package', 'palaestra-export', '--example', 'edges', '--', at('edges')];
    await mustRun(run, { cwd: root, timeoutMs: minutes(8) });
    // Seven observations, each episode's last among them, and five actions.
    assert.equal(await python('edges', 'edges'), '12 members');
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
    const lines = ['a', 'b'].flatMap((name) => linesOf(at('records', `CartPole-v1.${name}.jsonl.gz`)));
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

  test('are read as docs/data.md and docs/record-format.md read them', async (context) => {
    const codes = codeIn('docs/data.md', 'python');
    assert.equal(codes.length, 2);
    for (const code of codes) await mustRun([dataPython, '-c', code], { cwd: folder, timeoutMs: minutes(2) });
    copyFileSync(at('records', 'CartPole-v1.a.jsonl.gz'), at('p07.jsonl.gz'));
    const [load] = codeIn('docs/record-format.md', 'python');
    assert.match(
      await mustRun([dataPython, '-c', load], { cwd: folder, timeoutMs: minutes(2) }),
      /^CartPole-v1 150 150(\.0)?$/m,
    );
    const [recipe] = codeIn('docs/data.md', 'r');
    assert.match(recipe, /read\.csv/);
    if (!(await ask(['Rscript', '--version']))) {
      context.diagnostic('the recipe for R was not run: expected Rscript on PATH, found none');
      return;
    }
    writeFileSync(at('recipe.R'), recipe);
    await mustRun(['Rscript', 'recipe.R'], { cwd: folder, timeoutMs: minutes(2) });
  });

  test('of an hour take little memory, in every format', { timeout: minutes(10) }, async () => {
    await palaestra('play', 'CartPole-v1', '--steps', `${hour}`, '-o', 'hour.jsonl.gz');
    for (const format of ['csv', 'jsonl', 'arrow', 'parquet', 'minari']) {
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
