// Everything that nobody should do to a server and to those who play there, all at once; and games beside it, which lose no frame.
import { setTimeout as sleep } from 'node:timers/promises';
import { plain, say } from '../lib/say.mjs';
import { mib, ms, nothingLost, serve, start } from './server.mjs';

const game = 'Overcooked-CrampedRoom-V0';
const fps = 30;
const seconds = 75;
/** Of each attack so many at once, of those on partners too. */
const each = 25;
/** Kinds of attacks that have a bot for a partner. */
const fouls = 6;

export async function hostile({ programs, folder, children, silent, matches }) {
  const lobby = { env_id: game, fps, most_waiting: 20_000 };
  const server = await serve(
    children,
    programs.server,
    folder,
    {
      playing: lobby,
      // Whoever says nothing for half a minute is gone.
      waiting: { ...lobby, matcher: 'group', timeouts: { waiting_ms: 3_600_000 } },
      hostile: { ...lobby, matcher: 'group', timeouts: { grace_ms: 2_000 } },
    },
    // Some of those who say nothing find no place.
    Math.max(2000, Math.round(silent * 0.8)),
  );
  const bots = (name, lobby, count, frames, ...more) =>
    server.bots(
      ...more,
      ...['--lobby', lobby, '--count', count, '--name', name, '--frames', frames, '--probe'],
      ...['--seconds', seconds + 60, '--every', 2],
    );
  const playing = bots('plays', 'playing', 2 * matches, fps * seconds);
  await sleep(3_000);
  const before = await server.usage();
  // Each is the partner of one that plays foul.
  const partners = bots('partner', 'hostile', each * fouls, fps * 60, '--apart');
  const attack = start(children, programs.load, [
    ...['hostile', '--address', server.address, '--silent', silent, '--each', each],
  ]);
  const report = JSON.parse(await attack.line(/^\{/, 180_000));
  const after = await server.usage();
  const [figures, told] = (
    await Promise.all([playing, partners].map(({ line }) => line(/^\{/, (seconds + 120) * 1000)))
  ).map((line) => JSON.parse(line));

  for (const [name, ends] of Object.entries(report.ends)) {
    const how = Object.entries(ends).map(([how, count]) => `${count} × ${how}`);
    const fine = !report.wrong.some((wrong) => wrong.startsWith(`${name}: `));
    say(fine ? 'ok' : 'fail', name, `${how.join(', ')}; the last after ${report.longest_s[name].toFixed(1)} s`);
  }
  if (report.wrong.length > 0) process.exitCode = 1;
  const { counts } = told;
  const ended = Object.keys(counts).filter((name) => name.startsWith('ended:'));
  const all = ended.reduce((sum, name) => sum + counts[name], 0);
  const whole = all >= each * fouls && !counts.gave_up;
  say(
    whole ? 'ok' : 'fail',
    'partners',
    `${all} of ${each * fouls} told how it ended: ${ended.map((name) => `${counts[name]} ${name.slice(6)}`).join(', ')}`,
  );
  if (!whole) process.exitCode = 1;
  say('ok', 'memory', `${mib(after.rss - before.rss)} MiB more when all were gone`);
  say('ok', 'games beside', `relay delay ${ms(figures.relay_ms)}`);
  nothingLost(figures, 2 * matches, say);
  plain(JSON.stringify({ beside: figures.counts, partners: counts }));
  await server.stop();
}
