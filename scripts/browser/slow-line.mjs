// A line as a participant may have it: what comes down shares so many bits a second, and every way takes its time.
import { connect, createServer } from 'node:net';

/** Bytes that are passed on at once: a packet or so. */
const PIECE = 1460;

/**
 * A slow line to a site on this machine, for all connections together, until `owner` is done with it; gives the address at its far end. It is
 * outside of the browser, so that Workers go through it like pages.
 *
 * @param {import('./owner.mjs').Owner} owner
 * @param {string} url the site
 * @param {{ bitsPerSecond: number, roundTripMs: number }} line
 */
export async function openSlowLine(owner, url, { bitsPerSecond, roundTripMs }) {
  const { hostname, port, pathname } = new URL(url);
  const oneWay = roundTripMs / 2;
  const msOf = (bytes) => (bytes * 8000) / bitsPerSecond;
  /** When the line is free again. */
  let free = 0;
  const sockets = new Set();
  const timers = new Set();
  const later = (at, act) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, at - performance.now());
    timers.add(timer);
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    }
    // The handshake of a connection is a round trip before its first byte.
    const opened = performance.now() + roundTripMs;
    const up = (act) => later(Math.max(performance.now(), opened) + oneWay, act);
    near.on('data', (data) => up(() => far.write(data)));
    near.on('end', () => up(() => far.end()));
    let last = 0;
    far.on('data', (data) => {
      for (let at = 0; at < data.length; at += PIECE) {
        const piece = data.subarray(at, at + PIECE);
        free = Math.max(free, performance.now()) + msOf(piece.length);
        last = free + oneWay;
        later(last, () => near.write(piece));
      }
    });
    far.on('end', () => later(Math.max(last, performance.now() + oneWay), () => near.end()));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  owner.after(() => {
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve(undefined)));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}${pathname}`;
}
