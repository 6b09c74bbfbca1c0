// Round trips from the page to a Worker and back. A `way` is { once(done), rest() }: `once` starts one round trip and calls
// `done` when it is back; `rest`, a promise, does between two whatever must not be timed.

/** One buffer to a Worker that does nothing but send it back. */
export async function echoWay(bytes) {
  const worker = new Worker(new URL('echo.js', import.meta.url));
  let back;
  // Its data is looked at, as that of a step is: browsers make the buffer of a message only then.
  worker.onmessage = ({ data }) => back(data);
  return {
    once(done) {
      back = done;
      worker.postMessage(new ArrayBuffer(bytes));
    },
    async rest() {},
    close: async () => worker.terminate(),
  };
}

/** Actions with which episodes last: an episode's end has to be followed by a reset, which is not what is measured. */
const policies = {
  'CartPole-v1':
    () =>
    ({ observation: [, , angle, turning] }) =>
      3 * angle + turning > 0 ? 1 : 0,
  'MiniGrid-DoorKey-8x8-v0': () => () => 0,
  'overcooked_ai/cramped_room': (env) => (_, i) =>
    Object.fromEntries(env.agents.map((agent, k) => [agent, (i + k) % 6])),
};

/** `step` of an environment, as a researcher calls it. */
export async function stepWay(palaestra, id) {
  const env = await palaestra.make(id);
  const choose = policies[id](env);
  let last = await env.reset({ seed: 1 });
  let count = 0;
  let action = choose(last, count);
  const over = (flags) => flags === true || (typeof flags === 'object' && Object.values(flags).some(Boolean));
  return {
    once(done) {
      env.step(action).then((result) => {
        last = result;
        done();
      });
    },
    async rest() {
      if (over(last.terminated) || over(last.truncated)) last = await env.reset();
      action = choose(last, (count += 1));
    },
    close: () => env.close(),
  };
}

const timed = (way) =>
  new Promise((resolve) => {
    const began = performance.now();
    way.once(() => resolve(performance.now() - began));
  });

/** Milliseconds of each of `count` round trips, one straight after another. */
async function backToBack(way, count) {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    times.push(await timed(way));
    await way.rest();
  }
  return times;
}

/**
 * The same of several ways, which take turns: block by block, the order of a round being that of the last one turned around. So
 * whatever becomes of the machine, of its clock's pace or of where its threads run, becomes of all of them.
 *
 * @returns {Promise<Record<string, number[][]>>} by name the blocks' times
 */
export async function inTurns(ways, { warm, blocks, block }) {
  const names = Object.keys(ways);
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await backToBack(ways[name], warm);
  for (let i = 0; i < blocks; i += 1) {
    for (const name of names) seen[name].push(await backToBack(ways[name], block));
    names.reverse();
  }
  return seen;
}

/** Milliseconds of each of `count` round trips that start at `hz` a second. */
export async function paced(way, { warm, count, hz }) {
  const times = [];
  let next = performance.now();
  for (let i = -warm; i < count; i += 1) {
    next += 1000 / hz;
    await new Promise((due) => setTimeout(due, Math.max(next - performance.now(), 0)));
    const time = await timed(way);
    if (i >= 0) times.push(time);
    await way.rest();
  }
  return times;
}

/** Whether the page's steps go through shared memory: then the runtime makes some. */
export function watchSharedMemory() {
  let made = 0;
  const Native = globalThis.SharedArrayBuffer;
  if (Native) {
    globalThis.SharedArrayBuffer = new Proxy(Native, {
      construct(target, args, newTarget) {
        made += 1;
        return Reflect.construct(target, args, newTarget);
      },
    });
  }
  return () => made > 0;
}

/** The greatest message to and from a Worker while `body` runs, in bytes. */
export async function messageBytes(body) {
  const Native = globalThis.Worker;
  const most = { request: 0, reply: 0 };
  const note = (way, data) => (most[way] = Math.max(most[way], data?.byteLength ?? 0));
  globalThis.Worker = class extends Native {
    constructor(address, options) {
      super(address, options);
      this.addEventListener('message', ({ data }) => note('reply', data));
    }
    postMessage(data, ...rest) {
      note('request', data);
      super.postMessage(data, ...rest);
    }
  };
  try {
    await body();
  } finally {
    globalThis.Worker = Native;
  }
  return most;
}

/** What a page must have done before it loads the runtime, for all steps to go by messages although it could share memory. */
export const withoutSharedMemory = () => void delete Atomics.waitAsync;

/** The seats of a game that nobody plays. */
const atRandom = { 'overcooked_ai/cramped_room': { agent_0: 'random', agent_1: 'random' } };

/** When a game's steps were called and had returned, each with its scene, which is drawn: on the page's canvas or out of sight. */
export async function playedSteps(palaestra, { id, fps, steps, shown = true }) {
  const canvas = shown ? document.getElementById('canvas') : document.createElement('canvas');
  const game = palaestra.play({
    env: id,
    canvas,
    fps,
    maxSteps: steps,
    seed: 1,
    seats: atRandom[id],
    episodePause: 0,
    recordHashes: false,
    verify: false,
  });
  const record = await window.within('the game to end', game.finished, 60_000);
  const { stepCallTimestamp, workerReceiveTimestamp, stepBeginTimestamp, stepEndTimestamp, stepReturnTimestamp } =
    game.pipelineMetrics.history();
  record.free();
  return {
    called: Array.from(stepCallTimestamp),
    received: Array.from(workerReceiveTimestamp),
    began: Array.from(stepBeginTimestamp),
    ended: Array.from(stepEndTimestamp),
    returned: Array.from(stepReturnTimestamp),
  };
}

/** The milliseconds of each step, without its wait at the Worker for its time. */
export const durations = ({ called, received, began, returned }) =>
  called.map((at, i) => returned[i] - at - (began[i] - received[i]));

/** The milliseconds of each step's stretches. */
export const stretches = ({ called, received, began, ended, returned }) => ({
  'to the Worker': called.map((at, i) => received[i] - at),
  'the wait there for its time': received.map((at, i) => began[i] - at),
  'the step': began.map((at, i) => ended[i] - at),
  'scene, reply and back to the page': ended.map((at, i) => returned[i] - at),
});

/** An echo as a game steps: at any moment of the frames of a page whose canvas changes in each. */
export async function whileDrawing(way, { count, hz }) {
  const canvas = document.getElementById('canvas');
  const context = canvas.getContext('2d');
  let frame;
  const draw = (at) => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.fillRect((at / 3) % canvas.width, 100, 60, 60);
    frame = requestAnimationFrame(draw);
  };
  frame = requestAnimationFrame(draw);
  const times = await paced(way, { warm: 10, count, hz });
  cancelAnimationFrame(frame);
  return times;
}
