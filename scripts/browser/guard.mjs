// Processes that end with whoever started them, and the fresh home that each of them gets.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './until.mjs';

/** Runs the program in GUARDED; see there. */
export const guard = fileURLToPath(new URL('guard.sh', import.meta.url));

/** Makes an empty home and gives the environment of a program that lives in it; `owner` removes it. */
export async function freshHome(owner) {
  const home = await mkdtemp(join(tmpdir(), 'palaestra-home-'));
  owner.after(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const [runtime, temporary] = ['runtime', 'tmp'].map((name) => join(home, name));
  for (const folder of [runtime, temporary]) await mkdir(folder, { mode: 0o700 });
  const {
    XDG_CACHE_HOME: _cache,
    XDG_CONFIG_HOME: _config,
    XDG_DATA_HOME: _data,
    XDG_STATE_HOME: _state,
    DBUS_SESSION_BUS_ADDRESS: _bus,
    ...rest
  } = process.env;
  return { ...rest, HOME: home, TMPDIR: temporary, XDG_RUNTIME_DIR: runtime };
}

/** Starts a program under guard; `owner` ends it, with everything that it has started. */
export function startGuarded(owner, program, args, env) {
  const child = spawn(guard, args, {
    env: { ...env, GUARDED: program },
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
  const ended = once(child, 'exit');
  owner.after(async () => {
    child.stdin.end();
    await within(`${program} to end`, ended, 20_000);
  });
  return { ended: () => child.exitCode !== null || child.signalCode !== null, said: () => said };
}
