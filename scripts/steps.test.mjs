// Steps that a script asks for and settles, at a Worker that answers what the test says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from './browser/until.mjs';
import { ActionWriter } from '../crates/page/src/codec/actions.js';
import { ReturnsReader } from '../crates/page/src/codec/returns.js';
import { StepRequests } from '../crates/page/src/codec/steps.js';
import { operations, outcomeBytes, replyBody, requestPayload, scriptRequests } from '../crates/page/src/protocol.js';

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

/** A Worker that keeps the requests, with the steps that are asked of it. */
function opened() {
  const [posted, adopted, heard] = [[], [], []];
  const worker = /** @type {any} */ ({
    onmessage: ({ data }) => heard.push(data),
    postMessage: (buffer) => posted.push(new DataView(buffer.slice(0))),
  });
  const adopt = (id, request) => adopted.push([id, request]);
  const steps = new StepRequests(worker, new ReturnsReader(spec), new ActionWriter(spec), 1000, adopt);
  return { steps, posted, adopted, heard, say: (data) => worker.onmessage({ data }) };
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

test('a step is a message with its action and a number of its own, and the reply to it its result', async () => {
  const { steps, posted, heard, say } = opened();
  const [first, second] = [steps.step(2, {}), steps.step(1, {})];
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

test('what is no reply to one of them goes to whoever listened before', () => {
  const { steps, posted, heard, adopted, say } = opened();
  void steps.step(0, {});
  const others = ['text', { spec: 1 }, [reply(idOf(posted[0]), 1)], new ArrayBuffer(3), reply(5, 1)];
  for (const other of others) say(other);
  assert.deepEqual(heard, others);
  assert.deepEqual(adopted, []);
  // A second reply to the same.
  say(reply(idOf(posted[0]), 1));
  say(reply(idOf(posted[0]), 1));
  assert.equal(heard.length, others.length + 1);
});

test('a reply that is an error, of another length or of another kind is left to others, and so is its request', async () => {
  /** @type {NonNullable<Parameters<typeof reply>[2]>[]} */
  const unusual = [{ status: 1, kind: 3 }, { length: 2 ** 31 }, { length: 3 }, { more: 8 }, { kind: operations.reset }];
  for (const told of unusual) {
    const { steps, posted, heard, adopted, say } = opened();
    const promise = steps.step(0, {});
    const data = reply(idOf(posted[0]), 1, told);
    say(data);
    assert.deepEqual(heard, [data], JSON.stringify(told));
    const [[id, request]] = adopted;
    assert.equal(id, idOf(posted[0]));
    request.reject(new Error('theirs'));
    await assert.rejects(settled(promise), /theirs/);
    assert.equal(steps.reject(new Error('the end')), 0);
  }
});

test('an action that is to be looked at more closely is not sent, nor one whose own code ends the environment', () => {
  const { steps, posted } = opened();
  for (const action of [3, -1, '1', null, undefined, 1n]) assert.equal(steps.step(action, {}), undefined);
  const several = opened();
  const joint = { ...spec, agents: ['agent_0', 'agent_1'], actionSpaces: [spec.actionSpaces[0], spec.actionSpaces[0]] };
  const worker = /** @type {any} */ ({ onmessage() {}, postMessage: () => posted.push(1) });
  const ended = new StepRequests(worker, new ReturnsReader(joint), new ActionWriter(joint), 1000, () => {});
  const action = {
    agent_0: 1,
    get agent_1() {
      ended.reject(new Error('closed in the middle'));
      return 1;
    },
  };
  assert.equal(ended.step(action, {}), undefined);
  assert.deepEqual([posted, several.posted], [[], []]);
});

test('they are late by their own time, and end together', async () => {
  const { steps, posted, heard, say } = opened();
  assert.equal(steps.wait(2000), false);
  const first = steps.step(0, {});
  assert.equal(steps.wait(600), false);
  const second = steps.step(0, {});
  assert.equal(steps.wait(399), false);
  assert.equal(steps.wait(2), true, 'the first has waited for 1001 ms');
  say(reply(idOf(posted[0]), 1));
  await settled(first);
  assert.equal(steps.wait(0), false);
  assert.equal(steps.reject(new Error('the end')), 1);
  await assert.rejects(settled(second), /the end/);
  assert.equal(steps.step(0, {}), undefined);
  const late = reply(idOf(posted[1]), 1);
  say(late);
  assert.deepEqual(heard, [late]);
});
