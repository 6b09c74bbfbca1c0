// A record's stream, of which the pieces are that are sent: see crates/record/src/stream.rs.
const utf8 = new TextEncoder();

export function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const behindLength = (bytes) => [new Uint8Array(new Uint32Array([bytes.length]).buffer), bytes];

/** What it begins with. @param {[string, Uint8Array | undefined, string[]]} about */
export const head = ([header, spec, metrics]) =>
  joined([
    utf8.encode('PRS1'),
    ...behindLength(utf8.encode(header)),
    ...behindLength(spec ?? new Uint8Array()),
    ...behindLength(utf8.encode(metrics.join('\n'))),
  ]);

/** What it ends with, where the session came to its end. @param {string} header as it was then */
export const end = (header) => joined([utf8.encode('PRE1'), ...behindLength(utf8.encode(header))]);

/** Bytes through a stream of the browser's that compresses or decompresses them. */
export const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

/** A chunk's bytes as they were recorded: a chunk begins with P, and what is gzipped does not. */
export const plain = async (bytes) => (bytes[0] === 0x1f ? through(bytes, new DecompressionStream('gzip')) : bytes);
