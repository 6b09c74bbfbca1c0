// npm run build [-- --faults]: the site in dist/, or in dist-test/ with a Worker that tests can make fail.
import { relative } from 'node:path';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { say, since } from './lib/say.mjs';
import { setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => option !== '--faults');
  if (unknown) throw new PlainError('build', `the only option is --faults, not ${unknown}`);
  const start = Date.now();
  const environment = await setUpForBuild();
  const site = await buildSite({ environment, faults: options.includes('--faults') });
  say('ok', 'build', `${relative(root, site)}/ in ${since(start)}`);
});
