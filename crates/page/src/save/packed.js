// The file of a record of which there are only chunks, whoever wrote them: of a tab that is gone, or of a page whose module has failed.

/** How long the Worker that packs may be without a sign of life, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Packs it and replays it: `{blob, gzip, identical, steps, message, whole}`, as of any other record.
 *
 * @param {any[]} about header, spec's bytes and names of metrics: see `RecordHandle.about`
 * @param {Blob[]} chunks in order; the last one may end anywhere
 * @param {boolean} unfinished
 * @param {any} context what belongs to the page's own script
 */
export async function packedOf(about, chunks, unfinished, context) {
  const { runPacker, address, modulesThatReplay, verifier, PalaestraError } = context;
  const [header, spec, metrics] = about;
  const { env_id: id } = JSON.parse(header);
  // Nothing replays an environment in Python.
  const modules = id.startsWith('guest/') ? [] : modulesThatReplay(id);
  const job = { header, spec, metrics, modules, verifier: verifier(), verify: true, unfinished, chunks };
  const told = await runPacker(address('verifier/boot.js'), job, PATIENCE_MS);
  const { packed, identical = null, steps = 0, message, failed } = told;
  if (!packed) throw new PalaestraError('load_failed', `the record could not be packed: ${failed}`);
  const whole = failed === undefined;
  return { blob: packed, gzip: true, identical, steps, message: whole ? message : `not verified: ${failed}`, whole };
}
