import { once } from 'node:events';
import { createServer } from 'node:http';
import { PlainError } from '../lib/main.mjs';
import { plain } from '../lib/say.mjs';
import { setUpNodeModules } from '../setup/index.mjs';

/** Serves a site where PORT and HOST say, and prints its address. */
export async function serveForPeople(root) {
  await setUpNodeModules();
  // It needs the npm packages, which a fresh clone has only now.
  const { serve } = await import('./serve.mjs');
  const { url } = await atAddress((address) => serve({ root, ...address }));
  plain(`\nPalaestra is at ${url}  (Ctrl-C stops it)`);
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
