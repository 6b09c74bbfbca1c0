// What an environment returned, as JavaScript values: members of spaces, read from bytes at every step. It is JavaScript because a
// value made from WebAssembly crosses the border for each of its parts, and that took longer than the step. The bytes are those of
// crates/env/src/codec.rs, which says what they mean.

import { outcomeBytes, outcomeFlags, terminatedFlag, truncatedFlag } from '../protocol.js';
import { Source, textOf } from './source.js';
import { inOrder } from './spec.js';

const dtypes = {
  float32: { Type: Float32Array, get: (view, at) => view.getFloat32(at, true) },
  float64: { Type: Float64Array, get: (view, at) => view.getFloat64(at, true) },
  uint8: { Type: Uint8Array, get: (view, at) => view.getUint8(at) },
  int8: { Type: Int8Array, get: (view, at) => view.getInt8(at) },
  int32: { Type: Int32Array, get: (view, at) => view.getInt32(at, true) },
  int64: { Type: BigInt64Array, get: (view, at) => view.getBigInt64(at, true) },
};

/** How many elements a member of a Box has. */
export const elementsOf = ({ shape }) => shape.reduce((product, n) => product * n, 1);

function members(count, read, from) {
  const values = [];
  for (let i = 0; i < count; i += 1) values.push(read(from));
  return values;
}

const integer = (from) => from.i64();

/** What is said at one step is mostly what was said at the last. */
function texts() {
  let last = new Uint8Array(0);
  let text = '';
  return (from) => {
    const length = from.u32();
    const at = from.take(length);
    let same = length === last.length;
    for (let i = 0; same && i < length; i += 1) same = from.view.getUint8(at + i) === last[i];
    if (!same) {
      from.at = at;
      const bytes = from.bytes(length);
      [text, last] = [textOf(bytes), bytes];
    }
    return text;
  };
}

/** By type of space: what reads its members. */
const readers = {
  Discrete: () => (from) => from.i64(),
  Box(space) {
    const [dtype, count] = [dtypes[space.dtype], elementsOf(space)];
    return (from) => from.elements(dtype, count);
  },
  MultiDiscrete:
    ({ nvec }) =>
    (from) =>
      members(nvec.length, integer, from),
  MultiBinary:
    ({ n }) =>
    (from) =>
      from.elements(dtypes.uint8, n),
  Tuple({ spaces }) {
    const all = spaces.map(reader);
    return (from) => {
      const values = [];
      for (let i = 0; i < all.length; i += 1) values.push(all[i](from));
      return values;
    };
  },
  Dict({ spaces }) {
    const members = spaces[inOrder] ?? Object.entries(spaces);
    const all = members.map(([, space]) => reader(space));
    return (from) => {
      const value = {};
      for (let i = 0; i < all.length; i += 1) value[members[i][0]] = all[i](from);
      return value;
    };
  },
  Text: texts,
  Sequence({ space }) {
    const [read, least] = [reader(space), Math.max(leastBytes(space), 1)];
    return (from) => {
      const count = from.u32();
      const left = from.view.byteLength - from.at;
      // A count is not trusted to reserve memory: only as many members as there are bytes for can follow.
      if (count * least > left) throw new RangeError(`expected ${count} members of a sequence, found ${left} bytes`);
      return members(count, read, from);
    };
  },
  OneOf({ spaces }) {
    const all = spaces.map(reader);
    return (from) => {
      const index = from.u8();
      if (index >= all.length) throw new RangeError(`expected one of ${all.length} alternatives, found index ${index}`);
      return all[index](from);
    };
  },
  None: () => () => null,
  Bool: () => (from) => from.u8() !== 0,
};

const reader = (space) => readers[space.type](space);

/** The fewest bytes that a member takes. */
function leastBytes(space) {
  const sum = (spaces) => spaces.reduce((bytes, space) => bytes + leastBytes(space), 0);
  switch (space.type) {
    case 'Discrete':
      return 8;
    case 'Box':
      return elementsOf(space) * dtypes[space.dtype].Type.BYTES_PER_ELEMENT;
    case 'MultiDiscrete':
      return space.nvec.length * 8;
    case 'MultiBinary':
      return space.n;
    case 'Tuple':
      return sum(space.spaces);
    case 'Dict':
      return sum(Object.values(space.spaces));
    case 'Text':
    case 'Sequence':
      return 4;
    case 'OneOf':
    case 'Bool':
      return 1;
    default:
      return 0;
  }
}

/** Reads what an environment returns. */
export class ReturnsReader {
  constructor(spec) {
    this.agents = spec.agents;
    const shared = spec.observation === 'shared';
    this.observations = spec.observationSpaces.slice(0, shared ? 1 : spec.agents.length).map(reader);
    this.resetInfo = reader(spec.resetInfo);
    this.stepInfo = reader(spec.stepInfo);
    this.actionReaders = spec.actionSpaces.map(reader);
  }

  /** A single agent's value as it is; several agents' keyed by agent. */
  byAgent(value) {
    const { agents } = this;
    if (agents.length === 1) return value(0);
    const values = {};
    for (let i = 0; i < agents.length; i += 1) values[agents[i]] = value(i);
    return values;
  }

  /** What every agent sees; a shared observation is everybody's, each their own copy. */
  observed(from) {
    const { observations } = this;
    if (observations.length > 1) return this.byAgent((i) => observations[i](from));
    const { at } = from;
    return this.byAgent(() => {
      from.at = at;
      return observations[0](from);
    });
  }

  /** `{observation, info}` of a reset. */
  reset(bytes) {
    const from = new Source(bytes);
    from.take(outcomeBytes * this.agents.length);
    const observation = this.observed(from);
    const info = this.resetInfo(from);
    from.finish();
    return { observation, info };
  }

  /** `{observation, reward, terminated, truncated, info}` of a step. */
  step(bytes) {
    const from = new Source(bytes);
    const outcomes = from.take(outcomeBytes * this.agents.length);
    const { view } = from;
    const observation = this.observed(from);
    const reward = this.byAgent((i) => view.getFloat64(outcomes + outcomeBytes * i, true));
    const flags = (i) => view.getUint8(outcomes + outcomeBytes * i + outcomeFlags);
    const terminated = this.byAgent((i) => (flags(i) & terminatedFlag) !== 0);
    const truncated = this.byAgent((i) => (flags(i) & truncatedFlag) !== 0);
    const info = this.stepInfo(from);
    from.finish();
    return { observation, reward, terminated, truncated, info };
  }

  /** A step's, with the joint action that was played and every agent's score. */
  played(returns, actions, scores) {
    const from = new Source(actions);
    return {
      ...this.step(returns),
      action: this.byAgent((i) => this.actionReaders[i](from)),
      score: this.byAgent((i) => scores[i]),
    };
  }
}
