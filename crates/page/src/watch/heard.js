// What the Worker says of a match that it follows, read from its bytes: crates/protocol/src/event.rs, and together/shown.rs and told.rs
// beside it.

const EVENT = 2;
const [STEPPED, SHOWN, BEGAN, TOLD] = [1, 2, 3, 4];
const HASHED = 2;

/** What becomes of the connection, and of the state: two numbers and perhaps a text. */
const news = new Map([
  [1, 'open'],
  [2, 'lost'],
  [3, 'closed'],
  [9, 'differs'],
  [11, 'joined'],
]);
const textAt = 28;

/** A block of bytes behind its length. */
function block(bytes, view, at) {
  const end = at + 4 + view.getUint32(at, true);
  return [bytes.subarray(at + 4, end), end];
}

/** The hash after a step, if there is one, and where what follows it begins. */
function hash(view, at, flags) {
  if ((flags & HASHED) === 0) return ['', at];
  return [view.getBigUint64(at, true).toString(16).padStart(16, '0'), at + 8];
}

/**
 * Reads an event; undefined for one that says nothing to whoever watches.
 *
 * @param {Uint8Array} bytes
 * @returns {{ type: string, [field: string]: any } | undefined}
 * @throws {RangeError} for bytes that are cut off
 */
export function readHeard(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== EVENT) return undefined;
  const flags = view.getUint8(2);
  switch (view.getUint8(1)) {
    case STEPPED: {
      const frame = view.getUint32(4, true);
      const [actions, afterActions] = block(bytes, view, 72);
      const [returns, afterReturns] = block(bytes, view, afterActions);
      const [text, at] = hash(view, afterReturns, flags);
      return { type: 'step', frame, actions, returns, hash: text, scene: bytes.subarray(at) };
    }
    case SHOWN:
      return { type: 'shown', scene: bytes.subarray(68) };
    case BEGAN: {
      const [, afterReturns] = block(bytes, view, 20);
      const [, at] = hash(view, afterReturns, flags);
      return { type: 'began', episode: view.getUint32(4, true), scene: bytes.subarray(at) };
    }
    case TOLD: {
      const type = news.get(flags);
      if (!type) return undefined;
      const [first, second] = [view.getUint32(4, true), view.getUint32(8, true)];
      return { type, first, second, text: new TextDecoder().decode(bytes.subarray(textAt)) };
    }
    default:
      return undefined;
  }
}
