// Actions as the bytes that an environment takes, written at every step: see returns.js.
import { elementsOf } from './returns.js';

const setI64 = (view, at, value) => {
  view.setInt32(at, value, true);
  view.setInt32(at + 4, value < 0 ? -1 : 0, true);
};

const isIndex = (value, n) => typeof value === 'number' && value === (value | 0) && value >= 0 && value < n;

/** Whether it is an array or a typed array of so many elements; a DataView has none. */
const sized = (value, length) =>
  (Array.isArray(value) || ArrayBuffer.isView(value)) && /** @type {ArrayLike<unknown>} */ (value).length === length;

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

/** Writes the actions that an environment takes. */
export class ActionWriter {
  constructor(spec) {
    this.agents = spec.agents;
    const own = spec.actionSpaces.map((space) => writers[space.type]?.(space, spec.clipsActions));
    this.writers = own.every(Boolean) ? own : undefined;
    this.actionBytes = this.writers?.reduce((sum, { bytes }) => sum + bytes, 0);
    this.one = new DataView(new ArrayBuffer(this.actionBytes ?? 0));
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
    const [writer, ...others] = writers;
    try {
      // One guard for all of them, not one per action.
      for (let i = 0; i < length && others.length === 0; i += 1) {
        if (!writer.write(actions[i], view, i * actionBytes)) return undefined;
      }
    } catch {
      // A property's own code.
      return undefined;
    }
    for (let i = 0; i < length && others.length > 0; i += 1) {
      if (!this.writeAt(actions[i], view, i * actionBytes)) return undefined;
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
}
