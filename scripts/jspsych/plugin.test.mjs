// The jsPsych plugin, with a game that says what the test has it say: www/jspsych.js itself, but for what it imports.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** What stands beside the plugin for the page's script. */
const stub = `export const play = (options) => globalThis.stubbedPlay(options);
export const preload = async () => {};
export const registry = new Map([['overcooked_ai/cramped_room', { agents: 2, agentsFrom: [], arguments: [] }]]);
`;
class Observer {
  disconnect() {}
}

const header = { env_id: 'overcooked_ai/cramped_room', seed: 7 };
const lines = '{"type":"step","hash":"0123456789abcdef"}\n';
const metrics = { keypressTimestamp: NaN };
/** A step of a game for one, but for what a test says. */
const step = (row) => ({
  ...{ frameNumber: 1, episode: 1, action: 0, reward: 1, score: 1, terminated: false, truncated: false, metrics },
  ...row,
});
/** One of a game for two. */
const both = (one, other) => ({ agent_0: one, agent_1: other });
const together = (row) =>
  step({
    ...{ action: both(0, 1), reward: both(1, 2), score: both(1, 2) },
    ...{ terminated: both(false, false), truncated: both(false, false) },
    ...row,
  });

describe("the jsPsych plugin's data", () => {
  let Plugin;
  /** What `play` was given, what the page reported, and what the time is. */
  let asked;
  let reported;
  let now;

  let folder;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palaestra-jspsych-'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    await writeFile(join(folder, 'palaestra.js'), stub);
    await copyFile(new URL('../../www/jspsych.js', import.meta.url), join(folder, 'jspsych.js'));
    ({ default: Plugin } = await import(pathToFileURL(join(folder, 'jspsych.js')).href));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => {
    reported = [];
    asked = undefined;
    now = 0;
  });

  /** A trial's data: of a game with these steps, each at its time `at` if it has one. */
  const dataOf = async (t, steps, { trial = {}, record = {}, summary = {}, metrics: faulty = {} } = {}) => {
    const page = {
      document: Object.assign(new EventTarget(), { hidden: false }),
      MutationObserver: Observer,
      reportError: (error) => reported.push(error.message),
      stubbedPlay(options) {
        asked = options;
        for (const { at = now, ...row } of steps) {
          now = at;
          options.onStep(row);
        }
        const percentiles = { count: steps.length, p50: NaN, p95: NaN, p99: NaN, max: NaN };
        return {
          pipelineMetrics: {
            summary: () => ({ total: percentiles, animationFrames: 0, droppedFrames: 0, ...summary }),
            history: () => ({ firstFrame: 1, paintTimestamp: new Float64Array(steps.length) }),
            ...faulty,
          },
          finished: Promise.resolve({
            ...{ header, steps: steps.length, reason: 'complete' },
            text: async () => lines,
            discard() {},
            verification: async () => ({ identical: true }),
            ...record,
          }),
        };
      },
    };
    Object.assign(globalThis, page);
    t.mock.method(performance, 'now', () => now);
    t.after(() => {
      for (const name of Object.keys(page)) delete globalThis[name];
    });
    const parameters = Object.entries(Plugin.info.parameters).map(([name, { default: usual }]) => [name, usual]);
    const all = { ...Object.fromEntries(parameters), env: header.env_id, ...trial };
    return new Plugin({}).simulate(all, 'data-only');
  };

  test('of a game for one and one for two: episodes, actions, the sum of the returns', async (t) => {
    const alone = await dataOf(t, [
      step({}),
      step({ frameNumber: 2, score: 2, terminated: true }),
      step({ frameNumber: 3, episode: 2, action: 1 }),
    ]);
    assert.deepEqual(alone.episodes, [
      { episode: 1, steps: 2, score: 2, ended: 'terminated' },
      { episode: 2, steps: 1, score: 1, ended: 'stopped' },
    ]);
    assert.deepEqual(
      [alone.score, alone.actions, alone.resumed_at, alone.state_hash, alone.verified],
      [3, [[[0, 2]], [[1, 1]]], null, '0123456789abcdef', true],
    );
    const two = await dataOf(t, [together({}), together({ frameNumber: 2, episode: 2 })]);
    assert.deepEqual(two.score, both(2, 4));
    assert.equal((await dataOf(t, [])).score, null);
  });

  test('cannot be simulated where nobody knows how many agents there are, or others would have to play too', async (t) => {
    const refused = /: it cannot be simulated$/;
    await assert.rejects(dataOf(t, [], { trial: { match: { lobby: 'pilot' } } }), refused);
    await assert.rejects(dataOf(t, [], { trial: { env: 'guest/module' } }), refused);
    assert.equal(asked, undefined);
  });

  test('of an episode that is over for each agent in a way of its own', async (t) => {
    const endedWith = async (terminated, truncated) =>
      (await dataOf(t, [together({ terminated, truncated })])).episodes[0].ended;
    assert.equal(await endedWith(both(true, false), both(false, true)), 'truncated');
    assert.equal(await endedWith(both(true, true), both(false, true)), 'terminated');
    assert.equal(await endedWith(both(false, true), both(true, true)), 'truncated');
    assert.equal(await endedWith(both(true, false), both(true, false)), 'stopped');
  });

  test('of a match that the page came back to: what it played since', async (t) => {
    const data = await dataOf(t, [
      // A page that did not see the episode begin is told no return of it.
      together({ frameNumber: 91, episode: 3, score: both(0, 0) }),
      together({ frameNumber: 92, episode: 3, score: both(0, 0), truncated: both(true, true) }),
      together({ frameNumber: 93, episode: 4 }),
    ]);
    assert.equal(data.resumed_at, 90);
    assert.deepEqual(data.episodes, [
      { episode: 3, steps: 2, score: both(2, 4), ended: 'truncated' },
      { episode: 4, steps: 1, score: both(1, 2), ended: 'stopped' },
    ]);
    assert.deepEqual(data.actions, [[[both(0, 1), 2]], [[both(0, 1), 1]]]);
    assert.deepEqual(data.score, both(3, 6));
    assert.deepEqual(reported, []);
    // As jsPsych keeps them.
    assert.deepEqual(JSON.parse(JSON.stringify(data)), data);
  });

  test('of an episode in which the page came back to the first one', async (t) => {
    const data = await dataOf(t, [step({ frameNumber: 31, score: 0 }), step({ frameNumber: 32, score: 0 })]);
    assert.deepEqual([data.resumed_at, data.score, data.episodes.length], [30, 2, 1]);
  });

  test('of a game with more steps than the page keeps the stamps of', async (t) => {
    // Ten minutes at sixty pictures a second, of which the page has the last second.
    const steps = [0, 300_000, 600_000].map((at, i) => step({ at, frameNumber: i + 1 }));
    const second = Float64Array.from({ length: 60 }, (_, i) => 599_000 + i * (1000 / 60));
    const history = () => ({ firstFrame: 35_941, stepBeginTimestamp: second, paintTimestamp: second });
    const metrics = { history };
    const summary = { animationFrames: 36_000 };
    const data = await dataOf(t, steps, { summary, metrics });
    assert.deepEqual([data.display_rate, 'first_frame' in data, 'metricsCapacity' in asked], [60, false, false]);
    const stamped = await dataOf(t, steps, { trial: { save_pipeline_metrics: true }, summary, metrics });
    assert.equal(asked.metricsCapacity, 1_000_000);
    assert.equal(stamped.first_frame, 35_941);
    assert.deepEqual(stamped.pipeline_metrics, {
      stepBeginTimestamp: Array.from(second),
      paintTimestamp: Array.from(second),
    });
    // Without a picture there is no display.
    assert.equal((await dataOf(t, steps)).display_rate, null);
    assert.equal((await dataOf(t, [step({})], { summary })).display_rate, null);
  });

  test('the browser keeps the record until they are there, and for good where its text could not be had', async (t) => {
    const heard = [];
    const record = {
      text: async (options) => {
        heard.push(['text', options]);
        return lines;
      },
      verification: async () => {
        await new Promise((replayed) => setImmediate(replayed));
        heard.push('verified');
        return { identical: true };
      },
      discard: () => heard.push('discarded'),
    };
    await dataOf(t, [step({})], { record });
    assert.deepEqual(heard.splice(0), [['text', { keep: true }], 'verified', 'discarded']);
    const text = () => Promise.reject(new Error('no text'));
    await dataOf(t, [step({})], { record: { ...record, text } });
    assert.deepEqual(heard, ['verified']);
  });

  test('whatever of them cannot be had is null, and the page is told', async (t) => {
    const fails = (what) => async () => {
      throw new Error(what);
    };
    const record = { text: fails('no text'), verification: fails('no verdict') };
    const metrics = Object.fromEntries(
      ['summary', 'history'].map((name) => [
        name,
        () => {
          throw new Error(`no ${name}`);
        },
      ]),
    );
    const trial = { save_trajectory: 'full', save_pipeline_metrics: true };
    const data = await dataOf(t, [step({})], { trial, record, metrics });
    assert.deepEqual(
      [data.steps, data.score, data.trajectory, data.state_hash, data.verified, data.latency, data.pipeline_metrics],
      [1, 1, null, null, null, null, null],
    );
    assert.deepEqual([data.first_frame, data.display_rate], [null, null]);
    assert.deepEqual(reported, ['no text', 'no summary', 'no verdict', 'no history']);
  });
});
