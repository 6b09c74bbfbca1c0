// One at a time, among processes that write to the same folders.
import { rmSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** Whoever has the turn says so this often, and is taken for gone after so many times without a word: stopped, or on a machine that is off. */
const sayEveryMs = 5000;
const goneAfter = 12;

/** Whether a process of this machine still runs. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's.
    return error.code === 'EPERM';
  }
}

/** The last that waits in this process, by the file. @type {Map<string, Promise<unknown>>} */
const lasts = new Map();

/** @typedef {{ onWait?: (pid: number) => void, everyMs?: number, goneAfterMs?: number }} Options */

/**
 * Runs `body` and gives what it gives, while nobody else has the turn that this `file` stands for: neither in this process nor in another one.
 * It waits for that. Who was killed in its turn does not keep it.
 *
 * @template Given
 * @param {string} file
 * @param {() => Promise<Given>} body
 * @param {Options} [options] `onWait` hears once for which process it waits
 * @returns {Promise<Given>}
 */
export function inTurn(file, body, options = {}) {
  const before = lasts.get(file) ?? Promise.resolve();
  const own = before.then(() => alone(file, body, options));
  lasts.set(
    file,
    own.catch(() => {}),
  );
  return own;
}

/**
 * @template Given
 * @param {string} file
 * @param {() => Promise<Given>} body
 * @param {Options} options
 */
async function alone(file, body, { onWait, everyMs = 200, goneAfterMs = goneAfter * sayEveryMs }) {
  const token = `${hostname()} ${process.pid} ${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  const [isSilent, isSilentRemoving] = [silence(goneAfterMs), silence(goneAfterMs)];
  for (let told = false; !(await takes(file, token)); ) {
    const holder = await heldBy(file, isSilent);
    if (holder?.isGone) await removeLeft(file, holder.token, isSilentRemoving);
    else {
      if (holder && !told) onWait?.(holder.pid);
      told ||= Boolean(holder);
      await new Promise((later) => setTimeout(later, everyMs));
    }
  }
  const saying = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, sayEveryMs);
  saying.unref();
  // A signal ends the process in the middle of it.
  const leave = () => {
    if (isOf(file, token)) rmSync(file, { force: true });
  };
  process.once('exit', leave);
  try {
    return await body();
  } finally {
    clearInterval(saying);
    process.removeListener('exit', leave);
    leave();
  }
}

/** Whether the file could be made, which only one can. */
async function takes(file, token) {
  try {
    await writeFile(file, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Whether what it is asked about has been the same for so long. Whoever asks measures that itself: a file's time is by the clock of the
 * machine that wrote it, which may be another one, be set, or have gone on while this machine slept. Where this process was stopped itself,
 * or slept, the others may have been as well: of that little counts.
 */
function silence(goneAfterMs) {
  let known;
  let last = 0;
  let silentMs = 0;
  return (what) => {
    const now = performance.now();
    silentMs = what === known ? silentMs + Math.min(now - last, goneAfterMs / goneAfter) : 0;
    [known, last] = [what, now];
    return silentMs > goneAfterMs;
  };
}

/** Who has the turn, and whether it is gone; nothing where nobody has it any more. */
async function heldBy(file, isSilent) {
  try {
    const token = await readFile(file, 'utf8');
    const { mtimeMs } = await stat(file);
    // It is made before it is written.
    const [host, pid] = token.split(' ');
    // With this process's own number it is of one before: here nobody asks while another has the turn.
    const isKilled = host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid)));
    return { token, pid: Number(pid), isGone: isSilent(`${token} ${mtimeMs}`) || isKilled };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes what somebody left who is gone. Of two who want to, the second would remove the file of the first, who has the turn by then: they
 * take turns as well.
 */
async function removeLeft(file, token, isSilent) {
  const removing = `${file}.removing`;
  if (await takes(removing, token)) {
    try {
      if (isOf(file, token)) await rm(file, { force: true });
    } finally {
      await rm(removing, { force: true });
    }
    return;
  }
  const made = await stat(removing).catch(() => undefined);
  if (made && isSilent(made.mtimeMs)) await rm(removing, { force: true });
  else await new Promise((later) => setTimeout(later, 50));
}

/** Whether the file is the one with this in it. */
function isOf(file, token) {
  try {
    return readFileSync(file, 'utf8') === token;
  } catch {
    return false;
  }
}
