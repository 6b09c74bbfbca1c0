// What the Workers that pack, replay and write tables ask of the browser.

const wasm = { 'content-type': 'application/wasm' };

export const unzipped = (stream) => stream.pipeThrough(new DecompressionStream('gzip'));

/** What a Blob holds, or what was handed over as bytes since no Worker of the page reads a Blob. */
const contentOf = (given) =>
  given instanceof ArrayBuffer ? /** @type {ReadableStream<Uint8Array>} */ (new Response(given).body) : given.stream();

/** A module's bytes, from its address or from itself, gzipped. */
export async function streamOf(module) {
  if (typeof module !== 'string') return unzipped(contentOf(module));
  const response = await fetch(module);
  if (!response.ok) throw new Error(`expected status 200, found ${response.status}`);
  return /** @type {ReadableStream<Uint8Array>} */ (response.body);
}

/** The same bytes; `sign` is called whenever a part of them has come. */
export function watched(bytes, sign) {
  const watch = new TransformStream({
    transform(part, out) {
      sign();
      out.enqueue(part);
    },
  });
  return bytes.pipeThrough(watch);
}

/** A module's bytes as what it is made of; `sign` is called whenever a part of them has come. */
export const moduleOf = (bytes, sign = () => {}) => new Response(watched(bytes, sign), { headers: wasm });

/** A file, a Blob or its bytes, as a stream, decompressed where it is gzip. */
export async function streamOfFile(file) {
  const beginning = file.slice(0, 1);
  const [first] = new Uint8Array(beginning instanceof Blob ? await beginning.arrayBuffer() : beginning);
  return first === 0x1f ? unzipped(contentOf(file)) : contentOf(file);
}

/** A family's module with its parts, for a replay: an instance that nobody has played in. */
export async function loadFamily(modules) {
  let module;
  try {
    const family = await import('../worker/palaestra_worker.js');
    let exports;
    for (module of modules) {
      const response = moduleOf(await streamOf(module));
      if (exports) await WebAssembly.instantiate(await response.arrayBuffer(), { p: exports });
      else exports = await family.default({ module_or_path: response });
    }
    return family;
  } catch (error) {
    throw new Error(`${typeof module === 'string' ? module : 'the module'}: ${error?.message ?? error}`);
  }
}

/** What nobody catches is a Worker's last word. */
export function tellWhatFails() {
  const failed = (error) => self.postMessage({ failed: String(error?.message ?? error) });
  self.addEventListener('error', (event) => {
    event.preventDefault(); // Whoever hears of it says it.
    failed(event);
  });
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    failed(event.reason);
  });
  return failed;
}
