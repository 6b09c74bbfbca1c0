import { spawn } from 'node:child_process';
import { accessSync, constants, createWriteStream, mkdirSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';

const running = new Set();

/** How long a child's output may stay open once the child has ended: what it has started may hold the pipe for ever. */
const graceMs = 2_000;

// A child outlives its parent unless somebody ends it: cargo, browsers and servers are ended with the script.
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGTERM');
    process.exit(code);
  });
}

/** A command that could not be started or did not succeed; `output` is everything it printed. */
export class CommandError extends Error {
  constructor(command, code, output) {
    super(`${command.join(' ')} ended with ${code}`);
    this.code = code;
    this.output = output;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] beside this process's own
 * @property {(line: string) => void} [onLine]
 * @property {string} [logFile]
 * @property {number} [timeoutMs]
 */

/**
 * Runs a command and gives `{ code, output }`; never rejects because of what the command did.
 *
 * Both of its streams go through one pipe, so that `output` and `onLine` have the lines in the order they were written.
 * `code` is a number, a signal's name, or 'not found'. What the command leaves running is not waited for.
 *
 * @param {string[]} command
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number | string, output: string }>}
 */
export function run(command, { cwd, env, onLine, logFile, timeoutMs } = {}) {
  return new Promise((done) => {
    const lines = [];
    let log;
    if (logFile) {
      mkdirSync(dirname(logFile), { recursive: true });
      log = createWriteStream(logFile);
    }
    const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...command], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    const timer = timeoutMs && setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const written = child.stdout.pipe(new PassThrough());
    const reader = createInterface({ input: written });
    reader.on('line', (line) => {
      lines.push(line);
      log?.write(`${line}\n`);
      onLine?.(line);
    });
    const drained = new Promise((resolve) => reader.once('close', resolve));
    child.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      running.delete(child);
      clearTimeout(timer);
      done({ code: error.code ?? 'not started', output: String(error) });
    });
    child.once('exit', async (code, signal) => {
      running.delete(child);
      clearTimeout(timer);
      const cut = () => {
        child.stdout.unpipe(written).destroy();
        written.end();
      };
      // What a busy process has not read by then is read before the immediate.
      const late = setTimeout(() => setImmediate(cut), graceMs);
      await drained;
      clearTimeout(late);
      log?.end();
      done({ code: code === 127 ? 'not found' : (code ?? signal), output: lines.join('\n') });
    });
  });
}

/** Like `run`, but gives the output alone and rejects with a `CommandError` unless the command succeeded. */
export async function mustRun(command, options) {
  const { code, output } = await run(command, options);
  if (code !== 0) throw new CommandError(command, code, output);
  return output;
}

/** The output of a short command, or undefined where it is missing or fails. */
export async function ask(command, options) {
  const { code, output } = await run(command, options);
  return code === 0 ? output.trim() : undefined;
}

/** The full path of a program on PATH (or of a path that is given), or undefined. */
export function which(program, path = process.env.PATH ?? '') {
  const candidates = isAbsolute(program) ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}
