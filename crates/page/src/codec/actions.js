// Actions as the bytes that an environment takes, written at every step: see returns.js.
import { requestNumber, requestPayload } from '../protocol.js';
import { elementsOf } from './returns.js';

const setI64 = (view, at, value) => {
  view.setInt32(at, value, true);
  view.setInt32(at + 4, value < 0 ? -1 : 0, true);
};

/** Whether it is a whole number of 32 bits from `low` to below `high`. */
const isIn = (value, low, high) => typeof value === 'number' && value === (value | 0) && value >= low && value < high;

const isIndex = (value, n) => isIn(value, 0, n);

/** Whether it is an array or a typed array of so many elements; a DataView has none. */
const sized = (value, length) =>
  (Array.isArray(value) || ArrayBuffer.isView(value)) && /** @type {ArrayLike<unknown>} */ (value).length === length;

/** Whether it has elements: an array or a typed array. */
const listed = (value) => Array.isArray(value) || ArrayBuffer.isView(value);

/**
 * By type of space, where its members are quickly looked at:
 *
 * - `most`: the most bytes that one takes.
 * - `may(value)`: whether a value can be one at all, whatever is looked at more closely.
 * - `write(value, view, at)`: writes one, and gives where it ends; or says -1: it cannot.
 */
const writers = {
  Discrete({ n, start }) {
    return {
      most: 8,
      may: (value) => typeof value === 'number',
      write(value, view, at) {
        if (!isIn(value, start, start + n)) return -1;
        setI64(view, at, value);
        return at + 8;
      },
    };
  },
  MultiDiscrete({ nvec }) {
    return {
      most: 8 * nvec.length,
      may: listed,
      write(value, view, at) {
        if (!sized(value, nvec.length)) return -1;
        for (let i = 0; i < nvec.length; i += 1) {
          if (!isIndex(value[i], nvec[i])) return -1;
          setI64(view, at + 8 * i, value[i]);
        }
        return at + 8 * nvec.length;
      },
    };
  },
  MultiBinary({ n }) {
    return {
      most: n,
      may: listed,
      write(value, view, at) {
        if (!sized(value, n)) return -1;
        for (let i = 0; i < n; i += 1) {
          if (!isIndex(value[i], 2)) return -1;
          view.setUint8(at + i, value[i]);
        }
        return at + n;
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
      most: 4 * count,
      may: (value) => typeof value === 'number' || listed(value),
      write(value, view, at) {
        if (count === 1 && typeof value === 'number') return one(value, view, at, 0) ? at + 4 : -1;
        if (!sized(value, count)) return -1;
        for (let i = 0; i < count; i += 1) if (!one(value[i], view, at + 4 * i, i)) return -1;
        return at + 4 * count;
      },
    };
  },
  None: () => ({
    most: 0,
    may: (value) => value === null || value === undefined,
    write: (value, _, at) => (value === null || value === undefined ? at : -1),
  }),
  OneOf({ spaces }) {
    const all = spaces.map((space) => writers[space.type]?.(space, false));
    if (!all.every(Boolean)) return undefined;
    return {
      most: 1 + Math.max(...all.map(({ most }) => most)),
      may: (value) => all.some(({ may }) => may(value)),
      write(value, view, at) {
        // The first that it is a member of. One that it may be a member of all the same is looked at more closely.
        for (let i = 0; i < all.length; i += 1) {
          if (!all[i].may(value)) continue;
          view.setUint8(at, i);
          return all[i].write(value, view, at + 1);
        }
        return -1;
      },
    };
  },
};

/**
 * Writes many actions that are numbers, one per agent: the most usual ones, in a loop that an engine compiles to a few
 * instructions. What it does not write the usual way does.
 */
class NumberWriter {
  constructor({ agents, actionSpaces }) {
    this.agents = agents;
    this.low = actionSpaces.map(({ start }) => start);
    this.high = actionSpaces.map(({ start, n }) => start + n);
  }

  /** Says whether it wrote all of them behind the head in the buffer, which is all zeros. */
  write(actions, buffer) {
    const words = new Int32Array(buffer, requestPayload);
    try {
      return this.agents.length === 1 ? this.single(actions, words) : this.joint(actions, words);
    } catch {
      // A property's own code.
      return false;
    }
  }

  single(actions, words) {
    const { length } = actions;
    const [low, high] = [this.low[0], this.high[0]];
    for (let i = 0; i < length; i += 1) {
      const value = actions[i];
      if (!isIn(value, low, high)) return false;
      words[2 * i] = value;
      if (value < 0) words[2 * i + 1] = -1;
    }
    return true;
  }

  /** Keyed by agent, in their order: so an engine need not look for a name. */
  joint(actions, words) {
    const { agents, low, high } = this;
    const { length } = actions;
    let at = 0;
    for (let i = 0; i < length; i += 1) {
      const action = actions[i];
      if (typeof action !== 'object') return false;
      let agent = 0;
      for (const name in action) {
        if (name !== agents[agent]) return false;
        const value = action[name];
        if (!isIn(value, low[agent], high[agent])) return false;
        words[at] = value;
        if (value < 0) words[at + 1] = -1;
        at += 2;
        agent += 1;
      }
      if (agent !== agents.length) return false;
    }
    return true;
  }
}

/** Writes the actions that an environment takes. */
export class ActionWriter {
  constructor(spec) {
    this.agents = spec.agents;
    const own = spec.actionSpaces.map((space) => writers[space.type]?.(space, spec.clipsActions));
    this.writers = own.every(Boolean) ? own : undefined;
    this.most = this.writers?.reduce((sum, { most }) => sum + most, 0);
    /** A request with one joint action, used again and again: a message is a copy. */
    this.one = new DataView(new ArrayBuffer(requestPayload + (this.most ?? 0)));
    this.end = requestPayload;
    this.numbers = spec.actionSpaces.every(({ type }) => type === 'Discrete') ? new NumberWriter(spec) : undefined;
  }

  /** The bytes of a joint action, until the next one is written; nothing if it has to be looked at more closely. */
  write(action) {
    if (!this.holds(action)) return undefined;
    return new Uint8Array(this.one.buffer, requestPayload, this.end - requestPayload);
  }

  /** Takes a joint action in, for `write` or `request`; says whether it need not be looked at more closely. */
  holds(action) {
    const end = this.writers ? this.writeAt(action, this.one, requestPayload) : -1;
    this.end = Math.max(end, requestPayload);
    return end >= 0;
  }

  /** A request with the action that it holds, to be posted at once. */
  request(operation, id) {
    const { one, end } = this;
    one.setUint8(0, operation);
    one.setUint32(requestNumber, id, true);
    return end === one.byteLength ? one.buffer : one.buffer.slice(0, end);
  }

  /** The bytes of many joint actions, or nothing. Before them in their buffer, and nowhere else, is room for the head of a request. */
  writeMany(actions) {
    const { most, writers } = this;
    if (!writers) return undefined;
    const { length } = actions;
    const buffer = new ArrayBuffer(requestPayload + most * length);
    if (this.numbers?.write(actions, buffer)) return new Uint8Array(buffer, requestPayload);
    const view = new DataView(buffer);
    const [writer, ...others] = writers;
    let at = requestPayload;
    try {
      // One guard for all of them, not one per action.
      for (let i = 0; i < length && at >= 0; i += 1) {
        at = others.length > 0 ? this.joint(actions[i], view, at) : writer.write(actions[i], view, at);
      }
    } catch {
      // A property's own code.
      return undefined;
    }
    if (at < 0) return undefined;
    return new Uint8Array(at < buffer.byteLength ? buffer.slice(0, at) : buffer, requestPayload);
  }

  writeAt(action, view, at) {
    try {
      return this.agents.length === 1 ? this.writers[0].write(action, view, at) : this.joint(action, view, at);
    } catch {
      // A property's own code.
      return -1;
    }
  }

  /** Several agents' actions, keyed by agent. */
  joint(action, view, at) {
    const { agents, writers } = this;
    if (typeof action !== 'object' || action === null) return -1;
    // A misspelt agent would play what it was not told: that is looked into elsewhere.
    if (Object.keys(action).length !== agents.length) return -1;
    let place = at;
    for (let i = 0; i < agents.length && place >= 0; i += 1) {
      place = writers[i].write(action[agents[i]], view, place);
    }
    return place;
  }
}
