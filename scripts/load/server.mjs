// A server of its own for what is measured, programs whose lines can be waited for, and what they take of the machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from '../lib/main.mjs';
import { ask } from '../lib/run.mjs';

/** As many open files as the system lets a program have, for each program that is started here. */
const WITH_FILES = 'ulimit -n "$(ulimit -Hn)" && exec "$@"';

/** That a program may have so many open files: a socket is one. */
export async function roomForFiles(needed) {
  const limit = Number.parseInt((await ask(['sh', '-c', 'ulimit -Hn'])) ?? '', 10);
  if (limit < needed) {
    throw new PlainError(
      'load',
      `expected room for ${needed} open files in one program, found ${limit}: see ulimit -Hn`,
    );
  }
}

/** Starts a program whose lines can be waited for. */
export function start(children, program, words) {
  const child = spawn('/bin/sh', ['-c', WITH_FILES, 'sh', program, ...words.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = [];
  const waits = new Set();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waits) look();
  });
  const line = (pattern, withinMs) =>
    new Promise((found, failed) => {
      const done = (settle) => {
        clearTimeout(late);
        waits.delete(look);
        settle();
      };
      const late = setTimeout(
        () => done(() => failed(new PlainError('load', `waited ${withinMs / 1000} s for ${pattern} of ${words[0]}`))),
        withinMs,
      );
      const look = () => {
        const match = lines.find((text) => pattern.test(text));
        if (match !== undefined) done(() => found(match));
      };
      waits.add(look);
      look();
    });
  return { child, pid: child.pid, line };
}

/** A server with these lobbies, and what starts bots for it. */
export async function serve(children, program, folder, lobbies, mostConnections) {
  await writeFile(join(folder, 'lobbies.json'), JSON.stringify({ lobbies }));
  const server = start(children, program, [
    ...['--listen', '127.0.0.1:0', '--data', join(folder, 'data')],
    ...['--lobbies', join(folder, 'lobbies.json'), '--most-connections', mostConnections],
  ]);
  const url = await server.line(/http:\/\/[\d.:]+/, 20_000);
  const address = url.match(/http:\/\/([\d.:]+)/)[1];
  const bots = (...words) => start(children, program, ['bots', '--url', `ws://${address}`, ...words]);
  const stop = async () => {
    const stopped = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    const late = new AbortController();
    const tooLate = sleep(60_000, undefined, { signal: late.signal }).then(() => {
      throw new PlainError('load', 'waited a minute for the server to stop');
    });
    await Promise.race([stopped, tooLate]).finally(() => {
      tooLate.catch(() => {});
      late.abort();
    });
  };
  return { address, bots, stop, usage: () => usage(server.pid) };
}

/** Seconds of processor time and bytes of memory of a process so far, from Linux's own figures. */
export async function usage(pid) {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const ticks = Number(stat[11]) + Number(stat[12]);
  return { cpu: ticks / 100, rss: Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024 };
}

/** Of percentiles, in words. */
export const ms = ({ p50, p99, most, count }) =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, at most ${most.toFixed(1)} ms (${count} measured)`;

export const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);

export const kib = (bytes) => (bytes / 2 ** 10).toFixed(1);

/** What a crowd of bots has to have come to: nothing that was confirmed is missing, and every match was played to its end and is true. */
export function nothingLost({ counts }, players, say) {
  const count = (what) => counts[what] ?? 0;
  const lost = count('frames_confirmed') - count('frames_acknowledged');
  const verified = count('records_verified');
  const ended = count('ended:complete');
  const frames = `${count('frames_confirmed')} confirmed, ${count('frames_acknowledged')} of them on disk`;
  say(lost === 0 && count('frames_confirmed') > 0 ? 'ok' : 'fail', 'frames', frames);
  const matches = `${ended} of ${players} players to the end, ${verified} told that the record is true`;
  say(verified === players && ended === players ? 'ok' : 'fail', 'matches', matches);
  if (lost !== 0 || verified !== players || ended !== players) process.exitCode = 1;
}
