import { once } from 'node:events';
import { createServer } from 'node:http';
import { PlainError } from '../lib/main.mjs';
import { plain } from '../lib/say.mjs';
import { setUpNodeModules } from '../setup/index.mjs';

/** Serves a site where PORT and HOST say, and prints its address. Gives what is served, to be closed. */
export async function serveForPeople(root) {
  await setUpNodeModules();
  // It needs the npm packages, which a fresh clone has only now.
  const { serve } = await import('./serve.mjs');
  const served = await atAddress((address) => serve({ root, ...address }));
  plain(`\nPalaestra is at ${served.url}  (Ctrl-C stops it)`);
  return served;
}

/**
 * Has `palaestra-server` take over an address as soon as `building` gives its program: from then on people can play together there.
 * Where there is none, or it does not start, the site is served on as it was, and the reason is said.
 *
 * @param {{ url: string, port: number, close(): Promise<unknown> }} served what is served there so far
 * @param {{ root: string, data: string, building: Promise<string> }} options
 */
export async function serveTogether(served, { root, data, building }) {
  const { serve } = await import('./serve.mjs');
  const { startServer } = await import('./palaestra-server.mjs');
  const host = process.env.HOST ?? '127.0.0.1';
  const address = { host, port: served.port };
  const alone = (error) =>
    plain(`palaestra-server: ${error.message}\nThe site is served without it: everything but playing together.`);
  let command;
  try {
    command = await building;
  } catch (error) {
    alone(error);
    return served;
  }
  await served.close();
  try {
    // Both cannot listen at the same address; the gap is some hundredths of a second.
    // It takes numbers, and HOST may be a name.
    const numbers = new URL(served.url).hostname.replace(/^\[|\]$/g, '');
    const server = await startServer(command, { ...address, host: numbers, site: root, data, log: plain });
    server.ended.then(() => {
      plain('palaestra-server has ended');
      process.exit(1);
    });
    return server;
  } catch (error) {
    alone(error);
    return serve({ root, ...address });
  }
}

/** Fails now where serving would fail later, after a long build. */
export async function checkAddress() {
  await atAddress(async ({ port, host }) => {
    const server = createServer();
    server.listen(port, host);
    await once(server, 'listening');
    await new Promise((closed) => server.close(closed));
  });
}

/** Gives what `listen` makes of the address that PORT and HOST name; a system's error becomes one that says what to do. */
async function atAddress(listen) {
  const port = portFrom(process.env.PORT ?? '8080');
  const host = process.env.HOST ?? '127.0.0.1';
  try {
    return await listen({ port, host });
  } catch (error) {
    if (!error.syscall) throw error;
    const reason =
      error.code === 'EADDRINUSE'
        ? `port ${port} of ${host} is in use`
        : `cannot listen on ${host}:${port} (${error.code})`;
    throw new PlainError('serve', `${reason}: choose others with PORT and HOST, as in PORT=8081 npm start`);
  }
}

function portFrom(text) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new PlainError('serve', `PORT must be a number from 0 to 65535, not "${text}"`);
  }
  return port;
}
