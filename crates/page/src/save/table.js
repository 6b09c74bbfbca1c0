// A record's steps as a table: a Worker of its own replays it and writes rows, as `palaestra export` does.

/** How long that Worker may be without a sign of life: it gives one with each part of the file, and between steps that are slow. */
const PATIENCE_MS = 20_000;

/** In WebKit the Workers of a page that is opened as a file read no Blob, not even one of their own: there everything goes as bytes. */
const forWorker = async (what) => (location.protocol === 'file:' && what instanceof Blob ? what.arrayBuffer() : what);
const allForWorker = (list) => Promise.all(list.map(forWorker));

const MODULE = 'export/palaestra_export_module';
/** The formats that a part of the module writes. */
const IN_COLUMNS = ['arrow', 'minari'];

/**
 * @param {Blob} file the record's, which a replay has to agree with; that of a guest, which nobody replays here, is taken at its word
 * @param {{ env_id: string }} header
 * @param {string} name what rows call the record
 * @param {'csv' | 'jsonlines' | 'arrow' | 'minari'} format
 * @param {() => Uint8Array | undefined} spec the environment's, in bytes: a guest's spaces are nowhere else
 * @param {any} context what belongs to the page's own script
 * @returns {Promise<Blob>}
 */
export async function table(file, header, name, format, spec, context) {
  const { address, handedOver, modulesThatReplay, runPacker, PalaestraError } = context;
  const guest = header.env_id.startsWith('guest/');
  const needed = [...(IN_COLUMNS.includes(format) ? ['columns'] : []), ...(guest ? ['told'] : [])];
  const job = {
    file: await forWorker(file),
    // Of it the module reads what the environment is; the seed is the file's, and a number of JavaScript may not hold it.
    header: JSON.stringify({ ...header, seed: 0 }),
    name,
    format,
    modules: await allForWorker(guest ? [] : modulesThatReplay(header.env_id)),
    spec: guest ? spec() : undefined,
    module: await forWorker(handedOver(`${MODULE}_bg.wasm`)),
    parts: await allForWorker(needed.map((part) => handedOver(`${MODULE}_${part}.wasm`))),
  };
  const { packed, failed } = await runPacker(address('export/boot.js'), job, PATIENCE_MS, 'palaestra export');
  if (!packed) throw new PalaestraError('load_failed', `${format}: ${failed}`);
  return packed;
}
