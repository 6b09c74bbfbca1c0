// What the game tells of its match: a name, numbers and a text (`crates/page/src/game/together.rs`), as the objects that are used here.

const STATES = Object.freeze(['connecting', 'connected', 'reconnecting', 'gone']);
const PATHS = Object.freeze([null, 'relay', 'direct']);

/** Three numbers each: the seat, the way, the round trip. */
function pathsIn(numbers) {
  const paths = [];
  for (let i = 0; i + 2 < numbers.length; i += 3) {
    const [seat, path, ms] = numbers.slice(i, i + 3);
    paths.push({ seat, path: PATHS[path] ?? null, rtt_ms: Number.isFinite(ms) ? ms : null });
  }
  return paths;
}

/** @type {Record<string, (numbers: number[], text: string) => object>} */
const kinds = {
  ready: (_, models) => (models ? { models: JSON.parse(models) } : {}),
  failed: (_, reason) => ({ reason }),
  leave: (_, reason) => ({ reason }),
  away: ([away]) => ({ away: away === 1 }),
  socket: ([open]) => ({ open: open === 1 }),
  finished: ([frames, planned]) => ({ frames, planned: planned === 1 }),
  peer: ([seat, state]) => ({ seat, state: STATES[state] }),
  left: ([seat, frame]) => ({ seat, frame }),
  stalled: ([by]) => ({ by }),
  resynced: ([frame]) => ({ frame }),
  validated: ([attempt, ...paths]) => ({ attempt, paths: pathsIn(paths) }),
  vitals([inputDelay, ahead, rollbacks, rolledBack, deepest, depth, predicted, stalls, ...paths]) {
    return { inputDelay, ahead, rollbacks, rolledBack, deepest, depth, predicted, stalls, paths: pathsIn(paths) };
  },
};

/**
 * @param {[string, Float64Array, string]} told
 * @returns {any} `{ type, … }`
 */
export const readTold = ([type, numbers, text]) => ({ type, ...kinds[type]?.(Array.from(numbers), text) });
