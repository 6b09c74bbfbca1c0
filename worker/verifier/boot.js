// How the verifier's two Workers boot. The page makes the packer, by this name; the packer makes the replay with gloo-worker,
// which gives it none. The packer ends with the page's word, and the replay with the packer. Where their files are, the page knows:
// it tells the packer, and that the replay, behind the # of its address.
import { held } from './palaestra_held.js';
import init, { pack, register } from './palaestra_verifier.js';
import { loadFamily, moduleOf, streamOf, streamOfFile, tellWhatFails, unzipped } from './platform.js';

const PACKER = 'palaestra packer';
/** How long the replay's Worker, which ends itself when the packer has its answer, is given to be gone. */
const LEAVE_MS = 1000;

/** Those of this script's own module: within it, or at `address`. */
async function ownModule(address) {
  if (held === undefined) return streamOf(address);
  const bytes = Uint8Array.from(atob(held), (letter) => letter.charCodeAt(0));
  return unzipped(/** @type {ReadableStream<Uint8Array>} */ (new Response(bytes).body));
}

/** Waits for the module, and calls `sign` whenever a part of it has come. */
async function load(address, sign) {
  try {
    await init({ module_or_path: moduleOf(await ownModule(address), sign) });
  } catch (error) {
    throw new Error(`${held ? "the verifier's module" : address}: ${error?.message ?? error}`);
  }
}

/** What both ask of their Worker. */
const platform = {
  read: async (blob) => new Uint8Array(await new Response(await streamOfFile(blob)).arrayBuffer()),

  pieces(blob) {
    const reader = streamOfFile(blob).then((readable) => readable.getReader());
    return { next: async () => (await (await reader).read()).value };
  },

  load: loadFamily,
};

/** What only the packer asks: where its file goes, and who hears of it. */
function packing({ module, script }) {
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
    // As the page made this one: see `newWorker`.
    bootsModule: self.location.protocol !== 'blob:',
    boot() {
      if (typeof Worker !== 'function') throw new Error('this browser makes no Worker in a Worker');
      // Made anew: what a page without an origin has made is not for a Worker of its Worker's.
      if (script !== undefined) return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
      return `${self.location.href}#${module}`;
    },
  };
}

// What nobody catches is the last word of either Worker: the packer's to the page, the replay's to the packer (`codec.rs`). It
// reaches the packer as an exception, and so comes by here again.
const failed = tellWhatFails();

if (self.name === PACKER) {
  self.onmessage = ({ data: job }) => {
    self.onmessage = null;
    load(job.verifier.module, () => self.postMessage({}))
      .then(() => pack(packing(job.verifier), job))
      // A Worker that is terminated while one nested in it is ending stays for ever, with its memory, in one of fifty times
      // (seen in Chromium 148). So the page terminates this one when it says so.
      .then(() => setTimeout(() => self.postMessage({ done: true }), LEAVE_MS))
      .catch(failed);
  };
} else {
  load(self.location.hash.slice(1), () => {})
    .then(() => register(platform))
    .catch(failed);
}
