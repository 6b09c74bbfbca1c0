// npm run load [-- --matches N] [-- --waiting N] [-- --seconds N]: bots wait and play on a server of their own, on this machine alone, and
// what that took is printed. npm run load -- hostile [--silent N]: everything that nobody should do to a server, all at once, and a few
// games beside it. With [-- --profile NAME] of another build. Every part of it ends by itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir, root } from './lib/paths.mjs';
import { mustRun } from './lib/run.mjs';
import { crowd } from './load/crowd.mjs';
import { hostile } from './load/hostile.mjs';
import { roomForFiles } from './load/server.mjs';

/** What is measured by which name, by what numbers, and the most of each. */
const kinds = {
  crowd: { run: crowd, usual: { matches: 500, waiting: 5000, seconds: 30 }, files: (n) => n.waiting + 4 * n.matches },
  hostile: { run: hostile, usual: { silent: 10_000, matches: 20 }, files: (n) => n.silent + 4 * n.matches + 2000 },
};
const most = { matches: 2000, waiting: 12_000, seconds: 600, silent: 15_000 };

await main(async () => {
  const { kind, numbers, profile } = asked(process.argv.slice(2));
  const { run, files } = kinds[kind];
  await roomForFiles(files(numbers) + 100);
  await mustRun(
    ['cargo', 'build', '--profile', profile, '--locked', '-p', 'palaestra-server', '--bins', '--example', 'load'],
    { cwd: root },
  );
  const folder = join(nativeTargetDir, profile === 'dev' ? 'debug' : profile);
  const programs = { server: join(folder, 'palaestra-server'), load: join(folder, 'examples', 'load') };
  const data = await mkdtemp(join(tmpdir(), 'palaestra-load-'));
  const children = [];
  try {
    await run({ programs, folder: data, children, ...numbers });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
  }
});

function asked(words) {
  const kind = words[0] in kinds ? words.shift() : 'crowd';
  const numbers = { ...kinds[kind].usual };
  // The profile that people run; `dev` tries the script, its figures say nothing.
  let profile = 'serve';
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index].replace(/^--/, '');
    if (name === 'profile' && /^[a-z]+$/.test(words[index + 1] ?? '')) {
      profile = words[index + 1];
      continue;
    }
    const number = Number(words[index + 1]);
    if (!(name in numbers) || !Number.isInteger(number) || number < 0 || number > most[name]) {
      const known = Object.keys(numbers).map((known) => `--${known} up to ${most[known]}`);
      throw new PlainError('load', `expected ${known.join(', ')}, or --profile; found ${words.slice(index).join(' ')}`);
    }
    numbers[name] = number;
  }
  return { kind, numbers, profile };
}
