// A game in a Worker, talked to by its messages: how long it takes to go back many frames and play them again.
// The layouts are those of crates/protocol: request.rs, reply.rs, game.rs. Going back is in the module's part for programs, which a game on
// a page does without.
const [RESET, PLAY, GRANT, REWIND] = [7, 8, 9, 11];
const [EVENT, ERROR] = [2, 1];

/** Milliseconds that the Worker says `frames` frames took, `times` times over: `{ ms, hashes }`. */
export async function rewinds(registry, id, frames, times) {
  const { family, agents } = registry.find((entry) => entry.id === id);
  // The players at random are in the part of options.
  const names = [`${family}_bg`, `${family}_options`, `${family}_program`];
  const [module, ...parts] = await Promise.all(names.map(compiled));
  const worker = new Worker(new URL('../worker/boot.js', import.meta.url), { type: 'module' });
  try {
    const game = new Talk(worker);
    const { error, timeOrigin } = await game.made({ module, id: 1, make: { envId: id }, parts });
    if (error) throw new Error(error);
    await game.ask(PLAY, setup(agents, frames + 10));
    await game.ask(
      RESET,
      bytes(10, (view) => {
        view.setUint8(0, 1);
        view.setBigUint64(1, 7n, true);
      }).subarray(0, 9),
    );
    const offset = timeOrigin - performance.timeOrigin;
    const grants = setInterval(() => {
      const until = performance.now() + 200 - offset;
      game
        .ask(
          GRANT,
          bytes(16, (view) => view.setFloat64(0, until, true)),
        )
        .catch(() => {});
    }, 50);
    try {
      await window.until(`${frames} frames of ${id}`, () => game.frame >= frames, 30_000);
    } finally {
      clearInterval(grants);
    }
    await game.ask(
      GRANT,
      bytes(16, (view) => view.setFloat64(0, -Infinity, true)),
    );
    const [ms, hashes] = [[], new Set()];
    for (let i = 0; i < times; i += 1) {
      const reply = await game.ask(
        REWIND,
        bytes(4, (view) => view.setUint32(0, frames, true)),
      );
      ms.push(reply.getFloat64(24, true) - reply.getFloat64(16, true));
      hashes.add(reply.getBigUint64(32, true));
    }
    return { ms, hashes: hashes.size };
  } finally {
    worker.terminate();
  }
}

const compiled = (name) => WebAssembly.compileStreaming(fetch(new URL(`../worker/${name}.wasm`, import.meta.url)));

/** A game at random, as fast as one may be, with so many snapshots. */
function setup(agents, snapshots) {
  return bytes(31 + agents, (view) => {
    view.setFloat64(0, 240, true);
    view.setBigUint64(8, 7n, true);
    view.setBigUint64(16, 2n ** 64n - 1n, true);
    view.setUint32(24, snapshots, true);
    view.setUint16(29, agents, true);
    for (let i = 0; i < agents; i += 1) view.setUint8(31 + i, 2);
  });
}

function bytes(length, write) {
  const view = new DataView(new ArrayBuffer(length));
  write(view);
  return new Uint8Array(view.buffer);
}

/** Requests and their replies; of the steps only the number. */
class Talk {
  #worker;
  #pending = new Map();
  #made;
  #last = 1;
  frame = 0;

  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
  }

  made(message) {
    const made = new Promise((done) => (this.#made = done));
    this.#worker.postMessage(message);
    return window.within('the environment', made);
  }

  ask(operation, payload) {
    this.#last += 1;
    const request = bytes(8 + payload.length, (view) => {
      view.setUint8(0, operation);
      view.setUint32(4, this.#last, true);
    });
    request.set(payload, 8);
    const reply = new Promise((resolve, reject) => this.#pending.set(this.#last, { resolve, reject }));
    this.#worker.postMessage(request.buffer);
    return window.within(`a reply to operation ${operation}`, reply);
  }

  #hear(data) {
    if (!(data instanceof ArrayBuffer)) return this.#made(data);
    const view = new DataView(data);
    if (view.getUint8(0) === EVENT) {
      this.frame = view.getUint32(4, true);
      return undefined;
    }
    const { resolve, reject } = this.#pending.get(view.getUint32(4, true)) ?? {};
    this.#pending.delete(view.getUint32(4, true));
    if (view.getUint8(0) === ERROR) return reject?.(new Error(new TextDecoder().decode(new Uint8Array(data, 32))));
    return resolve?.(view);
  }
}
