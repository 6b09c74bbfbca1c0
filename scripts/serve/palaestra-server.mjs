import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How long the server may take to listen, and to end when it is told to. */
const startMs = 20_000;
const endMs = 5_000;

/**
 * Starts `palaestra-server` with a site, and gives `{ url, port, close }` once it listens. It ends with this process.
 *
 * @param {string} command the program
 * @param {{ site?: string, host?: string, port?: number, data: string, lobbies?: string, args?: string[], log?: (line: string) => void }} options
 *   `port` 0 takes a free one; `data`: where it keeps records
 */
export async function startServer(
  command,
  { site, host = '127.0.0.1', port = 0, data, lobbies, args = [], log = () => {} },
) {
  const listen = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const words = ['--listen', listen, '--data', data, ...(site ? ['--site', site] : [])];
  if (lobbies) words.push('--lobbies', lobbies);
  const child = spawn(command, [...words, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').catch(() => {});
  const last = [];
  const address = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it did not listen within ${startMs / 1000} s`)), startMs);
    let rest = '';
    const read = (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        last.push(line);
        if (last.length > 20) last.shift();
        log(line);
        const found = /https?:\/\/(\[[0-9a-f:]+\]|[^\s:/]+):(\d+)/.exec(line);
        if (!found) continue;
        clearTimeout(late);
        resolve({ url: `${found[0]}/`, port: Number(found[2]) });
      }
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    ended.then(() => {
      clearTimeout(late);
      reject(new Error(`it ended with ${child.exitCode ?? child.signalCode}`));
    });
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const close = async () => {
    child.kill('SIGTERM');
    const forced = setTimeout(kill, endMs);
    await ended;
    clearTimeout(forced);
    process.off('exit', kill);
  };
  try {
    return { ...(await address), pid: child.pid, ended, close };
  } catch (error) {
    kill();
    process.off('exit', kill);
    throw new Error(`${command}: ${error.message}${last.length > 0 ? `\n${last.join('\n')}` : ''}`);
  }
}
