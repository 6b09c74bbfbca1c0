// Many steps in one crossing.

/** Numbers from 0 to 1, the same at every call. */
function generator(state = 1) {
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** A random member of an action space. */
function sample(space, random) {
  const whole = (n) => Math.floor(random() * n);
  switch (space.type) {
    case 'Discrete':
      return space.start + whole(space.n);
    case 'MultiDiscrete':
      return space.nvec.map(whole);
    case 'MultiBinary':
      return Array.from({ length: space.n }, () => whole(2));
    case 'Box': {
      const length = space.shape.reduce((product, n) => product * n, 1);
      const bound = (bounds, i) => Math.max(Math.min(bounds[bounds.length === 1 ? 0 : i], 1e3), -1e3);
      return Array.from({ length }, (_, i) => {
        const [low, high] = [bound(space.low, i), bound(space.high, i)];
        return low + random() * (high - low);
      });
    }
    case 'None':
      return null;
    case 'Tuple':
      return space.spaces.map((space) => sample(space, random));
    case 'OneOf':
      return sample(space.spaces[whole(space.spaces.length)], random);
    default:
      throw new Error(`no random actions for a ${space.type}`);
  }
}

/** So many random actions of an environment, drawn beforehand. */
export function randomActions(env, count) {
  const random = generator();
  const joint = () => Object.fromEntries(env.agents.map((agent) => [agent, sample(env.actionSpace[agent], random)]));
  const one = env.agents.length > 1 ? joint : () => sample(env.actionSpace, random);
  return Array.from({ length: count }, one);
}

/** Asks for the actions to be played; where the batch before ended with an episode's last step, an episode begins first. */
async function play(env, actions) {
  const returned = await env.stepMany(actions, { autoreset: true }).catch(async (error) => {
    if (error.code !== 'out_of_order') throw error;
    await env.reset();
    return env.stepMany(actions, { autoreset: true });
  });
  if (returned.length !== actions.length) throw new Error(`${returned.length} of ${actions.length} steps were made`);
  return returned.length;
}

/** Plays the actions again and again for `ms` milliseconds. Gives steps a second, and the page's own share of the time. */
export async function stepsPerSecond(env, actions, ms) {
  let steps = 0;
  let onPage = 0;
  const began = performance.now();
  while (performance.now() - began < ms) {
    const called = performance.now();
    const asked = play(env, actions);
    onPage += performance.now() - called;
    steps += await asked;
  }
  const spent = performance.now() - began;
  return { perSecond: (steps / spent) * 1000, onPage: onPage / spent };
}

/** The same of a page that asks for the next actions before the last ones are answered: neither it nor the Worker waits. */
export async function stepsPerSecondAhead(env, actions, ms) {
  let steps = 0;
  const began = performance.now();
  let asked = play(env, actions);
  while (performance.now() - began < ms) {
    const next = play(env, actions);
    steps += await asked;
    asked = next;
  }
  steps += await asked;
  return { perSecond: (steps / (performance.now() - began)) * 1000 };
}

/** The Python Worker once it has sent its first observation: `{ coldMs, play(actions) }`. */
export async function startPython() {
  const began = performance.now();
  const worker = new Worker(new URL('python.js', import.meta.url), { type: 'module' });
  const answer = () => {
    const said = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(`the Python Worker: ${event.message}`));
    });
    return window.within('the Python Worker to answer', said, 120_000);
  };
  const observation = await answer();
  if (observation?.length !== 4) throw new Error(`a first observation of CartPole, not ${observation}`);
  const coldMs = performance.now() - began;
  return {
    coldMs,
    async perSecond(actions, ms) {
      let steps = 0;
      const start = performance.now();
      while (performance.now() - start < ms) {
        const played = answer();
        worker.postMessage(actions);
        if ((await played) !== actions.length) throw new Error('CartPole earns 1 a step');
        steps += actions.length;
      }
      return (steps / (performance.now() - start)) * 1000;
    },
  };
}

/** The environment alone under WebAssembly, in a Worker: `{ play({ steps, times }), close() }`. */
export async function startRollout({ address, id, steps }) {
  const module = await WebAssembly.compileStreaming(fetch(address));
  const worker = new Worker(new URL('rollout.js', import.meta.url));
  const ask = (message) => {
    const said = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(`${id} alone: ${event.message}`));
      worker.postMessage(message);
    });
    return window.within(`${id} alone in a Worker to answer`, said, 60_000);
  };
  const { loaded } = await ask({ module, id, steps });
  if (!loaded) throw new Error(`${id} cannot be made under WebAssembly`);
  return { play: (request) => ask(request), close: () => worker.terminate() };
}
