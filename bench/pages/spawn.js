// From nothing to the first word of a Worker.

/** Milliseconds from making an empty module Worker to its first message, several times over. */
export async function emptyWorkers(count) {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const began = performance.now();
    const worker = new Worker(new URL('empty.js', import.meta.url), { type: 'module' });
    await window.within('the first word of an empty Worker', new Promise((spoke) => (worker.onmessage = spoke)));
    times.push(performance.now() - began);
    worker.terminate();
    await pause();
  }
  return times;
}

/** Milliseconds from `make` to the first observation, with the module compiled and its files in the browser's cache. */
export async function environments(palaestra, id, count) {
  const times = [];
  for (let i = 0; i <= count; i += 1) {
    const began = performance.now();
    const env = await palaestra.make(id);
    await env.reset({ seed: i });
    // The first one compiles the module.
    if (i > 0) times.push(performance.now() - began);
    await env.close();
    await pause();
  }
  return times;
}

/** The last Worker may still be on its way out. */
const pause = () => new Promise((passed) => setTimeout(passed, 60));

/** When the browser had painted the first frame in which anything was drawn on a canvas, counted from the navigation. */
export function firstPaintedFrame() {
  const prototype = CanvasRenderingContext2D.prototype;
  return new Promise((painted) => {
    const native = {};
    const drawn = () => {
      for (const [name, method] of Object.entries(native)) prototype[name] = method;
      const { port1, port2 } = new MessageChannel();
      port2.onmessage = () => {
        port2.close();
        painted(performance.now());
      };
      port1.postMessage(null);
    };
    for (const name of ['fillRect', 'fill', 'stroke', 'drawImage', 'fillText']) {
      native[name] = prototype[name];
      prototype[name] = function (...args) {
        drawn();
        return native[name].apply(this, args);
      };
    }
  });
}

/** The paths of what a page has asked for until its first picture, in order. What it asks for then, to keep the record, no picture waits for. */
export async function askedUntilPainted(painted) {
  const at = await painted;
  return performance
    .getEntriesByType('resource')
    .filter(({ startTime }) => startTime <= at)
    .map(({ name }) => new URL(name).pathname);
}
