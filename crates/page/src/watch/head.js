// What the Worker is asked to watch: a `Watch` of crates/protocol/src/together/watch.rs, without its options.
import { watchDrawn, watchFlags, watchFps, watchSeed, watchUrl } from '../protocol.js';

/**
 * @param {{ number: number, seed: number, fps: number }} match
 * @param {string} url the play socket's address
 * @param {boolean} drawn
 */
export function watchHead({ number, seed, fps }, url, drawn) {
  const address = new TextEncoder().encode(url);
  const bytes = new Uint8Array(watchUrl + 4 + address.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, number, true);
  view.setBigUint64(watchSeed, BigInt(seed), true);
  view.setFloat64(watchFps, fps, true);
  view.setUint8(watchFlags, drawn ? watchDrawn : 0);
  view.setUint32(watchUrl, address.length, true);
  bytes.set(address, watchUrl + 4);
  return bytes;
}
