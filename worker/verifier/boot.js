// gloo-worker's loader: a file of the site instead of the Blob URL it would make, which it never revokes.
import init, { register } from './palaestra_verifier.js';

/** What the job cannot do itself. */
const platform = {
  gzip: (bytes) => through(bytes, new CompressionStream('gzip')),
  gunzip: (bytes) => through(bytes, new DecompressionStream('gzip')),

  /** A family's module, for the replay: an instance that nobody has played in. */
  async load(family) {
    const address = new URL(`../worker/${family}_bg.wasm`, import.meta.url);
    try {
      const module = await import('../worker/palaestra_worker.js');
      await module.default({ module_or_path: address });
      return module;
    } catch (error) {
      throw new Error(`${address}: ${error?.message ?? error}`);
    }
  },
};

/** The Blob holds a copy: the bytes are a view of a memory that may grow meanwhile. */
async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

try {
  await init({ module_or_path: new URL('palaestra_verifier_bg.wasm', import.meta.url) });
  register(platform);
} catch (error) {
  self.close();
  throw error;
}
