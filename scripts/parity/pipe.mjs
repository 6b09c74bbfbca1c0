import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

/**
 * Pipes what one command writes into another, and gives `{ code, complaint, exit }`: how the first ended and the last line of
 * its standard error, and how the second did. `onLine` has the lines that the second writes.
 *
 * A second that ends early ends the first too, which then has nobody to write to.
 *
 * @param {string[]} from
 * @param {string[]} to
 * @param {{ cwd?: string, onLine: (line: string) => void }} options
 */
export async function pipe(from, to, { cwd, onLine }) {
  const source = spawn(from[0], from.slice(1), { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = spawn(to[0], to.slice(1), { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = [source, sink].map((child) => end(child));
  source.stdout.pipe(sink.stdin);
  // One that waits for room to write hears nothing of an error: the end of the reader is what ends it.
  sink.stdin.on('error', () => source.stdout.destroy());
  sink.once('exit', () => source.stdout.destroy());
  let complaint = '';
  createInterface({ input: source.stderr }).on('line', (line) => (complaint = line.trim() || complaint));
  const lines = createInterface({ input: sink.stdout }).on('line', onLine);
  const drained = once(lines, 'close');
  const [code, exit] = await Promise.all(ended);
  await drained;
  return { code, complaint, exit };
}

/** How a child ended: its exit code, a signal's name, or why it could not be started. */
async function end(child) {
  try {
    const [code, signal] = await once(child, 'close');
    return code ?? signal;
  } catch (error) {
    return error.code ?? String(error);
  }
}
