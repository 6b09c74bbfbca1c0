import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mediaType } from './media-types.mjs';

/** What makes a page cross-origin isolated: finer clocks and shared memory are to be had only with these. */
const isolationHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves a folder over HTTP and gives `{ url, port, requests, close }`.
 *
 * - `root`: the folder. `host`: loopback unless told otherwise. `port`: 0 takes a free one.
 * - `isolation: false` sends no isolation headers, as many hosts cannot.
 * - `missing`: paths such as '/worker/boot.js' that are answered with 404 although they are there.
 * - `intercept(path)`: may give `{ status, headers, body }` (or a promise of it, to be slow) instead of the file. A body that is
 *   an async iterable is sent as it comes; where that throws, the connection is cut.
 *
 * `requests` lists `{ method, path, status }` of all answers so far. `close` ends every connection. Rejects with the
 * system's error, such as EADDRINUSE, where it cannot listen.
 */
export async function serve({ root, port = 0, host = '127.0.0.1', isolation = true, missing = [], intercept }) {
  const folder = resolve(root);
  const hidden = new Set(missing);
  const requests = [];
  const common = { 'cache-control': 'no-cache', ...(isolation ? isolationHeaders : {}) };

  const server = createServer(async (request, response) => {
    const path = pathOf(request.url);
    const begin = (status, headers) => {
      requests.push({ method: request.method, path, status });
      response.writeHead(status, { ...common, ...headers });
    };
    try {
      const answer = path !== undefined && (await intercept?.(path));
      if (answer) {
        begin(answer.status ?? 200, { 'content-type': mediaType(path), ...answer.headers });
        if (answer.body?.[Symbol.asyncIterator]) await pipeline(answer.body, response);
        else response.end(answer.body);
      } else {
        await answerWithFile(request, response, begin, { folder, path, hidden });
      }
    } catch {
      // The browser went away, or the file did, in the middle of the answer: there is nobody left to tell.
      response.destroy();
    }
  });

  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, listening);
  });
  const address = server.address();
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

/** The decoded path of a request, or undefined where it is no valid path. */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}

async function answerWithFile(request, response, begin, { folder, path, hidden }) {
  const plainText = (status, text, headers = {}) => {
    begin(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plainText(405, `GET or HEAD was expected, not ${request.method}`, { allow: 'GET, HEAD' });
  }
  let file = path === undefined ? undefined : resolve(join(folder, path));
  if (file === undefined || (file !== folder && !file.startsWith(folder + sep))) {
    return plainText(400, 'not a path of this site');
  }
  let status = await stat(file).catch(() => undefined);
  if (status?.isDirectory()) {
    // Relative links of a page resolve against the folder only if the address ends with a slash.
    if (!path.endsWith('/')) return plainText(301, `${path}/`, { location: `${encodeURI(path)}/` });
    file = join(file, 'index.html');
    status = await stat(file).catch(() => undefined);
  }
  if (!status?.isFile() || hidden.has(path)) return plainText(404, `${path} is not here`);
  begin(200, { 'content-type': mediaType(file), 'content-length': status.size });
  if (request.method === 'HEAD') return response.end();
  return pipeline(createReadStream(file), response);
}
