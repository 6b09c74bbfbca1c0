// What an environment is, out of the bytes that its Worker sends: those of crates/env/src/spec/codec.rs, which says what they mean.
import { dtypes, spaceKinds } from '../protocol.js';
import { Source, textOf } from './source.js';

/** What follows is read in the order in which it stands, field after field. */
const list = (from, item) => Array.from({ length: from.u32() }, () => item(from));
const text = (from) => textOf(from.bytes(from.u32()));
const u32 = (from) => from.u32();
const i64 = (from) => from.i64();
const f64 = (from) => from.f64();
const sharing = (from) => (from.u8() === 0 ? 'shared' : 'per_agent');

/**
 * By it the members of a Dict stand in the order of their bytes: an object has names like `10` before all others, in the order of their
 * numbers. The same in every script of a page.
 */
export const inOrder = Symbol.for('palaestra.members');

/** By kind of space: what reads its fields. */
const fields = {
  Discrete: (from) => ({ n: from.i64(), start: from.i64() }),
  Box: (from) => ({ low: list(from, f64), high: list(from, f64), shape: list(from, u32), dtype: dtypes[from.u8()] }),
  MultiDiscrete: (from) => ({ nvec: list(from, i64) }),
  MultiBinary: (from) => ({ n: from.u32() }),
  Tuple: (from) => ({ spaces: list(from, space) }),
  Dict(from) {
    const members = list(from, (from) => [text(from), space(from)]);
    return { spaces: Object.defineProperty(Object.fromEntries(members), inOrder, { value: members }) };
  },
  Text: charset,
  Sequence: (from) => ({ space: space(from) }),
  OneOf: (from) => ({ spaces: list(from, space) }),
};

function charset(from) {
  const lengths = { min_length: from.u32(), max_length: from.u32() };
  return from.u8() === 0 ? lengths : { ...lengths, charset: text(from) };
}

function space(from) {
  const type = spaceKinds[from.u8()];
  return { type, ...fields[type]?.(from) };
}

/**
 * A spec as the page sees it.
 *
 * @param {Uint8Array} bytes
 */
export function readSpec(bytes) {
  const from = new Source(bytes);
  const id = text(from);
  const agents = list(from, text);
  const [actionSpaces, observationSpaces] = [list(from, space), list(from, space)];
  const [resetInfo, stepInfo] = [space(from), space(from)];
  const clipsActions = from.u8() !== 0;
  const [observation, reward, ended] = [sharing(from), sharing(from), sharing(from)];
  const maxEpisodeSteps = from.u32() || undefined;
  const [renderFps, aspect] = [from.u32(), from.f32()];
  const atlas = from.u8() === 0 ? undefined : { image: text(from), columns: from.u32(), rows: from.u32() };
  from.finish();
  return {
    id,
    agents,
    actionSpaces,
    clipsActions,
    observationSpaces,
    resetInfo,
    stepInfo,
    observation,
    reward,
    ended,
    maxEpisodeSteps,
    renderFps,
    aspect,
    atlas,
  };
}
