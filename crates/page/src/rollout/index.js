// Episodes that policies play by themselves, for `env.rollout`: asks the Worker moment after moment, and reads what it says. Only pages
// that ask for a rollout load it (`page/rollout.js` of the site).
import {
  episodeEnd,
  episodeEnds,
  episodeHash,
  episodeLength,
  episodeReturns,
  progressAgents,
  progressEpisodes,
  progressSteps,
} from '../protocol.js';

const KNOWN = [
  'policies',
  'episodes',
  'steps',
  'seed',
  'maxEpisodeSteps',
  'resetOptions',
  'onProgress',
  'signal',
  'loadTimeout',
  'stepTimeout',
];

/**
 * Plays, and gives the episodes.
 *
 * @param {{ id: string, kwargs: object, agents: readonly string[] }} env
 * @param {any} options those of `env.rollout`
 * @param {{ openRollout: Function, PalaestraError: new (code: string, message: string) => Error }} page
 */
export async function begin({ id, kwargs, agents }, options, { openRollout, PalaestraError }) {
  const refuse = (text) => new PalaestraError('bad_argument', text);
  if (typeof options !== 'object' || options === null)
    throw refuse(`rollout: expected an object of options, found ${options}`);
  const stranger = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) {
    throw refuse(`rollout: expected an option among ${KNOWN.join(', ')}; found \`${stranger}\``);
  }
  const { onProgress, signal } = options;
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) {
    throw refuse(`signal: expected an AbortSignal, found ${signal}`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw refuse(`onProgress: expected a function, found ${onProgress}`);
  }
  const began = performance.now();
  // The registry does not know those of a guest.
  const made = { agents: agents.length, agentNames: agents };
  const handle = await openRollout(id, kwargs, { ...options, made });
  const ready = performance.now();
  const episodes = [];
  const asked = () => {
    const moment = handle.next();
    // Whoever stops waiting for it, because of something else, is not to hear that it came to nothing.
    moment.catch(() => {});
    return moment;
  };
  try {
    let moment = asked();
    for (;;) {
      const bytes = await moment;
      const done = bytes[0] === 1;
      // The Worker plays on while this one is read.
      if (!done) moment = asked();
      const steps = read(bytes, episodes);
      tell(onProgress, { episodes: episodes.length, steps });
      if (done) {
        return { episodes, steps, loadMs: ready - began, playMs: performance.now() - ready };
      }
    }
  } finally {
    await handle.close();
  }
}

/** What a page's function throws is reported as its other uncaught errors are. */
function tell(onProgress, progress) {
  try {
    onProgress?.(progress);
  } catch (error) {
    reportError(error);
  }
}

/** Appends the episodes of a `RolloutProgress`, and gives how many steps there were so far. An episode of Blackjack takes half a microsecond. */
function read(bytes, episodes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const agents = view.getUint16(progressAgents, true);
  const size = episodeReturns + 8 * agents;
  const count = (bytes.length - progressEpisodes) / size;
  const hashes = hexOf(bytes, count, size);
  for (let i = 0, at = progressEpisodes; i < count; i += 1, at += size) {
    const seed = whole(view, at);
    const length = view.getUint32(at + episodeLength, true);
    const end = episodeEnds[bytes[at + episodeEnd]];
    // Of its size at once: one that grows has room for seventeen.
    const returns = new Array(agents);
    for (let agent = 0; agent < agents; agent += 1)
      returns[agent] = view.getFloat64(at + episodeReturns + 8 * agent, true);
    episodes.push({ seed, length, returns, end, hash: hashes.slice(16 * i, 16 * i + 16) });
  }
  return Number(view.getBigUint64(progressSteps, true));
}

/** A u64: a number where that has it exactly, else a bigint, which takes longer to make. */
function whole(view, at) {
  const high = view.getUint32(at + 4, true);
  return high < 2 ** 21 ? high * 2 ** 32 + view.getUint32(at, true) : view.getBigUint64(at, true);
}

const DIGITS = new TextEncoder().encode('0123456789abcdef');

/** The hashes of all episodes, sixteen digits each, in one string: pieces of it are made faster than strings of their own. */
function hexOf(bytes, count, size) {
  const digits = new Uint8Array(16 * count);
  for (let i = 0, to = 0; i < count; i += 1) {
    const at = progressEpisodes + i * size + episodeHash;
    for (let byte = 7; byte >= 0; byte -= 1, to += 2) {
      digits[to] = DIGITS[bytes[at + byte] >> 4];
      digits[to + 1] = DIGITS[bytes[at + byte] & 15];
    }
  }
  return new TextDecoder().decode(digits);
}
