// Somebody's own server that takes records in pieces: it joins them by id and offset, and can be told to misbehave.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const cors = { 'access-control-allow-origin': '*' };

/** What it does with a request, once that has come. */
const manners = {
  good: (response, saved) =>
    response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end(JSON.stringify({ saved })),
  broken: (response) => response.writeHead(500, cors).end('later'),
  html: (response) =>
    response.writeHead(200, { ...cors, 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'),
  silent: () => {},
  /** It has taken the piece, and nobody hears of it. */
  mute: (response) => response.destroy(),
};

/**
 * @param {{ after(end: () => unknown): void }} owner
 */
export async function openReceiver(owner) {
  const records = new Map();
  const requests = [];
  const state = { manner: 'good' };

  const take = (query, body) => {
    const [id, offset, length] = [query.get('id'), Number(query.get('offset')), Number(query.get('length'))];
    const bytes = query.get('encoding') === 'gzip' ? gunzipSync(body) : body;
    if (bytes.length !== length) throw new Error(`a piece of ${bytes.length} bytes that says ${length}`);
    const record = records.get(id) ?? { bytes: Buffer.alloc(0), last: false, env: query.get('env'), overlaps: 0 };
    if (record.last && offset + bytes.length > record.bytes.length) throw new Error('a piece behind the last one');
    record.participant = query.get('participant');
    if (offset <= record.bytes.length) {
      const known = record.bytes.subarray(offset, offset + bytes.length);
      if (!known.equals(bytes.subarray(0, known.length))) throw new Error(`other bytes at ${offset} than before`);
      record.overlaps += Number(known.length > 0);
      if (offset + bytes.length > record.bytes.length)
        record.bytes = Buffer.concat([record.bytes.subarray(0, offset), bytes]);
    }
    record.last ||= query.get('last') === '1';
    record.steps = Number(query.get('steps'));
    records.set(id, record);
    return record.bytes.length;
  };

  const server = createServer(async (request, response) => {
    const parts = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return;
    }
    const body = Buffer.concat(parts);
    const url = new URL(request.url, 'http://localhost');
    requests.push({
      manner: state.manner,
      path: url.pathname,
      query: url.searchParams,
      size: body.length,
      at: Date.now(),
      body,
      headers: request.headers,
    });
    try {
      if (state.answer) return state.answer(url, body, response, request);
      const saved = ['good', 'mute'].includes(state.manner) ? take(url.searchParams, body) : 0;
      manners[state.manner](response, saved);
    } catch (error) {
      state.fault = error;
      response.writeHead(500, cors).end(String(error));
    }
  });
  const listen = async (port = 0) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  };
  const port = await listen();
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  owner.after(stop);
  return {
    url: `http://127.0.0.1:${port}/pieces?study=7`,
    origin: `http://127.0.0.1:${port}`,
    records,
    requests,
    state,
    stop,
    start: () => listen(port),
  };
}
