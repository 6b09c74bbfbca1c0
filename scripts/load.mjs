// npm run load [-- --matches N] [-- --waiting N] [-- --seconds N]: bots wait and play on a server of their own, on this machine alone, and
// what that took is printed. Every part of it ends by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir, root } from './lib/paths.mjs';
import { mustRun } from './lib/run.mjs';
import { plain, say } from './lib/say.mjs';

/** A game for two. */
const game = 'Overcooked-CrampedRoom-V0';
const fps = 30;
const limits = { matches: 2000, waiting: 10_000, seconds: 600 };

await main(async () => {
  const { matches, waiting, seconds } = asked(process.argv.slice(2));
  const profile = 'serve';
  await mustRun(['cargo', 'build', '--profile', profile, '--locked', '-p', 'palaestra-server'], { cwd: root });
  const program = join(nativeTargetDir, profile, 'palaestra-server');
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-load-'));
  const children = [];
  try {
    await load({ program, folder, children, matches, waiting, seconds });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

function asked(words) {
  const numbers = { matches: 500, waiting: 5000, seconds: 30 };
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index].replace(/^--/, '');
    const number = Number(words[index + 1]);
    if (!(name in numbers) || !Number.isInteger(number) || number < 0 || number > limits[name]) {
      throw new PlainError(
        'load',
        `expected --matches, --waiting or --seconds with a number up to ${Object.values(limits).join(', ')}`,
      );
    }
    numbers[name] = number;
  }
  return numbers;
}

async function load({ program, folder, children, matches, waiting, seconds }) {
  const lobbies = {
    lobbies: {
      waiting: { env_id: game, matcher: 'group', most_waiting: 20_000, timeouts: { waiting_ms: 3_600_000 } },
      playing: { env_id: game, fps, most_waiting: 20_000 },
    },
  };
  await writeFile(join(folder, 'lobbies.json'), JSON.stringify(lobbies));
  const server = start(children, program, [
    ...['--listen', '127.0.0.1:0', '--data', join(folder, 'data')],
    ...['--lobbies', join(folder, 'lobbies.json'), '--most-connections', '30000'],
  ]);
  const url = await server.line(/http:\/\/[\d.:]+/, 20_000);
  const address = url.match(/http:\/\/([\d.:]+)/)[1];
  const bots = (...words) => start(children, program, ['bots', '--url', `ws://${address}`, ...words]);
  const before = await usage(server.pid);

  const stay = Math.ceil(waiting / 1000) + seconds + 90;
  const idle = bots(
    ...['--lobby', 'waiting', '--apart', '--count', waiting, '--name', 'waits', '--every', 1, '--seconds', stay].map(
      String,
    ),
  );
  if (waiting > 0) await sleep(waiting + 5_000);
  const waited = await usage(server.pid);
  say(
    'ok',
    `${waiting} waiting`,
    `${mib(waited.rss - before.rss)} MiB more, ${kib((waited.rss - before.rss) / Math.max(waiting, 1))} KiB each`,
  );

  const frames = fps * seconds;
  const playing = bots(
    ...['--lobby', 'playing', '--count', 2 * matches, '--name', 'plays', '--every', 5, '--frames', frames].map(String),
    ...['--probe', '--seconds', seconds + 60 + Math.ceil(matches / 100)].map(String),
  );
  // All of them have come by now, and play.
  await sleep(2 * matches * 5 + 5_000);
  const from = await usage(server.pid);
  const measured = Math.max(seconds - 10 - (2 * matches * 5) / 1000, 5);
  await sleep(measured * 1000);
  const to = await usage(server.pid);
  const figures = JSON.parse(await playing.line(/^\{/, (seconds + 200) * 1000));
  idle.child.kill('SIGTERM');

  const { counts } = figures;
  const count = (what) => counts[what] ?? 0;
  const cpu = (to.cpu - from.cpu) / measured;
  const ms = ({ p50, p99, most, count }) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, at most ${most.toFixed(1)} ms (${count} measured)`;
  say('ok', 'match latency', ms(figures.match_ms));
  say('ok', 'relay delay', ms(figures.relay_ms));
  say(
    'ok',
    'processor',
    `${(100 * cpu).toFixed(1)} % of a core, ${((1000 * cpu) / Math.max(matches, 1)).toFixed(2)} ms a second and match`,
  );
  say(
    'ok',
    'memory',
    `${mib(to.rss - waited.rss)} MiB more, ${kib((to.rss - waited.rss) / Math.max(matches, 1))} KiB a match`,
  );
  const lost = count('frames_confirmed') - count('frames_acknowledged');
  say(
    lost === 0 ? 'ok' : 'fail',
    'frames',
    `${count('frames_confirmed')} confirmed, ${count('frames_acknowledged')} of them on disk`,
  );
  const verified = count('records_verified');
  say(
    verified === 2 * matches ? 'ok' : 'fail',
    'matches',
    `${count('ended:complete')} of ${2 * matches} players to the end, ${verified} told that the record is true`,
  );
  plain(JSON.stringify(counts));
  if (lost !== 0 || verified !== 2 * matches) process.exitCode = 1;

  const stopped = once(server.child, 'exit');
  server.child.kill('SIGTERM');
  await Promise.race([
    stopped,
    sleep(60_000).then(() => Promise.reject(new PlainError('load', 'waited a minute for the server to stop'))),
  ]);
}

/** Starts a program whose lines can be waited for. */
function start(children, program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = [];
  const waits = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waits) look();
  });
  const line = (pattern, withinMs) =>
    new Promise((found, failed) => {
      const late = setTimeout(
        () => failed(new PlainError('load', `waited ${withinMs / 1000} s for ${pattern} of ${words[0]}`)),
        withinMs,
      );
      const look = () => {
        const match = lines.find((text) => pattern.test(text));
        if (match === undefined) return;
        clearTimeout(late);
        found(match);
      };
      waits.push(look);
      look();
    });
  return { child, pid: child.pid, line };
}

/** Seconds of processor time and bytes of memory of a process so far, from Linux's own figures. */
async function usage(pid) {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const ticks = Number(stat[11]) + Number(stat[12]);
  return { cpu: ticks / 100, rss: Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024 };
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);
const kib = (bytes) => (bytes / 2 ** 10).toFixed(1);
