// Thousands who wait, and hundreds of matches at once.
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { plain, say } from '../lib/say.mjs';
import { kib, mib, ms, nothingLost, serve, start, usage } from './server.mjs';

/** A game for two. */
const game = 'Overcooked-CrampedRoom-V0';
const fps = 30;
/** Matches of bots in a program that does little else: what they measure is the relay's, and not the bots' own. */
const quiet = 10;

export async function crowd({ programs, folder, children, matches, waiting, seconds }) {
  const lobby = { env_id: game, fps, most_waiting: 20_000 };
  const server = await serve(
    children,
    programs.server,
    folder,
    {
      waiting: { ...lobby, matcher: 'group', timeouts: { waiting_ms: 3_600_000 } },
      playing: lobby,
      quiet: lobby,
    },
    30_000,
  );
  const before = await server.usage();
  const stay = Math.ceil(waiting / 1000) + seconds + 90;
  const idle = server.bots(
    ...['--lobby', 'waiting', '--apart', '--count', waiting, '--name', 'waits', '--every', 1, '--seconds', stay],
  );
  if (waiting > 0) await sleep(waiting + 5_000);
  const waited = await server.usage();
  const more = waited.rss - before.rss;
  say('ok', `${waiting} waiting`, `${mib(more)} MiB more, ${kib(more / Math.max(waiting, 1))} KiB each`);

  const frames = fps * seconds;
  const coming = 2 * matches * 5;
  const bots = (name, lobby, count, threads) =>
    server.bots(
      ...['--lobby', lobby, '--count', count, '--name', name, '--every', 5, '--frames', frames, '--probe'],
      ...['--threads', threads, '--seconds', seconds + 60 + Math.ceil(matches / 100)],
    );
  const playing = bots('plays', 'playing', 2 * matches, availableParallelism());
  // All of them have come by now, and play.
  await sleep(coming + 3_000);
  const apart = bots('quiet', 'quiet', 2 * quiet, 1);
  await sleep(2_000);
  const measured = Math.max(seconds - 10 - coming / 1000, 5);
  const floor = start(children, programs.load, ['floor', '--pairs', quiet, '--hz', fps, '--seconds', measured]);
  const [from, botsFrom] = [await server.usage(), await usage(playing.pid)];
  await sleep(measured * 1000);
  const [to, botsTo] = [await server.usage(), await usage(playing.pid)];
  const [bare, figures, alone] = (
    await Promise.all([floor, playing, apart].map(({ line }) => line(/^\{/, (seconds + 200) * 1000)))
  ).map((line) => JSON.parse(line));
  idle.child.kill('SIGTERM');

  const share = (now, then) => (now.cpu - then.cpu) / measured;
  const cpu = share(to, from);
  say('ok', 'match latency', ms(figures.match_ms));
  say('ok', 'relay delay', `${ms(alone.relay_ms)}, of ${quiet} matches beside`);
  say('ok', 'its floor', `${ms(bare)}, of axum alone, at the same time`);
  say('ok', 'with the bots', `${ms(figures.relay_ms)}: until a bot of the ${matches} matches has looked`);
  const each = ((1000 * cpu) / Math.max(matches + quiet, 1)).toFixed(2);
  say('ok', 'processor', `${(100 * cpu).toFixed(1)} % of a core, ${each} ms a second and match`);
  say(
    'ok',
    'the bots',
    `${(100 * share(botsTo, botsFrom)).toFixed(1)} % of a core, on ${availableParallelism()} cores`,
  );
  const grown = to.rss - waited.rss;
  say('ok', 'memory', `${mib(grown)} MiB more, ${kib(grown / Math.max(matches + quiet, 1))} KiB a match`);
  nothingLost(figures, 2 * matches, say);
  nothingLost(alone, 2 * quiet, say);
  plain(JSON.stringify(figures.counts));
  await server.stop();
}
