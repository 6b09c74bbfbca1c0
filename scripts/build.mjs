// npm run build [-- --faults] [--family FOLDER]… [--alone] [--out FOLDER]: the site in dist/, or in dist-test/ with a family that
// tests can make fail, or elsewhere; with families from elsewhere beside those that come with Palaestra, or alone.
import { relative } from 'node:path';
import { readOptions } from './build/options.mjs';
import { buildSite } from './build/site.mjs';
import { main } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { say, since } from './lib/say.mjs';
import { setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const options = readOptions(process.argv.slice(2));
  const start = Date.now();
  const environment = await setUpForBuild();
  const site = await buildSite({ environment, ...options });
  const shown = site.startsWith(root) ? relative(root, site) : site;
  say('ok', 'build', `${shown}/ in ${since(start)}`);
});
