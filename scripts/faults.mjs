// npm run faults [-- --as-built]: what becomes of a page whose server fails, for every file, every two faults and every order of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { setUpForBrowser, setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const words = process.argv.slice(2);
  const stranger = words.find((word) => word !== '--as-built');
  if (stranger) throw new PlainError('faults', `expected --as-built or nothing, found ${stranger}`);
  await setUpForBrowser();
  if (!words.includes('--as-built')) await buildSite({ environment: await setUpForBuild(), faults: true });
  const test = join(root, 'tests/browser/fault-matrix.test.mjs');
  const env = { ...process.env, PALAESTRA_FAULTS: 'all' };
  const child = spawn(process.execPath, ['--test', '--test-reporter=spec', test], { stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
});
