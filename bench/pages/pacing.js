// A game's ticks while the main thread has something else to do.

/** Keeps the main thread busy `busyMs` in every `everyMs`; gives what ends it. */
export function keepBusy({ busyMs, everyMs }) {
  const timer = setInterval(() => {
    const until = performance.now() + busyMs;
    while (performance.now() < until);
  }, everyMs);
  return () => clearInterval(timer);
}

/** When the steps of a game began at its Worker, and what its rows come to; `busy` as for `keepBusy`. */
export async function ticksOfGame({ play }, { id, fps, steps, busy, seats }) {
  const idle = busy ? keepBusy(busy) : () => {};
  const game = play({
    env: id,
    canvas: document.getElementById('canvas'),
    fps,
    maxSteps: steps,
    seed: 1,
    seats,
    episodePause: 0,
    verify: false,
  });
  const record = await window.within('the game to end', game.finished, 60_000);
  idle();
  const { stepBeginTimestamp, stepDueTimestamp } = game.pipelineMetrics.history();
  const began = Array.from(stepBeginTimestamp);
  const { slowed_ms: slowed = 0 } = record.header;
  const numbers = (await record.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'step');
  record.free();
  return {
    began,
    late: began.map((at, i) => at - stepDueTimestamp[i]),
    steps: numbers.map(({ t }) => t),
    slowed,
    summary: game.pipelineMetrics.summary(),
  };
}

/** When a bare loop of animation frames finds a tick of `fps` due, after the browser has painted. */
export async function ticksOfLoop({ fps, steps, busy }) {
  const idle = busy ? keepBusy(busy) : () => {};
  const called = [];
  const { port1, port2 } = new MessageChannel();
  const context = document.getElementById('canvas').getContext('2d');
  let next = performance.now();
  for (let i = 0; called.length < steps; i += 1) {
    await new Promise(requestAnimationFrame);
    context.clearRect(0, 0, 720, 576);
    context.fillRect((i * 7) % 660, 100, 60, 60);
    await new Promise((painted) => {
      port2.onmessage = painted;
      port1.postMessage(null);
    });
    const now = performance.now();
    if (now < next) continue;
    next += 1000 / fps;
    called.push(now);
  }
  idle();
  port1.close();
  return called;
}

/** When a Worker's timer ticks at `fps`, which no main thread delays; by the Worker's clock. */
export async function ticksOfWorker({ fps, steps, busy }) {
  const idle = busy ? keepBusy(busy) : () => {};
  const worker = new Worker(new URL('ticks.js', import.meta.url));
  worker.postMessage({ fps, steps });
  const said = new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
  const called = await window.within('the ticks of the Worker', said, 60_000);
  worker.terminate();
  idle();
  return called;
}

/** A page that draws a rectangle at every key, as soon as it can: the milliseconds from each key to its paint. */
export function drawAtKeys() {
  const context = document.getElementById('canvas').getContext('2d');
  const times = [];
  const { port1, port2 } = new MessageChannel();
  let pressed = [];
  let waiting;
  port2.onmessage = () => {
    const now = performance.now();
    times.push(...waiting.map((at) => now - at));
  };
  addEventListener('keydown', ({ timeStamp, repeat }) => {
    if (!repeat) pressed.push(timeStamp);
  });
  let frame = 0;
  const draw = () => {
    requestAnimationFrame(draw);
    context.clearRect(0, 0, 720, 576);
    context.fillRect((frame += 7) % 660, 100, 60, 60);
    if (pressed.length === 0) return;
    waiting = pressed;
    pressed = [];
    port1.postMessage(null);
  };
  requestAnimationFrame(draw);
  return times;
}
