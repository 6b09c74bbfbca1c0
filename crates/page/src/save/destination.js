// Where a record is sent: an address, Palaestra's own server, or a function of the page's.
import { through } from './stream.js';

/** How long an acknowledgement may take. */
const ANSWER_MS = 10_000;

/** What an acknowledgement says: how many bytes of the stream, from its first, are safe. */
async function saved(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(`expected an acknowledgement, found status ${response.status}`);
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    throw new Error(`expected an acknowledgement like {"saved": 1234}, found ${JSON.stringify(text.slice(0, 60))}`);
  }
  return told?.saved;
}

/** Nothing of these is a header of our own: a page of another site would be asked before each request, and could send none when it goes. */
function addressOf(url, { id, envId, participant, offset, bytes, steps, last }, encoding) {
  const address = new URL(url);
  const words = { id, env: envId, participant, offset, length: bytes.length, steps, encoding, last: Number(last) };
  for (const [name, value] of Object.entries(words)) {
    if (value !== undefined && value !== null) address.searchParams.set(name, String(value));
  }
  return address;
}

const toUrl = (url) => ({
  key: url,

  async send(piece) {
    const gzips = typeof CompressionStream === 'function';
    const body = gzips ? await through(piece.bytes, new CompressionStream('gzip')) : piece.bytes;
    const began = performance.now();
    try {
      const address = addressOf(url, piece, gzips ? 'gzip' : 'identity');
      const response = await fetch(address, {
        method: 'POST',
        body: new Blob([body]),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return await saved(response);
    } catch (error) {
      throw Object.assign(new Error(`${new URL(url).origin}: ${error?.message ?? error}`), {
        waitedMs: performance.now() - began,
      });
    }
  },

  leave(piece) {
    const address = addressOf(url, piece, 'identity');
    // Nothing can be compressed at once, and a page that goes has no later.
    fetch(address, { method: 'POST', body: new Blob([piece.bytes]), keepalive: true }).catch(() => {});
  },
});

/** A function has no address, and is not kept: by where its page is, which no other study's page of the same site has. */
const callbackKey = () => `callback ${location.pathname}`;

const toCallback = (callback) => ({
  key: callbackKey(),

  async send(piece) {
    const began = performance.now();
    let timer;
    const late = new Promise((_, reject) => {
      const text = `save.callback: expected it to settle within ${ANSWER_MS} ms`;
      timer = setTimeout(() => reject(Object.assign(new Error(text), { waitedMs: ANSWER_MS })), ANSWER_MS);
    });
    try {
      const told = await Promise.race([callback({ ...piece, leaving: false }), late]);
      return told?.saved ?? piece.offset + piece.bytes.length;
    } catch (error) {
      throw Object.assign(new Error(String(error?.message ?? error)), { waitedMs: performance.now() - began });
    } finally {
      clearTimeout(timer);
    }
  },

  leave(piece) {
    Promise.resolve(callback({ ...piece, leaving: true })).catch(() => {});
  },
});

/** The address at which Palaestra's own server takes records: `true` is the page's own. */
function serverUrl(server) {
  const url = new URL(server === true ? location.origin : server, location.href);
  url.protocol = url.protocol.replace(/^ws/, 'http');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return new URL('records', url).href;
}

/** What sends pieces there, or nothing. @param {any} save the option of `play`, which has been looked at */
export function destinationOf(save) {
  if (typeof save !== 'object' || save === null) return undefined;
  if (save.callback) return toCallback(save.callback);
  if (save.server) return toUrl(serverUrl(save.server));
  if (save.url) return toUrl(new URL(save.url, location.href).href);
  return undefined;
}

/** The same of one that was named before; a function is not kept. */
export const destinationAt = (key) => (key && !key.startsWith('callback') ? toUrl(key) : undefined);
