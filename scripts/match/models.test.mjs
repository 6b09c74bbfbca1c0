import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digest, InOrder, modelsOf } from '../../crates/page/src/match/models.js';

const person = (seat) => ({ seat, agent: `adversary_${seat}`, kind: 'person' });
const model = { onnx: 'models/a.onnx', sample: true };

test('models are those of seats without a person, from where the page says', () => {
  const seats = [person(0), person(1), { seat: 2, agent: 'agent_0', kind: 'policy', policy: model }];
  const matched = { seats, policy: model, dropout: 'pause', dropout_policy: model };
  const found = (options) =>
    modelsOf(matched, { match: {}, ...options }).map(({ seat, policy: { digest: _, ...policy } }) => [seat, policy]);
  const named = 'models/a.onnx';
  for (const none of [{}, { seats: null }]) assert.deepEqual(found(none), [[2, { ...model, named }]]);
  for (const options of [
    { match: { policy: { onnx: 'b.onnx' } } },
    { seats: { agent_2: { onnx: 'b.onnx' } }, match: { policy: { onnx: 'c.onnx' } } },
    { seats: { agent_0: { onnx: 'b.onnx' } } },
  ]) {
    assert.deepEqual(found(options), [[2, { onnx: 'b.onnx', sample: true, named }]], JSON.stringify(options));
  }
  const random = { ...matched, seats: [person(0), { seat: 1, agent: 'agent_1', kind: 'policy', policy: 'random' }] };
  assert.deepEqual(modelsOf(random, { match: {} }), []);
});

test('where a model takes the seat of who leaves, it is there for every person', () => {
  const matched = { seats: [person(0), person(1)], dropout: 'continue', dropout_policy: model };
  assert.deepEqual(
    modelsOf(matched, { match: {} }).map(({ seat, agent }) => [seat, agent]),
    [
      [0, 'adversary_0'],
      [1, 'adversary_1'],
    ],
  );
});

test("a page's own address of the lobby's model is for the seats that have it, and for no other model's", () => {
  const at = (onnx) => ({ onnx });
  const found = (matched, options) => modelsOf(matched, options).map(({ policy }) => policy.onnx);
  const policySeat = (seat, agent, policy) => ({ seat, agent, kind: 'policy', policy });
  const two = [policySeat(2, 'agent_2', at('a.onnx')), policySeat(3, 'agent_3', at('b.onnx'))];
  const matched = { seats: [person(0), person(1), ...two], policy: at('a.onnx'), dropout: 'pause' };
  assert.deepEqual(found(matched, { match: { policy: at('a.onnx') } }), ['a.onnx', 'b.onnx']);
  assert.deepEqual(found(matched, { match: { policy: at('own.onnx') } }), ['own.onnx', 'b.onnx']);
  assert.deepEqual(found({ ...matched, policy: 'random' }, { match: { policy: at('a.onnx') } }), ['a.onnx', 'b.onnx']);
  const own = { seats: { agent_3: at('c.onnx') }, match: { policy: at('own.onnx') } };
  assert.deepEqual(found(matched, own), ['own.onnx', 'c.onnx']);
  const leavers = { seats: [person(0), person(1)], policy: at('a.onnx'), dropout: 'continue' };
  const takenBy = (policy) => found({ ...leavers, dropout_policy: at(policy) }, { match: { policy: at('own.onnx') } });
  assert.deepEqual(takenBy('c.onnx'), ['c.onnx', 'c.onnx']);
  assert.deepEqual(takenBy('a.onnx'), ['own.onnx', 'own.onnx']);
});

test('an agent that is called like another by its number is the one that is meant', () => {
  // simple_tag: the names are the environment's, and one of them counts only the good agents.
  const agents = ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'];
  const seats = agents.map((agent, seat) => ({ seat, agent, kind: 'policy', policy: model }));
  const found = modelsOf(
    { seats, policy: 'idle', dropout: 'pause' },
    { seats: { agent_0: { onnx: 'b.onnx' } }, match: {} },
  );
  assert.deepEqual(
    found.map(({ policy }) => policy.onnx),
    ['models/a.onnx', 'models/a.onnx', 'models/a.onnx', 'b.onnx'],
  );
});

test('a file is known by its SHA-256', async () => {
  // FIPS 180-4's example.
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.equal(await digest(new TextEncoder().encode('abc').buffer), expected);
});

test('what waits for something holds up what comes after it, and nothing else', async () => {
  const heard = [];
  const words = new InOrder((event) => heard.push(event));
  assert.equal(words.add('a'), undefined);
  assert.deepEqual(heard, ['a']);
  let come;
  const needed = new Promise((resolve) => {
    come = resolve;
  });
  const all = [words.add('b', needed), words.add('c'), words.add('d')];
  await Promise.resolve();
  assert.deepEqual(heard, ['a']);
  come();
  await Promise.all(all);
  assert.deepEqual(heard, ['a', 'b', 'c', 'd']);
  words.add('e');
  assert.deepEqual(heard.at(-1), 'e');
});

test('what does not come is told, and what came after it is heard by nobody', async () => {
  const heard = [];
  const words = new InOrder((event) => heard.push(event));
  const late = Promise.reject(new Error('no part'));
  const told = [words.add('a', late), words.add('b')].map((held) => held.catch(({ message }) => message));
  assert.deepEqual(await Promise.all(told), ['no part', 'no part']);
  assert.deepEqual(heard, []);
});
