// The record of a session whose page's module has failed. Its chunks are outside the module, the one that was written as it was when
// something was last recorded.
import { packedOf } from './packed.js';

/** A header that says why there is no more, where it has a place for that: every number stays as it was written. */
export function failedHeader(text, { code, message }) {
  const has = (header, name, value) => [header, header.local].some((fields) => fields?.[name] === value);
  const put = (text, name, value) => {
    const was = `"${name}":null`;
    // Arguments and notes may have such a field as well.
    for (let at = text.indexOf(was); at >= 0; at = text.indexOf(was, at + 1)) {
      const changed = `${text.slice(0, at)}"${name}":${JSON.stringify(value)}${text.slice(at + was.length)}`;
      if (!has(JSON.parse(changed), name, null)) return changed;
    }
    return text;
  };
  return put(put(text, 'error', { code, message }), 'reason', 'error');
}

/** As `RecordHandle.pack`. */
export function packRescued({ about: [header, spec, metrics], chunks }, error, context) {
  const open = chunks.unsealed(chunks.length, 0);
  // None where the last chunk had just been sealed, or nothing had been recorded yet.
  const blobs = [...chunks.blobs(), ...(open?.length ? [new Blob([open])] : [])];
  return packedOf([failedHeader(header, error), spec, metrics], blobs, true, context);
}
