// A record's steps as a table: a Worker of its own replays it and writes rows, as `palaestra export` does.

/** How long that Worker may be without a sign of life: it gives one with each 256 KiB of the file. */
const PATIENCE_MS = 20_000;

/**
 * @param {Blob} file the record's, which a replay has to agree with
 * @param {{ env_id: string }} header
 * @param {string} name what rows call the record
 * @param {'csv' | 'jsonlines'} format
 * @param {any} context what belongs to the page's own script
 * @returns {Promise<Blob>}
 */
export async function table(file, header, name, format, { address, handedOver, modulesOf, runPacker, PalaestraError }) {
  if (header.env_id.startsWith('guest/')) {
    const text = `${format}: expected a record that can be replayed here, found one of ${header.env_id}, in Python`;
    throw new PalaestraError('unsupported', text);
  }
  const module = handedOver('export/palaestra_export_module_bg.wasm');
  const job = { file, header: JSON.stringify(header), name, format, modules: modulesOf(header.env_id), module };
  const { packed, failed } = await runPacker(address('export/boot.js'), job, PATIENCE_MS, 'palaestra export');
  if (!packed) throw new PalaestraError('load_failed', `${format}: ${failed}`);
  return packed;
}
