import { once } from 'node:events';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npmTool } from '../lib/npm-tools.mjs';
import { mediaType } from './media-types.mjs';

/** @type {typeof import('sirv').default} */
const sirv = npmTool('sirv');

/** What makes a page cross-origin isolated: finer clocks and shared memory are to be had only with these. */
const isolationHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/** The files beside a file that hold it compressed. */
const compressed = ['.br', '.gz'];

/**
 * What is served, and how.
 *
 * @typedef {object} ServeOptions
 * @property {string} root the folder. What lies outside of it is not served, wherever a link in it leads, nor is what begins with a dot
 * @property {string} [host] loopback unless told otherwise
 * @property {number} [port] 0 takes a free one
 * @property {boolean} [isolation] false sends no isolation headers, as many hosts cannot
 * @property {Record<string, string>} [headers] sent with every answer
 * @property {string[]} [missing] paths such as '/worker/boot.js' that are answered with 404 although they are there
 * @property {(path: string) => MaybePromise<Answer | false | undefined>} [intercept] may answer instead of the file (or later, to be slow)
 * @property {boolean} [record] `requests` lists `{ method, path, status }` of all answers so far; otherwise there is none
 *
 * A body that is an async iterable is sent as it comes; where that throws, the connection is cut.
 *
 * @typedef {{ status?: number, headers?: Record<string, string>, body?: string | Uint8Array | AsyncIterable<Uint8Array> }} Answer
 */

/**
 * @template T
 * @typedef {T | Promise<T>} MaybePromise
 */

/**
 * Serves a folder over HTTP and gives `{ url, port, requests, close }`. Files are sirv's business, which sends those that are compressed
 * beforehand to whoever takes them; what a test or a page needs beyond that is here.
 *
 * `close` ends every connection. Rejects with the system's error, such as EADDRINUSE, where it cannot listen.
 *
 * @param {ServeOptions} options
 */
export async function serve({
  root,
  port = 0,
  host = '127.0.0.1',
  isolation = true,
  headers = {},
  missing = [],
  intercept,
  record = false,
}) {
  const folder = await realpath(resolve(root));
  const hidden = new Set(missing);
  const requests = record ? [] : undefined;
  // No address of a site names a version of its file: a browser keeps what it has and asks whether that is still so.
  const common = { 'cache-control': 'no-cache', ...(isolation ? isolationHeaders : {}), ...headers };
  const sendFile = sirv(folder, {
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    extensions: [],
    setHeaders: describe,
  });

  const server = createServer(async (request, response) => {
    const path = pathOf(request.url);
    for (const [name, value] of Object.entries(common)) response.setHeader(name, value);
    if (requests) watch(response, (status) => requests.push({ method: request.method, path, status }));
    try {
      const answer = path !== undefined && (await intercept?.(path));
      if (answer) {
        response.writeHead(answer.status ?? 200, { 'content-type': mediaType(path), ...answer.headers });
        const { body = '' } = answer;
        if (typeof body === 'object' && Symbol.asyncIterator in body) await pipeline(body, response);
        else response.end(body);
      } else {
        await answerWithFile(request, response, { folder, path, hidden, sendFile });
      }
    } catch {
      // The browser went away, or the file did, in the middle of the answer: there is nobody left to tell.
      response.destroy();
    }
  });

  server.listen(port, host);
  await once(server, 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}/`,
    port: address.port,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}

/** Calls `begun` with the status of a response when that is certain. */
function watch(response, begun) {
  const writeHead = response.writeHead;
  response.writeHead = (status, ...rest) => {
    begun(status);
    return writeHead.call(response, status, ...rest);
  };
}

/** The decoded path of a request, or undefined where it is no valid path. */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}

/** What sirv cannot know of a file by its name: our own types, and that who asks for a compressed file wants it as it is. */
function describe(response, path) {
  response.setHeader('content-type', mediaType(path));
  if (compressed.some((ending) => path.endsWith(ending))) response.setHeader('content-encoding', 'identity');
}

async function answerWithFile(request, response, { folder, path, hidden, sendFile }) {
  const plainText = (status, text, headers = {}) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plainText(405, `GET or HEAD was expected, not ${request.method}`, { allow: 'GET, HEAD' });
  }
  let file = path === undefined ? undefined : resolve(join(folder, path));
  if (file === undefined || !isWithin(folder, file)) return plainText(400, 'not a path of this site');
  const notHere = () => plainText(404, `${path} is not here`);
  if (hidden.has(path) || /\/\./.test(path.replace(/^\/\.well-known\//, '/'))) return notHere();
  let status = await stat(file).catch(() => undefined);
  if (status?.isDirectory()) {
    // Relative links of a page resolve against the folder only if the address ends with a slash.
    if (!path.endsWith('/')) {
      // What was asked along with it is for the page.
      const { search } = new URL(request.url, 'http://localhost');
      return plainText(301, `${path}/`, { location: `${encodeURI(path)}/${search}` });
    }
    file = join(file, 'index.html');
    status = await stat(file).catch(() => undefined);
  }
  if (!status?.isFile()) return notHere();
  const places = await Promise.all(
    ['', ...compressed].map((ending) => realpath(`${file}${ending}`).catch(() => undefined)),
  );
  if (!places.every((place) => place === undefined || isWithin(folder, place))) return notHere();
  request.url = encodeURI(file.slice(folder.length).split(sep).join('/'));
  sendFile(request, response, notHere);
}

const isWithin = (folder, file) => file === folder || file.startsWith(folder + sep);
