// npm run load [-- --matches N] [-- --waiting N] [-- --seconds N]: bots wait and play on a server of their own, on this machine alone, and
// what that took is printed. npm run load -- hostile [--silent N]: everything that nobody should do to a server, all at once, and a few
// games beside it. With [-- --profile NAME] of another build. Every part of it ends by itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from './lib/main.mjs';
import { nativeTargetDir, root } from './lib/paths.mjs';
import { mustRun } from './lib/run.mjs';
import { asked, kinds } from './load/options.mjs';
import { roomForFiles } from './load/server.mjs';

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
