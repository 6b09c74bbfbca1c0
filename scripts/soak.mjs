// npm run soak [-- SESSIONS] [-- --as-built]: the soak test, of two hundred sessions unless told otherwise.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { plain } from './lib/say.mjs';
import { setUpForBrowser, setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const words = process.argv.slice(2);
  const [sessions = '200'] = words.filter((word) => word !== '--as-built');
  if (!/^[1-9]\d*$/.test(sessions)) throw new PlainError('soak', `expected a number of sessions, found ${sessions}`);
  await setUpForBrowser();
  if (!words.includes('--as-built')) await buildSite({ environment: await setUpForBuild(), faults: true });
  plain(`\n${sessions} sessions:`);
  const test = join(root, 'tests/browser/soak.test.mjs');
  const env = { ...process.env, PALAESTRA_SOAK: sessions };
  const child = spawn(process.execPath, ['--test', '--test-reporter=spec', test], { stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
});
