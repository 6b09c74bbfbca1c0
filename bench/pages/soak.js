// Many sessions in one page, and a count of what they leave behind. It has to be imported before the runtime.
import { randomActions } from './steps.js';

const urls = new Set();
const live = { closures: 0, handles: 0 };

const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (object) => {
  const url = createObjectURL.call(URL, object);
  urls.add(url);
  return url;
};
URL.revokeObjectURL = (url) => {
  urls.delete(url);
  revokeObjectURL.call(URL, url);
};

// The glue of wasm-bindgen registers every Rust closure that JavaScript can call, and every Rust object that it holds, for
// finalisation, and unregisters it when it is dropped: what is registered is what lives. A closure is registered with an
// object that counts its uses, an object with its address.
const Native = globalThis.FinalizationRegistry;
// @ts-expect-error Only what the glue uses of it.
globalThis.FinalizationRegistry = class extends Native {
  #kinds = new WeakMap();

  constructor(finalise) {
    super(({ held, kind }) => {
      live[kind] -= 1;
      finalise(held);
    });
  }

  register(target, held, token) {
    const kind = typeof held === 'object' && held !== null && 'cnt' in held ? 'closures' : 'handles';
    live[kind] += 1;
    if (token) this.#kinds.set(token, kind);
    super.register(target, { held, kind }, token);
  }

  unregister(token) {
    const found = super.unregister(token);
    if (found) live[this.#kinds.get(token)] -= 1;
    return found;
  }
};

/** What the page can count of itself. */
export const counts = () => ({ urls: urls.size, ...live });

/** How sessions end, in the order in which they take turns. */
const endings = [
  'complete',
  'disposed',
  'packed',
  'panicked',
  'complete',
  'disposed',
  'hung',
  'packed',
  'disposed',
  'complete',
];
const faults = { panicked: 1, hung: 2 };

const leaving = new AbortController();

/** Sessions by which every environment has been played: the first of each brings its code and its pictures, and they stay. */
const warmUp = 20;

/** A moment of each of the environments whose turn it is to be played for the first time. */
async function becomeWarm({ play, registry }, index) {
  const ids = played(registry);
  const share = Math.ceil(ids.length / warmUp);
  for (const id of ids.slice((index - 1) * share, index * share)) {
    const seats = allAtRandom(registry.get(id));
    const canvas = document.getElementById('canvas');
    const { finished } = play({ env: id, canvas, fps: 60, seed: index, maxSteps: 1, verify: false, seats });
    await window.within(`a game of ${id} to end`, finished, 60_000);
  }
}

/** Every environment but the one that is there to go wrong. */
const played = (registry) => [...registry.values()].filter(({ family }) => family !== 'faults').map(({ id }) => id);

const allAtRandom = ({ agents }) =>
  Object.fromEntries(Array.from({ length: agents }, (_, i) => [`agent_${i}`, 'random']));

/** A function of its own: `onStep` keeps whatever the functions around it mention, and a game that is mentioned there is kept by itself. */
const stepReached = (game, frame) => window.until(`step ${frame}`, () => game.frameNumber >= frame);

/** One session from its beginning to its end, of the environment and with the ending whose turn it is unless told otherwise. */
export async function session(palaestra, index, chosen = {}) {
  const { make, play, liveSessions, registry } = palaestra;
  if (index <= warmUp && !chosen.id) await becomeWarm(palaestra, index);
  const ids = played(registry);
  const { id, ending } = { id: ids[index % ids.length], ending: endings[index % endings.length], ...chosen };
  await viaMake(make, id, index, ending === 'disposed');
  const seats = allAtRandom(registry.get(id));

  const own = index % 2 === 0 && document.body.appendChild(document.createElement('canvas'));
  const canvas = own || document.getElementById('canvas');
  const rest = { canvas, fps: 60, seed: index, episodePause: 0, onStep: () => {} };
  const game = faults[ending]
    ? play({ ...rest, stepTimeout: 300, env: 'Faults-v0', idle: [0, 0, 0, 0, faults[ending]] })
    : play({ ...rest, env: id, seats, maxSteps: 25, recordMetrics: ending === 'packed' });
  if (ending === 'disposed') {
    await stepReached(game, 8);
    game.dispose('closed');
  }
  const record = await window.within(`the game of ${id} to end`, game.finished, 60_000);
  const identical = ending === 'packed' ? (await record.verification()).identical : null;
  if (own) own.remove();
  return { id, ending, reason: record.reason, error: record.error?.code ?? null, identical, live: liveSessions() };
}

/** The same environment by promises, closed in the middle of a step or after it. */
async function viaMake(make, id, seed, midStep) {
  const env = await make(id, {}, { signal: leaving.signal });
  await env.reset({ seed });
  const step = env.step(randomActions(env, 1)[0]).then(
    () => 'returned',
    (error) => error.code,
  );
  if (!midStep) await step;
  await env.close();
  const outcome = await step;
  if (outcome !== 'returned' && !(midStep && outcome === 'session_closed'))
    throw new Error(`a step of ${id}: ${outcome}`);
}
