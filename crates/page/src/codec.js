// Members of spaces between bytes and JavaScript values, for what happens at every step. It is JavaScript because a value
// made from WebAssembly crosses the border for each of its parts, and that took longer than the step. The bytes are those of
// crates/env/src/codec.rs, which says what they mean.

/** Bytes, and where reading them has come to. */
class Source {
  constructor(bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  take(needed) {
    const { at } = this;
    const left = this.view.byteLength - at;
    if (needed > left)
      throw new RangeError(`the bytes end inside a value: expected ${needed} more bytes, found ${left}`);
    this.at = at + needed;
    return at;
  }

  u8() {
    return this.view.getUint8(this.take(1));
  }
  u32() {
    return this.view.getUint32(this.take(4), true);
  }
  f64() {
    return this.view.getFloat64(this.take(8), true);
  }

  i64() {
    const at = this.take(8);
    return this.view.getInt32(at + 4, true) * 4294967296 + this.view.getUint32(at, true);
  }

  /** A typed array of its own memory: what it is read from is used again. */
  elements({ Type, get }, count) {
    const size = Type.BYTES_PER_ELEMENT;
    const at = this.take(count * size);
    if (count * size > SMALL) {
      const start = this.view.byteOffset + at;
      return new Type(this.view.buffer.slice(start, start + count * size));
    }
    const elements = new Type(count);
    for (let i = 0; i < count; i += 1) elements[i] = get(this.view, at + i * size);
    return elements;
  }

  finish() {
    const left = this.view.byteLength - this.at;
    if (left > 0) throw new RangeError(`expected the bytes to end with the value, found ${left} more`);
  }
}

/** Typed arrays of at most so many bytes need no buffer of their own in Chromium's engine, and are made in a tenth of the time. */
const SMALL = 64;

const dtypes = {
  float32: { Type: Float32Array, get: (view, at) => view.getFloat32(at, true) },
  float64: { Type: Float64Array, get: (view, at) => view.getFloat64(at, true) },
  uint8: { Type: Uint8Array, get: (view, at) => view.getUint8(at) },
  int8: { Type: Int8Array, get: (view, at) => view.getInt8(at) },
  int32: { Type: Int32Array, get: (view, at) => view.getInt32(at, true) },
  int64: { Type: BigInt64Array, get: (view, at) => view.getBigInt64(at, true) },
};

const elementsOf = ({ shape }) => shape.reduce((product, n) => product * n, 1);

function members(count, read, from) {
  const values = [];
  for (let i = 0; i < count; i += 1) values.push(read(from));
  return values;
}

const integer = (from) => from.i64();

/** What is said at one step is mostly what was said at the last. */
function texts() {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let last = new Uint8Array(0);
  let text = '';
  return (from) => {
    const length = from.u32();
    const at = from.take(length);
    let same = length === last.length;
    for (let i = 0; same && i < length; i += 1) same = from.view.getUint8(at + i) === last[i];
    if (!same) {
      const bytes = new Uint8Array(from.view.buffer, from.view.byteOffset + at, length).slice();
      [text, last] = [decoder.decode(bytes), bytes];
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
    const names = Object.keys(spaces);
    const all = Object.values(spaces).map(reader);
    return (from) => {
      const value = {};
      for (let i = 0; i < all.length; i += 1) value[names[i]] = all[i](from);
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

const setI64 = (view, at, value) => {
  view.setInt32(at, value, true);
  view.setInt32(at + 4, value < 0 ? -1 : 0, true);
};

const isIndex = (value, n) => typeof value === 'number' && value === (value | 0) && value >= 0 && value < n;

const sized = (value, length) => (Array.isArray(value) || ArrayBuffer.isView(value)) && value.length === length;

/**
 * By type of space, where its members are of one size and quickly looked at: how many bytes they take, and what writes one or
 * says that it cannot.
 */
const writers = {
  Discrete({ n, start }) {
    return {
      bytes: 8,
      write(value, view, at) {
        if (typeof value !== 'number' || !isIndex(value - start, n)) return false;
        setI64(view, at, value);
        return true;
      },
    };
  },
  MultiDiscrete({ nvec }) {
    return {
      bytes: 8 * nvec.length,
      write(value, view, at) {
        if (!sized(value, nvec.length)) return false;
        for (let i = 0; i < nvec.length; i += 1) {
          if (!isIndex(value[i], nvec[i])) return false;
          setI64(view, at + 8 * i, value[i]);
        }
        return true;
      },
    };
  },
  MultiBinary({ n }) {
    return {
      bytes: n,
      write(value, view, at) {
        if (!sized(value, n)) return false;
        for (let i = 0; i < n; i += 1) {
          if (!isIndex(value[i], 2)) return false;
          view.setUint8(at + i, value[i]);
        }
        return true;
      },
    };
  },
  Box(space, clips) {
    const count = elementsOf(space);
    // An action is a few numbers; whatever else a Box may be is not written here.
    if (space.dtype !== 'float32' || space.shape.length > 1) return undefined;
    const bound = (bounds, i) => Math.fround(bounds[bounds.length === 1 ? 0 : i]);
    const one = (value, view, at, i) => {
      if (typeof value !== 'number') return false;
      view.setFloat32(at, value, true);
      const rounded = view.getFloat32(at, true);
      return clips ? Number.isFinite(rounded) : rounded >= bound(space.low, i) && rounded <= bound(space.high, i);
    };
    return {
      bytes: 4 * count,
      write(value, view, at) {
        if (count === 1 && typeof value === 'number') return one(value, view, at, 0);
        if (!sized(value, count)) return false;
        for (let i = 0; i < count; i += 1) if (!one(value[i], view, at + 4 * i, i)) return false;
        return true;
      },
    };
  },
};

/** Reads what an environment returns and writes the actions it takes. */
export class Codec {
  constructor(spec) {
    this.agents = spec.agents;
    const shared = spec.observation === 'shared';
    this.observations = spec.observationSpaces.slice(0, shared ? 1 : spec.agents.length).map(reader);
    this.resetInfo = reader(spec.resetInfo);
    this.stepInfo = reader(spec.stepInfo);
    this.actionReaders = spec.actionSpaces.map(reader);
    const own = spec.actionSpaces.map((space) => writers[space.type]?.(space, spec.clipsActions));
    this.writers = own.every(Boolean) ? own : undefined;
    this.actionBytes = this.writers?.reduce((sum, { bytes }) => sum + bytes, 0);
    this.one = new DataView(new ArrayBuffer(this.actionBytes ?? 0));
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
    from.take(9 * this.agents.length);
    const observation = this.observed(from);
    const info = this.resetInfo(from);
    from.finish();
    return { observation, info };
  }

  /** `{observation, reward, terminated, truncated, info}` of a step. */
  step(bytes) {
    const from = new Source(bytes);
    const outcomes = from.take(9 * this.agents.length);
    const { view } = from;
    const observation = this.observed(from);
    const reward = this.byAgent((i) => view.getFloat64(outcomes + 9 * i, true));
    const terminated = this.byAgent((i) => (view.getUint8(outcomes + 9 * i + 8) & 1) !== 0);
    const truncated = this.byAgent((i) => (view.getUint8(outcomes + 9 * i + 8) & 2) !== 0);
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

  /** The bytes of a joint action, until the next one is written; nothing if it has to be looked at more closely. */
  write(action) {
    return this.writers && this.writeAt(action, this.one, 0) ? new Uint8Array(this.one.buffer) : undefined;
  }

  /** The bytes of many joint actions, or nothing. */
  writeMany(actions) {
    const { actionBytes, writers } = this;
    if (!writers) return undefined;
    const { length } = actions;
    const view = new DataView(new ArrayBuffer(actionBytes * length));
    if (this.agents.length === 1) {
      // One call per action, and one `try` for all of them.
      const [writer] = writers;
      try {
        for (let i = 0; i < length; i += 1) if (!writer.write(actions[i], view, i * actionBytes)) return undefined;
      } catch {
        // A property's own code.
        return undefined;
      }
    } else {
      for (let i = 0; i < length; i += 1) if (!this.writeAt(actions[i], view, i * actionBytes)) return undefined;
    }
    return new Uint8Array(view.buffer);
  }

  writeAt(action, view, at) {
    const { agents, writers } = this;
    try {
      if (agents.length === 1) return writers[0].write(action, view, at);
      if (typeof action !== 'object' || action === null) return false;
      let names = 0;
      for (const _ in action) names += 1;
      // A misspelt agent would play what it was not told: that is looked into elsewhere.
      if (names !== agents.length) return false;
      let place = at;
      for (let i = 0; i < agents.length; i += 1) {
        if (!writers[i].write(action[agents[i]], view, place)) return false;
        place += writers[i].bytes;
      }
      return true;
    } catch {
      // A property's own code.
      return false;
    }
  }

  /** What many steps returned: `{length, rewards, at(index)}`. The steps stay the bytes they came in until they are read. */
  many([head, ...parts]) {
    const view = new DataView(head);
    const [length, agents, stride, blocks] = [32, 36, 40, 44].map((at) => view.getUint32(at, true));
    const rewards = new Float64Array(head, 48, length * agents);
    const bytes = new Parts(parts);
    const expect = (size) => {
      if (bytes.size !== size) throw new RangeError(`expected ${size} bytes of returns, found ${bytes.size}`);
    };
    if (stride > 0) {
      expect(length * stride);
      return { length, rewards, at: (index) => this.step(bytes.slice(index * stride, stride)) };
    }
    const lengths = new Uint32Array(head, 48 + rewards.byteLength, blocks);
    const ends = [];
    for (const length of lengths) ends.push((ends.at(-1) ?? 0) + length);
    expect(ends.at(-1) ?? 0);
    const rows = new Rows((block) => bytes.slice(ends[block] - lengths[block], lengths[block]));
    return { length, rewards, at: (index) => this.step(rows.at(index)) };
  }
}

/** Buffers that are one after another; what is taken of them lies within one. */
class Parts {
  constructor(parts) {
    this.parts = parts;
    this.size = 0;
    this.starts = [];
    for (const part of parts) {
      this.starts.push(this.size);
      this.size += part.byteLength;
    }
  }

  slice(at, length) {
    let part = this.starts.length - 1;
    while (part > 0 && this.starts[part] > at) part -= 1;
    return new Uint8Array(this.parts[part], at - this.starts[part], length);
  }
}

/** Steps in a block, each written as what it changes of the one before: crates/protocol/src/rows.rs. */
const BLOCK = 64;
const WORD = 8;

/** Reads such blocks' rows. Whoever reads one after another reads each once. */
class Rows {
  constructor(block) {
    this.block = block;
    this.next = Infinity;
  }

  at(index) {
    if (index < this.next - 1 || Math.floor(index / BLOCK) !== Math.floor((this.next - 1) / BLOCK)) {
      this.from = new Source(this.block(Math.floor(index / BLOCK)));
      this.row = new Uint8Array(0);
      this.next = index - (index % BLOCK);
    }
    while (this.next <= index) this.read();
    return this.row.subarray(0, this.length);
  }

  read() {
    const { from } = this;
    const bytes = new Uint8Array(from.view.buffer, from.view.byteOffset, from.view.byteLength);
    const length = from.u32();
    const words = Math.ceil(length / WORD);
    if (words > bytes.length * 255)
      throw new RangeError(`expected a row that fits its block, found one of ${length} bytes`);
    if (length !== this.length || this.row.length !== words * WORD) {
      const row = new Uint8Array(words * WORD);
      row.set(this.row.subarray(0, Math.min(this.length ?? 0, length)));
      [this.row, this.length] = [row, length];
    }
    for (let at = 0; at < words; ) {
      const same = from.u8();
      const changed = from.u8();
      if (same + changed === 0) throw new RangeError('expected words of a row, found none');
      const start = from.take(changed * WORD);
      this.row.set(bytes.subarray(start, start + changed * WORD), (at + same) * WORD);
      at += same + changed;
    }
    this.next += 1;
  }
}
