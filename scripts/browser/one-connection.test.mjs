import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { test } from 'node:test';
import { oneConnection } from './one-connection.mjs';

/** Asks a proxy for `url` on a connection of its own. */
async function ask(port, url) {
  const asked = request({ host: '127.0.0.1', port, path: url, agent: new Agent(), timeout: 10_000 });
  asked.on('timeout', () => asked.destroy(new Error(`waited 10 s in vain for ${url}`)));
  asked.end();
  const [got] = await once(asked, 'response');
  got.setEncoding('utf8');
  return { status: got.statusCode, text: (await got.toArray()).join('') };
}

const portOf = (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port;

test('six requests at once cross on one connection, each with its answer', async () => {
  let open = 0;
  let most = 0;
  const server = createServer((asked, answer) => setTimeout(() => answer.end(`here is ${asked.url}`), 5));
  server.on('connection', (socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.on('close', () => {
      open -= 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await oneConnection();
  try {
    const paths = ['/a', '/b', '/c', '/d', '/e', '/f'];
    const url = (path) => `http://127.0.0.1:${portOf(server)}${path}`;
    const answers = await Promise.all(paths.map((path) => ask(proxy.port, url(path))));
    assert.deepEqual(
      answers,
      paths.map((path) => ({ status: 200, text: `here is ${path}` })),
    );
    assert.equal(most, 1);
  } finally {
    proxy.close();
    server.close();
    server.closeAllConnections();
  }
});

test('a server that is not there is an answer', async () => {
  const gone = createServer();
  gone.listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const port = portOf(gone);
  gone.close();
  await once(gone, 'close');
  const proxy = await oneConnection();
  try {
    assert.equal((await ask(proxy.port, `http://127.0.0.1:${port}/`)).status, 502);
  } finally {
    proxy.close();
  }
});
