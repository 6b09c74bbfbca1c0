// Episodes that policies play by themselves, for `env.rollout`: asks the Worker moment after moment, and reads what it says. Only pages
// that ask for a rollout load it (`page/rollout.js` of the site).

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
const ENDS = ['terminated', 'truncated', 'cut'];

/**
 * Plays, and gives the episodes.
 *
 * @param {{ id: string, kwargs: object }} env
 * @param {any} options those of `env.rollout`
 * @param {{ openRollout: Function, PalaestraError: new (code: string, message: string) => Error }} page
 */
export async function begin({ id, kwargs }, options, { openRollout, PalaestraError }) {
  const refuse = (text) => new PalaestraError('bad_argument', text);
  if (typeof options !== 'object' || options === null)
    throw refuse(`rollout: expected an object of options, found ${options}`);
  const stranger = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) {
    throw refuse(`rollout: expected an option among ${KNOWN.join(', ')}; found \`${stranger}\``);
  }
  const { onProgress } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw refuse(`onProgress: expected a function, found ${onProgress}`);
  }
  const began = performance.now();
  const handle = await openRollout(id, kwargs, options);
  const ready = performance.now();
  const episodes = [];
  try {
    for (;;) {
      const progress = read(await handle.next());
      // Not spread: there may be more than a call takes.
      for (const episode of progress.episodes) episodes.push(episode);
      const { steps, done } = progress;
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

/** `RolloutProgress` of crates/protocol/src/rollout.rs. */
function read(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const steps = Number(view.getBigUint64(1, true));
  const agents = view.getUint16(9, true);
  const episodes = [];
  for (let at = 11; at < view.byteLength; ) {
    const seed = view.getBigUint64(at, true);
    const hash = view.getBigUint64(at + 8, true);
    const length = view.getUint32(at + 16, true);
    const end = ENDS[view.getUint8(at + 20)];
    at += 21;
    const returns = Array.from({ length: agents }, (_, agent) => view.getFloat64(at + 8 * agent, true));
    at += 8 * agents;
    const small = seed <= Number.MAX_SAFE_INTEGER;
    episodes.push({
      seed: small ? Number(seed) : seed,
      length,
      returns,
      end,
      hash: hash.toString(16).padStart(16, '0'),
    });
  }
  return { done: view.getUint8(0) === 1, steps, episodes };
}
