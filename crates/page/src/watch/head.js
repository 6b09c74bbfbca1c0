// What the Worker is asked to watch: a `Watch` of crates/protocol/src/together/watch.rs, without its options.

const SCENE = 1;

/**
 * @param {{ number: number, seed: number, fps: number }} match
 * @param {string} url the play socket's address
 * @param {boolean} drawn
 */
export function watchHead({ number, seed, fps }, url, drawn) {
  const address = new TextEncoder().encode(url);
  const bytes = new Uint8Array(25 + address.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, number, true);
  view.setBigUint64(4, BigInt(seed), true);
  view.setFloat64(12, fps, true);
  view.setUint8(20, drawn ? SCENE : 0);
  view.setUint32(21, address.length, true);
  bytes.set(address, 25);
  return bytes;
}
