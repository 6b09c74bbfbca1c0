// The server of wasm-bindgen-test-runner (tiny_http 0.12) starts with four threads, each of which stays with one connection. Its
// pool counts a thread as free for a moment after it was given work, so that a fifth connection that comes then is never read.
// A page of many modules opens up to six connections, and now and then waited for ever.
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';

/** A proxy on this machine that asks one thing at a time; gives the browser's arguments for it and a function that ends it. */
export async function oneConnection() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const proxy = createServer((asked, answer) => {
    const { method, headers } = asked;
    const passed = request(asked.url, { method, headers, agent }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', (error) => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end(error.message);
    });
    answer.on('close', () => {
      if (!answer.writableFinished) passed.destroy();
    });
    asked.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  return {
    port,
    // The browser asks loopback addresses by itself unless it is told not to.
    browserArguments: [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'],
    close() {
      agent.destroy();
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
