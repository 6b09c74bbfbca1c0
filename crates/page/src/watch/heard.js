// What the Worker says of a match that it follows, read from its bytes: crates/protocol/src/event.rs, and together/shown.rs and told.rs
// beside it.
import {
  beganReturns,
  eventFlags,
  eventKind,
  eventKinds,
  eventNumber,
  eventStatus,
  hashedFlag,
  news,
  shownScene,
  steppedActions,
  toldSecond,
  toldText,
} from '../protocol.js';

/**
 * What becomes of the connection, and of the state: two numbers and perhaps a text.
 *
 * @type {Map<number, string>}
 */
const types = new Map([
  [news.socket_open, 'open'],
  [news.socket_lost, 'lost'],
  [news.socket_refused, 'closed'],
  [news.differs, 'differs'],
  [news.joined, 'joined'],
]);

/** A block of bytes behind its length. */
function block(bytes, view, at) {
  const end = at + 4 + view.getUint32(at, true);
  return [bytes.subarray(at + 4, end), end];
}

/** The hash after a step, if there is one, and where what follows it begins. */
function hash(view, at, flags) {
  if ((flags & hashedFlag) === 0) return ['', at];
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
  if (view.getUint8(0) !== eventStatus) return undefined;
  const flags = view.getUint8(eventFlags);
  switch (view.getUint8(eventKind)) {
    case eventKinds.stepped: {
      const frame = view.getUint32(eventNumber, true);
      const [actions, afterActions] = block(bytes, view, steppedActions);
      const [returns, afterReturns] = block(bytes, view, afterActions);
      const [text, at] = hash(view, afterReturns, flags);
      return { type: 'step', frame, actions, returns, hash: text, scene: bytes.subarray(at) };
    }
    case eventKinds.shown:
      return { type: 'shown', scene: bytes.subarray(shownScene) };
    case eventKinds.began: {
      const [, afterReturns] = block(bytes, view, beganReturns);
      const [, at] = hash(view, afterReturns, flags);
      return { type: 'began', episode: view.getUint32(eventNumber, true), scene: bytes.subarray(at) };
    }
    case eventKinds.told: {
      const type = types.get(flags);
      if (!type) return undefined;
      const [first, second] = [view.getUint32(eventNumber, true), view.getUint32(toldSecond, true)];
      return { type, first, second, text: new TextDecoder().decode(bytes.subarray(toldText)) };
    }
    default:
      return undefined;
  }
}
