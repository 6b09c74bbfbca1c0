// Steps that a script asks for and settles, at a Worker that answers what the test says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from './browser/until.mjs';
import { ActionWriter } from '../crates/page/src/codec/actions.js';
import { ReturnsReader } from '../crates/page/src/codec/returns.js';
import { StepRequests } from '../crates/page/src/codec/steps.js';
import { PalaestraError } from '../crates/page/src/page.js';
import {
  errorCodes,
  operations,
  outcomeBytes,
  replyBody,
  requestPayload,
  scriptRequests,
} from '../crates/page/src/protocol.js';

const none = { type: 'None' };
const spec = /** @type {any} */ ({
  agents: ['agent_0'],
  actionSpaces: [{ type: 'Discrete', n: 3, start: 0 }],
  observationSpaces: [{ type: 'Discrete', n: 100, start: 0 }],
  observation: 'own',
  clipsActions: false,
  resetInfo: none,
  stepInfo: none,
});

/** A Worker that keeps the requests, with the steps that are asked of it until the test ends. */
function opened(t) {
  const [posted, lates, heard] = [[], [], []];
  const worker = /** @type {any} */ ({
    onmessage: ({ data }) => heard.push(data),
    postMessage: (buffer) => posted.push(new DataView(buffer.slice(0))),
  });
  const env = { late: () => lates.push(1) };
  const steps = new StepRequests(PalaestraError, worker, new ReturnsReader(spec), new ActionWriter(spec), 1000);
  t.after(() => steps.reject(new Error('the test is over')));
  return { steps, env, posted, lates, heard, say: (data) => worker.onmessage({ data }) };
}

/** A reply to a step that observed a number and earned 1.5. */
function reply(
  id,
  observed,
  { status = 0, kind = /** @type {number} */ (operations.step), length = outcomeBytes + 8, more = 0 } = {},
) {
  const view = new DataView(new ArrayBuffer(replyBody + 4 + outcomeBytes + 8 + more));
  view.setUint8(0, status);
  view.setUint8(1, kind);
  view.setUint32(4, id, true);
  view.setUint32(replyBody, length, true);
  view.setFloat64(replyBody + 4, 1.5, true);
  view.setUint32(replyBody + 4 + outcomeBytes, observed, true);
  return view.buffer;
}

const idOf = (view) => view.getUint32(4, true);
const settled = (promise) => within('the step to settle', promise, 1000);

test('a step is a message with its action and a number of its own, and the reply to it its result', async (t) => {
  const { steps, env, posted, heard, say } = opened(t);
  const [first, second] = [steps.step(2, env), steps.step(1, env)];
  assert.deepEqual(
    posted.map((view) => [view.getUint8(0), view.getInt32(requestPayload, true)]),
    [
      [operations.step, 2],
      [operations.step, 1],
    ],
  );
  const ids = posted.map(idOf);
  assert.ok(ids[0] > scriptRequests && ids[1] === ids[0] + 1, ids.join());
  // Whichever is answered first.
  say(reply(ids[1], 8));
  say(reply(ids[0], 7));
  const returned = { reward: 1.5, terminated: false, truncated: false, info: null };
  assert.deepEqual(await settled(first), { observation: 7, ...returned });
  assert.deepEqual(await settled(second), { observation: 8, ...returned });
  assert.deepEqual(heard, []);
});

test('what is no reply to one of them goes to whoever listened before', (t) => {
  const { steps, env, posted, heard, lates, say } = opened(t);
  void steps.step(0, env);
  const others = ['text', { spec: 1 }, [reply(idOf(posted[0]), 1)], new ArrayBuffer(3), reply(5, 1)];
  for (const other of others) say(other);
  assert.deepEqual(heard, others);
  assert.deepEqual(lates, []);
  // A second reply to the same.
  say(reply(idOf(posted[0]), 1));
  say(reply(idOf(posted[0]), 1));
  assert.equal(heard.length, others.length + 1);
});

test('a reply that is an error rejects its step, with its code and its words', async (t) => {
  const { steps, env, posted, heard, say } = opened(t);
  const message = (id, kind, text) => {
    const words = new TextEncoder().encode(text);
    const bytes = new Uint8Array(replyBody + words.length);
    bytes.set(new Uint8Array(reply(id, 0, { status: 1, kind })).subarray(0, replyBody));
    bytes.set(words, replyBody);
    return bytes.buffer;
  };
  const [refused, silent, unknown] = [steps.step(0, env), steps.step(0, env), steps.step(0, env)];
  const [first, second, third] = posted.map(idOf);
  say(message(first, errorCodes.out_of_order, 'expected reset() first'));
  say(message(second, errorCodes.bad_state, ''));
  say(message(third, 255, 'who knows'));
  await assert.rejects(settled(refused), {
    name: 'PalaestraError',
    code: 'out_of_order',
    message: 'expected reset() first',
  });
  await assert.rejects(settled(silent), { code: 'bad_state', message: '' });
  await assert.rejects(settled(unknown), { code: 'bad_message', message: /the code of an error, found 255/ });
  assert.deepEqual(heard, []);
});

test('returns that cannot be read reject their step, and no other', async (t) => {
  const { steps, env, posted, say } = opened(t);
  for (const told of [{ length: 2 ** 31 }, { length: 3 }, { more: 8 }, { length: outcomeBytes + 16, more: 8 }]) {
    const step = steps.step(0, env);
    say(reply(idOf(posted.at(-1)), 1, told));
    await assert.rejects(
      settled(step),
      { code: 'bad_message', message: /^returns of the Worker: / },
      JSON.stringify(told),
    );
  }
  const short = steps.step(0, env);
  say(reply(idOf(posted.at(-1)), 1).slice(0, replyBody));
  await assert.rejects(settled(short), { code: 'bad_message' });
  const next = steps.step(0, env);
  say(reply(idOf(posted.at(-1)), 5));
  assert.equal((await settled(next)).observation, 5);
});

test('what is no reply to a step under the number of one is left to whoever listens, who ends them all', async (t) => {
  for (const told of [{ status: 2 }, { kind: operations.reset }]) {
    const { steps, env, posted, heard, say } = opened(t);
    const step = steps.step(0, env);
    const data = reply(idOf(posted[0]), 1, told);
    say(data);
    assert.deepEqual(heard, [data]);
    assert.equal(steps.reject(new Error('a bad message')), 1);
    await assert.rejects(settled(step), /a bad message/);
  }
});

test('an action that is to be looked at more closely is not sent, nor one whose own code ends the environment', (t) => {
  const { steps, env, posted } = opened(t);
  for (const action of [3, -1, '1', null, undefined, 1n]) assert.equal(steps.step(action, env), undefined);
  const joint = { ...spec, agents: ['agent_0', 'agent_1'], actionSpaces: [spec.actionSpaces[0], spec.actionSpaces[0]] };
  const worker = /** @type {any} */ ({ onmessage() {}, postMessage: () => posted.push(1) });
  const ended = new StepRequests(PalaestraError, worker, new ReturnsReader(joint), new ActionWriter(joint), 1000);
  t.after(() => ended.reject(new Error('the test is over')));
  const action = {
    agent_0: 1,
    get agent_1() {
      ended.reject(new Error('closed in the middle'));
      return 1;
    },
  };
  assert.equal(ended.step(action, { late() {} }), undefined);
  assert.deepEqual(posted, []);
});

test('they are late by their own time, of which a sleep counts little, and end together', async (t) => {
  let clock = 0;
  t.mock.timers.enable({ apis: ['setInterval'] });
  t.mock.method(performance, 'now', () => clock);
  /** Lets time pass: `looks` times so many milliseconds. */
  const pass = (looks, ms) => {
    for (let i = 0; i < looks; i += 1) {
      clock += ms;
      t.mock.timers.tick(100);
    }
  };
  const { steps, env, posted, heard, lates, say } = opened(t);
  pass(20, 100);
  const first = steps.step(0, env);
  pass(6, 100);
  const second = steps.step(0, env);
  // An hour of sleep.
  pass(1, 3_600_000);
  assert.deepEqual(lates, [], 'the first has waited for 750 ms of 1000');
  say(reply(idOf(posted[0]), 1));
  await first;
  pass(9, 100);
  assert.deepEqual(lates, [], 'the second for 900 ms: whose time the sleep was, before its first look, nobody knows');
  pass(1, 100);
  assert.deepEqual(lates, [1]);
  assert.equal(steps.reject(new Error('the end')), 1);
  await assert.rejects(second, /the end/);
  pass(20, 100);
  assert.equal(lates.length, 1, 'nobody looks any more');
  assert.equal(steps.step(0, env), undefined);
  const late = reply(idOf(posted[1]), 1);
  say(late);
  assert.deepEqual(heard, [late]);
});
