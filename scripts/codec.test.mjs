// What the page's JavaScript writes and reads, to the byte, and what it leaves to Rust: actions that are none, and bytes that are no member.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ActionWriter } from '../crates/page/src/codec/actions.js';
import { elementsOf, ReturnsReader } from '../crates/page/src/codec/returns.js';
import { Source } from '../crates/page/src/codec/source.js';
import { readMany } from '../crates/page/src/codec/rows.js';
import { readSpec } from '../crates/page/src/codec/spec.js';
import {
  manyRewards,
  outcomeBytes,
  outcomeFlags,
  requestPayload,
  rowsPerBlock,
  spaceKinds,
} from '../crates/page/src/protocol.js';

const discrete = (n, start = 0) => ({ type: 'Discrete', n, start });
const box = (low, high, shape, dtype = 'float32') => ({ type: 'Box', low, high, shape, dtype });
const none = { type: 'None' };

/** A spec with these action spaces, an agent each. */
const acts = (actionSpaces, clipsActions = false) => ({
  agents: actionSpaces.map((_, i) => `agent_${i}`),
  actionSpaces,
  clipsActions,
});

const list = (bytes) => bytes && Array.from(bytes);
const i64 = (...values) => list(new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
const u32 = (...values) => list(new Uint8Array(Uint32Array.from(values).buffer));
const f32 = (...values) => list(new Uint8Array(Float32Array.from(values).buffer));

/** What is written of actions one by one, and of all of them together, which is the same. */
function written(spec, ...actions) {
  const each = actions.map((action) => list(new ActionWriter(spec).write(action)));
  const together = new ActionWriter(spec).writeMany(actions);
  assert.deepEqual(list(together), each.includes(undefined) ? undefined : each.flat());
  if (together)
    assert.deepEqual(
      [together.byteOffset, together.buffer.byteLength],
      [requestPayload, requestPayload + together.length],
    );
  return each;
}

/**
 * Actions of a space with their bytes, and values that are left to others.
 *
 * @type {{ space: any, takes: any[][], leaves: any[] }[]}
 */
const spaces = [
  {
    space: discrete(3),
    takes: [
      [0, i64(0)],
      [2, i64(2)],
    ],
    leaves: [3, -1, 0.5, Number.NaN, '1', null, true, [1]],
  },
  {
    space: discrete(4, -2),
    takes: [
      [-2, i64(-2)],
      [1, i64(1)],
    ],
    leaves: [2, -3],
  },
  { space: discrete(2, 300), takes: [[301, i64(301)]], leaves: [1, 302] },
  {
    space: { type: 'MultiDiscrete', nvec: [2, 300, 1] },
    takes: [
      [[1, 299, 0], i64(1, 299, 0)],
      [Int32Array.of(0, 7, 0), i64(0, 7, 0)],
    ],
    leaves: [[2, 0, 0], [0, 300, 0], [0, 0, 1], [0, 0], [0, 0, 0, 0], 0, 'abc', { length: 3, 0: 0, 1: 0, 2: 0 }],
  },
  {
    space: { type: 'MultiBinary', n: 3 },
    takes: [
      [
        [1, 0, 1],
        [1, 0, 1],
      ],
      [Uint8Array.of(0, 1, 1), [0, 1, 1]],
    ],
    leaves: [[0, 2, 0], [0, 0], [0, 0, 0, 0], [0, 0, -1], new DataView(new ArrayBuffer(3))],
  },
  {
    space: box([-1], [2], [1]),
    takes: [
      [0.1, f32(0.1)],
      [[2], f32(2)],
      [[-1], f32(-1)],
    ],
    leaves: [2.1, -1.1, Number.NaN, ['1'], [], 'x'],
  },
  { space: box([-1], [1], []), takes: [[0.5, f32(0.5)]], leaves: [1.5] },
  // Its bounds are numbers of float32, as what is written is.
  {
    space: box([0.1], [0.2], [1]),
    takes: [
      [0.1, f32(0.1)],
      [0.2, f32(0.2)],
    ],
    leaves: [0.09],
  },
  {
    space: box([-1, -2], [1, 3], [2]),
    takes: [
      [[1, -2], f32(1, -2)],
      [Float64Array.of(-1, 3), f32(-1, 3)],
    ],
    leaves: [[0, 3.5], [-1.5, 0], [1], [0, 0, 0], 1, [0, '1']],
  },
  {
    space: box([-1], [1], [2]),
    takes: [[[1, -1], f32(1, -1)]],
    leaves: [
      [0, 1.5],
      [0, -1.5],
    ],
  },
  {
    space: none,
    takes: [
      [null, []],
      [undefined, []],
    ],
    leaves: [0],
  },
  {
    space: { type: 'OneOf', spaces: [none, discrete(3), { type: 'MultiBinary', n: 2 }, box([0], [1], [1])] },
    takes: [
      [null, [0]],
      [2, [1, ...i64(2)]],
      [
        [1, 1],
        [2, 1, 1],
      ],
    ],
    // One that may be a member of several is looked at more closely.
    leaves: [3, 0.5, [1], [0.5], 'x'],
  },
  {
    space: { type: 'OneOf', spaces: [box([-1], [1], [1]), none] },
    takes: [
      [0.5, [0, ...f32(0.5)]],
      [null, [1]],
    ],
    leaves: [2],
  },
];

test('actions are written as the bytes of their space, and what is none is left to others', () => {
  for (const { space, takes, leaves } of spaces) {
    for (const [action, bytes] of takes) assert.deepEqual(written(acts([space]), action), [bytes], space.type);
    for (const other of leaves) assert.deepEqual(written(acts([space]), other), [undefined], `${space.type}: ${other}`);
    const all = takes.map(([, bytes]) => bytes);
    assert.deepEqual(written(acts([space]), ...takes.map(([action]) => action)), all, space.type);
  }
});

test('an environment that clips takes any finite number', () => {
  const clips = acts([box([-1], [1], [1])], true);
  assert.deepEqual(written(clips, 7), [f32(7)]);
  for (const wrong of [Infinity, 1e39, Number.NaN]) assert.deepEqual(written(clips, wrong), [undefined]);
});

test('what no writer is quick at is left to others as a whole', () => {
  for (const space of [
    box([0], [255], [2], 'uint8'),
    box([0], [1], [1, 1]),
    { type: 'Text' },
    { type: 'OneOf', spaces: [none, { type: 'Text' }] },
  ]) {
    assert.deepEqual(written(acts([space]), [0, 0]), [undefined]);
    assert.deepEqual(written(acts([discrete(2), space]), { agent_0: 0, agent_1: 0 }), [undefined]);
  }
});

test('several agents are keyed by their names, and nobody else is', () => {
  const spec = acts([discrete(2), { type: 'OneOf', spaces: [none, discrete(2)] }, box([0], [1], [1])]);
  const action = { agent_2: 0.5, agent_0: 1, agent_1: null };
  const bytes = [...i64(1), 0, ...f32(0.5)];
  assert.deepEqual(written(spec, action, { ...action, agent_1: 1 }, action), [
    bytes,
    [...i64(1), 1, ...i64(1), ...f32(0.5)],
    bytes,
  ]);
  for (const wrong of [
    null,
    1,
    [1, null, 0.5],
    { agent_0: 1 },
    { ...action, agent_3: 1 },
    { ...action, agent_0: 2 },
    { ...action, agent_2: 2 },
  ]) {
    assert.deepEqual(written(spec, wrong), [undefined], JSON.stringify(wrong));
    assert.deepEqual(written(spec, action, wrong, action)[1], undefined);
  }
  const throws = {
    agent_0: 1,
    agent_1: null,
    get agent_2() {
      throw new Error('its own code');
    },
  };
  assert.deepEqual(written(spec, throws), [undefined]);
});

test('agents whose actions are numbers may name them in any order, of their own or inherited', () => {
  const spec = acts([discrete(3), discrete(4, -2)]);
  const action = { agent_0: 2, agent_1: -2 };
  const bytes = i64(2, -2);
  const inherits = Object.assign(Object.create({ agent_1: 1 }), { agent_0: 0 });
  assert.deepEqual(written(spec, action, action), [bytes, bytes]);
  assert.deepEqual(written(spec, action, { agent_1: 1, agent_0: 0 }, action), [bytes, i64(0, 1), bytes]);
  assert.deepEqual(list(new ActionWriter(spec).writeMany([action, inherits])), [...bytes, ...i64(0, 1)]);
  for (const wrong of [null, 2, 'ab', { agent_0: 2 }, { ...action, agent_2: 0 }, { ...action, agent_1: 2 }]) {
    assert.deepEqual(written(spec, wrong), [undefined], JSON.stringify(wrong));
    assert.deepEqual(written(spec, action, wrong, action)[1], undefined);
  }
  const throws = {
    agent_0: 1,
    get agent_1() {
      throw new Error('its own code');
    },
  };
  assert.deepEqual(written(spec, action, throws)[1], undefined);
});

test('numbers beyond 32 bits are looked at more closely', () => {
  const far = acts([discrete(3, 2 ** 33)]);
  assert.deepEqual(written(far, 2 ** 33 + 1), [undefined]);
  assert.deepEqual(written(acts([discrete(2, 2 ** 31 - 1)]), 2 ** 31 - 1), [i64(2 ** 31 - 1)]);
});

test('a request with an action is as long as it has to be, and written into one buffer', () => {
  const spec = acts([{ type: 'OneOf', spaces: [none, discrete(3)] }]);
  const writer = new ActionWriter(spec);
  const request = (action, operation, id) =>
    writer.holds(action) && list(new Uint8Array(writer.request(operation, id)));
  const head = [7, 0, 0, 0, ...u32(0x01020304)];
  assert.deepEqual(request(2, 7, 0x01020304), [...head, 1, ...i64(2)]);
  assert.deepEqual(request(null, 7, 0x01020304), [...head, 0]);
  assert.equal(request(3, 7, 1), false);
  assert.deepEqual(request(0, 1, 0xfffffffe), [1, 0, 0, 0, ...u32(0xfffffffe), 1, ...i64(0)]);
  assert.ok(writer.holds(1));
  assert.equal(writer.request(1, 1), writer.request(1, 2));
});

const observes = (space, agents = ['agent_0'], more = {}) => ({
  ...{
    agents,
    observation: 'shared',
    observationSpaces: agents.map(() => space),
    actionSpaces: agents.map(() => discrete(3)),
  },
  ...{ resetInfo: none, stepInfo: none, ...more },
});
/** Bytes of what was earned, and what follows them. */
const returned = (outcomes, ...rest) => {
  const head = new Uint8Array(outcomeBytes * outcomes.length);
  outcomes.forEach(([reward, flags], i) => {
    new DataView(head.buffer).setFloat64(outcomeBytes * i, reward, true);
    head[outcomeBytes * i + outcomeFlags] = flags;
  });
  return Uint8Array.from([...head, ...rest.flat()]);
};
const read = (space, ...bytes) => new ReturnsReader(observes(space)).step(returned([[0, 0]], ...bytes)).observation;

test('members of every element type are read, few and many, in memory of their own', () => {
  /** @type {any[][]} */
  const types = [
    ['float32', Float32Array, [1.5, -2]],
    ['float64', Float64Array, [0.1, -2]],
    ['uint8', Uint8Array, [255, 1]],
    ['int8', Int8Array, [-128, 1]],
    ['int32', Int32Array, [-70_000, 3]],
    ['int64', BigInt64Array, [-(2n ** 40n), 3n]],
  ];
  for (const [dtype, Type, values] of types) {
    for (const times of [1, 4, 8, 9, 32, 33, 40]) {
      const expected = Type.from(Array(times).fill(values).flat());
      const bytes = [...list(new Uint8Array(expected.buffer))];
      const [low, shape] = [[0], [times, 2]];
      // Between two texts, so that it begins anywhere.
      const source = returned([[0, 0]], u32(0), bytes, u32(0));
      const text = { type: 'Text' };
      const spec = observes({ type: 'Tuple', spaces: [text, box(low, low, shape, dtype), text] });
      const [, found] = new ReturnsReader(spec).step(source).observation;
      source.fill(99);
      assert.equal(found.constructor, Type);
      assert.deepEqual(found, expected, `${dtype} ${times}`);
      assert.equal(elementsOf({ shape }), 2 * times);
    }
  }
});

test('texts are read anew where they change, in any byte and in their length', () => {
  const reader = new ReturnsReader(observes({ type: 'Text' }));
  const utf8 = new TextEncoder();
  for (const text of [
    '',
    'go up',
    'go up',
    'go uq',
    'ho uq',
    'ho uqs',
    'ho',
    'grün',
    'grün',
    'ab',
    'ac',
    'dd',
    '\ufeffbom',
    '',
  ]) {
    const bytes = utf8.encode(text);
    assert.equal(reader.step(returned([[0, 0]], u32(bytes.length), list(bytes))).observation, text);
  }
  assert.throws(() => reader.step(returned([[0, 0]], u32(1), [255])), TypeError);
});

test('lists, choices and flags are read, and what cannot be is refused before memory is', () => {
  const sequence = (space) => ({ type: 'Sequence', space });
  assert.deepEqual(read(sequence(discrete(9)), u32(2), i64(1, -1)), [1, -1]);
  assert.deepEqual(read(sequence(discrete(9)), u32(0)), []);
  assert.deepEqual(read({ type: 'OneOf', spaces: [none, discrete(9)] }, [1], i64(2 ** 40)), 2 ** 40);
  assert.deepEqual(
    read({ type: 'Dict', spaces: { a: { type: 'Bool' }, b: { type: 'MultiDiscrete', nvec: [3, 3] } } }, [1], i64(2, 1)),
    { a: true, b: [2, 1] },
  );
  assert.throws(() => read({ type: 'OneOf', spaces: [none] }, [1]), /expected one of 1 alternatives, found index 1/);
  /** @type {any[][]} */
  const leastOf = [
    [discrete(9), 8],
    [box([0], [1], [3], 'float64'), 24],
    [{ type: 'MultiDiscrete', nvec: [2, 2] }, 16],
    [{ type: 'MultiBinary', n: 5 }, 5],
    [{ type: 'Tuple', spaces: [discrete(2), { type: 'Bool' }] }, 9],
    [{ type: 'Dict', spaces: { a: discrete(2), b: { type: 'Text' } } }, 12],
    [{ type: 'Text' }, 4],
    [sequence(none), 4],
    [{ type: 'OneOf', spaces: [none, discrete(2)] }, 1],
    [{ type: 'Bool' }, 1],
    [none, 1],
    [{ type: 'Tuple', spaces: [none, { type: 'Bool' }] }, 1],
  ];
  for (const [space, least] of leastOf) {
    // As many members as there are bytes for may follow, and are read; one more is refused by its count.
    const counted = (count, bytes) => read(sequence(space), u32(count), Array(bytes).fill(0));
    assert.throws(() => counted(3, 3 * least - 1), /expected 3 members of a sequence, found \d+ bytes/, space.type);
    const fits = (() => {
      try {
        counted(3, 3 * least);
        return 'read';
      } catch (error) {
        return error.message;
      }
    })();
    assert.doesNotMatch(fits, /members of a sequence/, space.type);
  }
});

test('bytes that end inside a value or go on behind it are told with how many', () => {
  const reader = new ReturnsReader(observes(discrete(2)));
  assert.throws(() => reader.step(returned([[0, 0]], i64(1).slice(0, 5))), /expected 8 more bytes, found 5/);
  assert.throws(() => reader.step(returned([[0, 0]], i64(1), [0])), /found 1 more/);
  const source = new Source(Uint8Array.of(1, 2, 3));
  source.take(1);
  assert.throws(() => source.take(4), /expected 4 more bytes, found 2/);
});

test('what agents share each has a copy of, what they do not share is their own, with what each earned', () => {
  const agents = ['a', 'b'];
  const shared = new ReturnsReader(observes(box([0], [1], [1]), agents));
  const step = shared.step(
    returned(
      [
        [0.5, 1],
        [-1, 2],
      ],
      f32(7),
    ),
  );
  assert.deepEqual(step.observation, { a: Float32Array.of(7), b: Float32Array.of(7) });
  assert.notEqual(step.observation.a, step.observation.b);
  assert.deepEqual(
    [step.reward, step.terminated, step.truncated],
    [
      { a: 0.5, b: -1 },
      { a: true, b: false },
      { a: false, b: true },
    ],
  );
  const own = new ReturnsReader(observes(discrete(9), agents, { observation: 'per_agent', resetInfo: discrete(5) }));
  assert.deepEqual(
    own.reset(
      returned(
        [
          [0, 0],
          [0, 0],
        ],
        i64(3, 4, 2),
      ),
    ),
    { observation: { a: 3, b: 4 }, info: 2 },
  );
  assert.throws(
    () =>
      own.reset(
        returned(
          [
            [0, 0],
            [0, 0],
          ],
          i64(3, 4, 2),
          [0],
        ),
      ),
    /found 1 more/,
  );
  const played = own.played(
    returned(
      [
        [0, 0],
        [0, 0],
      ],
      i64(3, 4),
    ),
    Uint8Array.from(i64(1, 2)),
    [10, 20],
  );
  assert.deepEqual(
    [played.action, played.score, played.observation],
    [
      { a: 1, b: 2 },
      { a: 10, b: 20 },
      { a: 3, b: 4 },
    ],
  );
});

/** Gives the bytes of a step as they are. @type {any} */
const plainReader = { step: (bytes) => list(bytes) };

/** A reply to many steps of `bytes` each, as they are, in parts of so many steps. */
function plainly(steps, stride, perPart) {
  const rewards = Float64Array.from(steps.keys());
  const head = new Uint8Array(manyRewards + rewards.byteLength);
  head.set(u32(steps.length, 1, stride, 0), manyRewards - 16);
  head.set(new Uint8Array(rewards.buffer), manyRewards);
  const parts = [];
  for (let at = 0; at < steps.length; at += perPart)
    parts.push(Uint8Array.from(steps.slice(at, at + perPart).flat()).buffer);
  return [head.buffer, ...parts];
}

test('many steps are found in whatever part they came', () => {
  const reader = new ReturnsReader(observes(discrete(100)));
  const steps = Array.from({ length: 7 }, (_, i) => list(returned([[i, 0]], i64(i))));
  const stride = steps[0].length;
  for (const perPart of [1, 2, 3, 7]) {
    const many = readMany(reader, plainly(steps, stride, perPart));
    assert.deepEqual([many.length, list(many.rewards)], [7, [0, 1, 2, 3, 4, 5, 6]]);
    for (const index of [6, 0, 3, 2, 5, 4, 1]) assert.equal(many.at(index).observation, index);
  }
  const [head, ...parts] = plainly(steps, stride, 3);
  assert.throws(() => readMany(reader, [head, ...parts.slice(1)]), /expected \d+ bytes of returns, found \d+/);
  assert.deepEqual(list(readMany(reader, plainly([], stride, 1)).rewards), []);
});

/** The same in blocks of rows, each row but the first of a block as one word that changed. */
function inBlocks(rows) {
  const blocks = [];
  rows.forEach((row, index) => {
    const words = row.length / 8;
    const first = index % rowsPerBlock === 0;
    if (first) blocks.push([]);
    const whole = [...u32(row.length), 0, words, ...row];
    const changed = [...u32(row.length), words - 1, 1, ...row.slice(-8)];
    blocks.at(-1).push(...(first ? whole : changed));
  });
  const head = new Uint8Array(manyRewards + 8 * rows.length + 4 * blocks.length);
  head.set(u32(rows.length, 1, 0, blocks.length), manyRewards - 16);
  head.set(u32(...blocks.map(({ length }) => length)), manyRewards + 8 * rows.length);
  return [head.buffer, ...blocks.map((block) => Uint8Array.from(block).buffer)];
}

test('rows are read once where they are read in order, and from the beginning of their block where they are not', () => {
  const space = { type: 'MultiDiscrete', nvec: [1000, 1000] };
  const spec = observes({ type: 'Tuple', spaces: [{ type: 'Text' }, space] });
  const reader = new ReturnsReader(spec);
  // Three bytes of text, so that a row is whole words.
  const row = (i) => list(returned([[0, 0]], u32(3), [97, 98, 99], i64(7, i)));
  assert.equal(row(0).length % 8, 0);
  const count = 2 * rowsPerBlock + 5;
  const many = readMany(reader, inBlocks(Array.from({ length: count }, (_, i) => row(i))));
  const at = (index) => many.at(index).observation[1][1];
  const orders = [
    Array.from({ length: count }, (_, i) => i),
    Array.from({ length: count }, (_, i) => count - 1 - i),
    [5, 5, 4, 6, rowsPerBlock, rowsPerBlock - 1, rowsPerBlock - 1, 2 * rowsPerBlock, 0, count - 1, rowsPerBlock + 1],
  ];
  for (const order of orders) for (const index of order) assert.equal(at(index), index, `${index}`);
});

test('rows that are none are refused, with what was expected', () => {
  const reader = new ReturnsReader(observes({ type: 'MultiBinary', n: 23 - outcomeBytes }));
  const block = (...bytes) => {
    const head = new Uint8Array(manyRewards + 8 + 4);
    head.set(u32(1, 1, 0, 1), manyRewards - 16);
    head.set(u32(bytes.length), manyRewards + 8);
    return readMany(reader, [head.buffer, Uint8Array.from(bytes).buffer]);
  };
  const whole = [...u32(23), 0, 3, ...Array(24).fill(0)];
  assert.deepEqual(list(block(...whole).at(0).observation), Array(23 - outcomeBytes).fill(0));
  assert.throws(() => block(...u32(23), 0, 0).at(0), /expected words of a row, found none/);
  assert.throws(() => block(...u32(2 ** 31), 255, 0).at(0), /expected a row that fits its block/);
  assert.throws(() => block(...whole.slice(0, -1)).at(0), /more bytes/);
  assert.throws(
    () => readMany(reader, [new Uint8Array(manyRewards + 8).buffer, new ArrayBuffer(1)]),
    /expected 0 bytes of returns, found 1/,
  );
});

test('rows that are read in order are read once, however few words of them changed', () => {
  const count = 2 * rowsPerBlock + 5;
  const rows = Array.from({ length: count }, (_, i) => [...i64(1, 2, 3), ...i64(i)]);
  const many = readMany(plainReader, inBlocks(rows));
  const { getUint8 } = DataView.prototype;
  let looked = 0;
  DataView.prototype.getUint8 = function (at) {
    looked += 1;
    return getUint8.call(this, at);
  };
  try {
    for (let index = 0; index < count; index += 1) assert.deepEqual(many.at(index), rows[index], `${index}`);
    assert.deepEqual(many.at(count - 1), rows[count - 1], 'the same again');
    assert.equal(looked, 2 * count);
  } finally {
    DataView.prototype.getUint8 = getUint8;
  }
});

test('a row may be longer or shorter than the one before, and as before in any number of words', () => {
  const lengths = [23, 20, 24, 9, 0, 6000, 6000, 6001];
  const rows = lengths.map((length, i) => Array(length).fill(i < 5 ? i + 1 : 7));
  const block = rows.flatMap((row, i) => {
    const words = Math.ceil(row.length / 8);
    const padded = [...row, ...Array(8 * words - row.length).fill(0)];
    const runs = [];
    // The row of 6000 bytes comes once more, and then with one byte more.
    const same = i === 6 ? words : i === 7 ? words - 1 : 0;
    for (let at = 0; at < same; at += 255) runs.push([Math.min(255, same - at), 0]);
    for (let at = same; at < words; at += 255) {
      const changed = Math.min(255, words - at);
      runs.push([0, changed, ...padded.slice(8 * at, 8 * (at + changed))]);
    }
    return [...u32(row.length), ...runs.flat()];
  });
  const head = new Uint8Array(manyRewards + 8 * rows.length + 4);
  head.set(u32(rows.length, 1, 0, 1), manyRewards - 16);
  head.set(u32(block.length), manyRewards + 8 * rows.length);
  const many = readMany(plainReader, [head.buffer, Uint8Array.from(block).buffer]);
  rows.forEach((row, index) => assert.deepEqual(many.at(index), row, `${lengths[index]} bytes`));
});

test('a row of many words that are as before takes a few bytes', () => {
  const block = [...u32(6000), 255, 0, 255, 0, 240, 0];
  const head = new Uint8Array(manyRewards + 8 + 4);
  head.set(u32(1, 1, 0, 1), manyRewards - 16);
  head.set(u32(block.length), manyRewards + 8);
  const many = readMany(plainReader, [head.buffer, Uint8Array.from(block).buffer]);
  assert.deepEqual(many.at(0), Array(6000).fill(0));
});

test('members of a Dict are read in the order of their bytes, also where their names are numbers', () => {
  const text = (value) => [...u32(value.length), ...new TextEncoder().encode(value)];
  const [none, bool, discrete, dict] = ['None', 'Bool', 'Discrete', 'Dict'].map((name) => spaceKinds.indexOf(name));
  // As Gymnasium sorts them: as text.
  const members = [...text('0'), bool, ...text('10'), discrete, ...i64(9, 0), ...text('2'), bool, ...text('map'), bool];
  const spec = readSpec(
    Uint8Array.from([
      ...[...text('Test-v0'), ...u32(1), ...text('agent_0'), ...u32(1), none],
      ...[...u32(1), dict, ...u32(4), ...members, none, none, 0, 0, 1, 0, ...u32(0, 30), ...f32(1.3), 0],
    ]),
  );
  const [space] = spec.observationSpaces;
  assert.deepEqual(Object.keys(space.spaces).sort(), ['0', '10', '2', 'map']);
  assert.deepEqual(read(space, [1], i64(7), [0], [1]), { 0: true, 10: 7, 2: false, map: true });
});

test('a spec says whether actions are clipped, and how its picture is', () => {
  const text = (value) => [...u32(value.length), ...new TextEncoder().encode(value)];
  const kind = spaceKinds.indexOf('None');
  const bytes = (clips) =>
    Uint8Array.from([
      ...[...text('Test-v0'), ...u32(1), ...text('agent_0'), ...u32(1), kind, ...u32(1), kind, kind, kind],
      ...[clips, 0, 1, 0, ...u32(0, 30), ...f32(1.3), 0],
    ]);
  for (const clips of [0, 1]) {
    const spec = readSpec(bytes(clips));
    assert.deepEqual([spec.clipsActions, spec.renderFps, spec.aspect], [clips === 1, 30, Math.fround(1.3)]);
    assert.deepEqual([spec.observation, spec.reward, spec.ended], ['shared', 'per_agent', 'shared']);
  }
});
