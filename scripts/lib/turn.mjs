// One at a time, among processes that write to the same folders.
import { rmSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** Whoever has the turn says so this often, and is taken for gone after so long without a word: stopped, or on a machine that is off. */
const sayEveryMs = 5000;
const goneAfterMs = 60_000;

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

/**
 * Runs `body` and gives what it gives, while nobody else has the turn that this `file` stands for: neither in this process nor in another one.
 * It waits for that. Who was killed in its turn does not keep it.
 *
 * @template Given
 * @param {string} file
 * @param {() => Promise<Given>} body
 * @param {{ onWait?: (pid: number) => void, everyMs?: number }} [options] `onWait` hears once for which process it waits
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
 * @param {{ onWait?: (pid: number) => void, everyMs?: number }} options
 */
async function alone(file, body, { onWait, everyMs = 200 }) {
  const token = `${hostname()} ${process.pid} ${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  for (let told = false; !(await takes(file, token)); ) {
    const holder = await heldBy(file);
    if (holder?.isGone) await removeLeft(file, holder.token);
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

/** Who has the turn, and whether it is gone; nothing where nobody has it any more. */
async function heldBy(file) {
  try {
    const token = await readFile(file, 'utf8');
    const { mtimeMs } = await stat(file);
    // It is made before it is written.
    const [host, pid] = token.split(' ');
    // With this process's own number it is of one before: here nobody asks while another has the turn.
    const isKilled = host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid)));
    return { token, pid: Number(pid), isGone: isKilled || Date.now() - mtimeMs > goneAfterMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes what somebody left who is gone. Of two who want to, the second would remove the file of the first, who has the turn by then: they
 * take turns as well.
 */
async function removeLeft(file, token) {
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
  if (made && Date.now() - made.mtimeMs > goneAfterMs) await rm(removing, { force: true });
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
