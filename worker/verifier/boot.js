// How the verifier's two Workers boot. The page makes the packer, by this name; the packer makes the replay with gloo-worker,
// which gives it none. The packer ends with the page's word, and the replay with the packer.
import init, { pack, register } from './palaestra_verifier.js';

const PACKER = 'palaestra packer';
const address = new URL('palaestra_verifier_bg.wasm', import.meta.url);
/** How long the replay's Worker, which ends itself when the packer has its answer, is given to be gone. */
const LEAVE_MS = 250;

/** Waits for the module, and calls `sign` whenever a part of it has come. */
async function load(sign) {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`expected status 200, found ${response.status}`);
    const watch = new TransformStream({
      transform(part, out) {
        sign();
        out.enqueue(part);
      },
    });
    const headers = { 'content-type': 'application/wasm' };
    const body = /** @type {ReadableStream<Uint8Array>} */ (response.body);
    await init({ module_or_path: new Response(body.pipeThrough(watch), { headers }) });
  } catch (error) {
    throw new Error(`${address}: ${error?.message ?? error}`);
  }
}

/** A Blob as a stream, decompressed where it is gzip. */
async function stream(blob) {
  const [first] = new Uint8Array(await blob.slice(0, 1).arrayBuffer());
  return first === 0x1f ? blob.stream().pipeThrough(new DecompressionStream('gzip')) : blob.stream();
}

/** What both ask of their Worker. */
const platform = {
  read: async (blob) => new Uint8Array(await new Response(await stream(blob)).arrayBuffer()),

  pieces(blob) {
    const reader = stream(blob).then((readable) => readable.getReader());
    return { next: async () => (await (await reader).read()).value };
  },

  /** A family's module with its parts, for the replay: an instance that nobody has played in. Names of files, with spaces between. */
  async load(names) {
    const addresses = names.split(' ').map((name) => new URL(`../worker/${name}.wasm`, import.meta.url));
    let address = addresses[0];
    try {
      const module = await import('../worker/palaestra_worker.js');
      const exports = await module.default({ module_or_path: address });
      for (address of addresses.slice(1)) {
        const response = await fetch(address);
        if (!response.ok) throw new Error(`expected status 200, found ${response.status}`);
        await WebAssembly.instantiate(await response.arrayBuffer(), { p: exports });
      }
      return module;
    } catch (error) {
      throw new Error(`${address}: ${error?.message ?? error}`);
    }
  },
};

/** What only the packer asks: where its file goes, and who hears of it. */
function packing() {
  const gzip = new CompressionStream('gzip');
  const writer = gzip.writable.getWriter();
  const file = new Response(gzip.readable).blob();
  file.catch(() => {}); // Told where it is waited for.
  return {
    ...platform,
    // A copy: the piece is a view of a memory that goes on changing.
    write: (piece) => writer.write(piece.slice()),
    async finish() {
      await writer.close();
      return new Blob([await file], { type: 'application/gzip' });
    },
    tell: (message) => self.postMessage(message),
    boot() {
      if (typeof Worker !== 'function') throw new Error('this browser makes no Worker in a Worker');
      return import.meta.url;
    },
  };
}

// What nobody catches is the last word of either Worker: the packer's to the page, the replay's to the packer (`codec.rs`). It
// reaches the packer as an exception, and so comes by here again.
const failed = (error) => self.postMessage({ failed: String(error?.message ?? error) });
self.addEventListener('error', (event) => {
  event.preventDefault(); // Whoever hears of it says it.
  failed(event);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  failed(event.reason);
});

if (self.name === PACKER) {
  self.onmessage = ({ data: job }) => {
    self.onmessage = null;
    load(() => self.postMessage({}))
      .then(() => pack(packing(), job))
      // A Worker that is terminated while one nested in it is ending stays for ever, with its memory, in one of fifty times
      // (seen in Chromium 148). So the page terminates this one when it says so.
      .then(() => setTimeout(() => self.postMessage({ done: true }), LEAVE_MS))
      .catch(failed);
  };
} else {
  load(() => {})
    .then(() => register(platform))
    .catch(failed);
}
