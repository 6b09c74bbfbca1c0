// The Worker that writes a record's steps as a table, which the page makes and ends. Where its files are, it is told.
import { loadFamily, moduleOf, streamOf, streamOfFile, tellWhatFails, watched } from '../verifier/platform.js';
import init, { table } from './palaestra_export_module.js';

const types = {
  csv: 'text/csv',
  jsonlines: 'application/jsonl',
  arrow: 'application/vnd.apache.arrow.file',
  minari: 'application/zip',
};
const failed = tellWhatFails();
const sign = () => self.postMessage({});

/** The rows, in pieces that the browser keeps. */
const parts = [];
/** @type {any} only Workers have it */
const reader = new /** @type {any} */ (self).FileReaderSync();

const platform = {
  load: loadFamily,
  // At once, as whoever replays asks for lines.
  slice: (file, from, to) => {
    const piece = file.slice(from, to);
    return new Uint8Array(piece instanceof Blob ? reader.readAsArrayBuffer(piece) : piece);
  },
  put: (piece) => void parts.push(new Blob([piece])),
  tell: sign,
};

async function run({ module, parts: more, file, ...job }) {
  /** @type {any} */
  const exports = await init({ module_or_path: moduleOf(await streamOf(module), sign) });
  for (const part of more) {
    const response = moduleOf(await streamOf(part), sign);
    await WebAssembly.instantiate(await response.arrayBuffer(), { p: exports });
  }
  const text = new Response(watched(await streamOfFile(file), sign));
  // In bytes where it came so: see `save/table.js`.
  const plain = file instanceof Blob ? await text.blob() : await text.arrayBuffer();
  await table(platform, { ...job, file: plain, size: plain instanceof Blob ? plain.size : plain.byteLength });
  self.postMessage({ packed: new Blob(parts, { type: types[job.format] }), message: '' });
  self.postMessage({ done: true });
}

self.onmessage = ({ data }) => {
  self.onmessage = null;
  run(data).catch(failed);
};
