import { PlainError } from '../lib/main.mjs';
import { plain } from '../lib/say.mjs';
import { serve } from './serve.mjs';

const portFrom = (text) => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new PlainError('serve', `PORT must be a number from 0 to 65535, not "${text}"`);
  }
  return port;
};

/** Serves a site where PORT and HOST say, and prints its address. */
export async function serveForPeople(root) {
  const port = portFrom(process.env.PORT ?? '8080');
  const host = process.env.HOST ?? '127.0.0.1';
  try {
    const { url } = await serve({ root, port, host });
    plain(`\nPalaestra is at ${url}  (Ctrl-C stops it)`);
  } catch (error) {
    if (error.code === 'EADDRINUSE') {
      throw new PlainError('serve', `port ${port} of ${host} is in use: free it, or choose another with PORT=8081`);
    }
    if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
      throw new PlainError(
        'serve',
        `cannot listen on ${host}:${port} (${error.code}): choose others with HOST and PORT`,
      );
    }
    throw error;
  }
}
