// npm run faults [-- FILE] [-- --as-built]: what becomes of a page whose server fails, for every file (or those with FILE in their path),
// every two faults and every order of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { setUpForBrowser, setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const words = process.argv.slice(2);
  const [file = '', ...more] = words.filter((word) => word !== '--as-built');
  if (more.length > 0)
    throw new PlainError('faults', `expected one part of a path at most, found ${more.join(' ')} besides`);
  await setUpForBrowser();
  if (!words.includes('--as-built')) await buildSite({ environment: await setUpForBuild(), faults: true });
  const test = join(root, 'tests/browser/fault-matrix.test.mjs');
  const env = { ...process.env, PALAESTRA_FAULTS: `all:${file}` };
  const child = spawn(process.execPath, ['--test', '--test-reporter=spec', test], { stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
});
