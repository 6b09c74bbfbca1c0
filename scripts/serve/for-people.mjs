import { PlainError } from '../lib/main.mjs';
import { plain } from '../lib/say.mjs';
import { serve } from './serve.mjs';

/** Serves a site where PORT and HOST say, and prints its address. */
export async function serveForPeople(root) {
  const { url } = await listen(root);
  plain(`\nPalaestra is at ${url}  (Ctrl-C stops it)`);
}

/** Fails now where serving would fail later, after a long build. */
export async function checkAddress(root) {
  await (await listen(root)).close();
}

async function listen(root) {
  const port = portFrom(process.env.PORT ?? '8080');
  const host = process.env.HOST ?? '127.0.0.1';
  try {
    return await serve({ root, port, host });
  } catch (error) {
    const reason =
      error.code === 'EADDRINUSE' ? `port ${port} of ${host} is in use` : `cannot listen on ${host}:${port} (${error.code})`;
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
