// What a page of one file does with the second one, `inline/extras`: models in seats, and tables of records.
import assert from 'node:assert/strict';
import { mlp } from '../../../scripts/bench/mlp.mjs';
import { within } from '../../../scripts/browser/until.mjs';
import { exported, exportedFiles } from '../../browser/support/native.mjs';
import { unzipped } from '../../browser/support/unzip.mjs';

export const slowMs = 60_000;
/** A file that somebody has: what a page that is a file itself can be given. */
const model = mlp([4, 16, 2]).toString('base64');

/** Plays CartPole by a model, and gives what the page has of it. */
export const playModel = (page) =>
  within(
    'the game of a model',
    page.evaluate(async (model) => {
      const bytes = Uint8Array.from(atob(model), (letter) => letter.charCodeAt(0));
      const onnx = URL.createObjectURL(new Blob([bytes]));
      const seats = { agent_0: { onnx, sample: true } };
      const game = window.palaestra.play({ env: 'CartPole-v1', seed: 7, fps: 240, maxSteps: 60, seats });
      const record = await game.finished;
      const { message } = await record.verification();
      return { text: await record.text(), message, live: window.palaestra.liveSessions() };
    }, model),
    slowMs,
  );

/** Plays by random actions, and gives the tables of that. */
export const playForTables = (page) =>
  within(
    'the tables of a game',
    page.evaluate(async () => {
      const seats = { agent_0: 'random' };
      const game = window.palaestra.play({ env: 'CartPole-v1', seed: 3, fps: 240, maxSteps: 60, seats });
      const record = await game.finished;
      return {
        csv: await (await record.csv()).text(),
        jsonl: await (await record.jsonl()).text(),
        arrow: Array.from(new Uint8Array(await (await record.arrow()).arrayBuffer())),
        minari: Array.from(new Uint8Array(await (await record.minari()).arrayBuffer())),
        text: await record.text(),
        name: await record.filename(),
      };
    }),
    slowMs,
  );

/** That the tables of a game are what `palaestra export` makes of its record. */
export async function areTheCommands({ csv, jsonl, arrow, minari, text, name }) {
  assert.equal(csv.trimEnd().split('\n').length, 1 + 60);
  assert.equal(csv, await exported(text, name, 'csv'));
  assert.equal(jsonl, await exported(text, name, 'jsonl'));
  const [[, table]] = await exportedFiles(text, name, 'arrow');
  assert.ok(Buffer.from(arrow).equals(table), 'another table in columns');
  const sets = await exportedFiles(text, name, 'minari');
  assert.deepEqual(new Map([...unzipped(Buffer.from(minari))].sort()), new Map([...sets].sort()));
}
