// npm run build [-- --faults] [--family FOLDER]… [--alone] [--out FOLDER]: the site in dist/, or in dist-test/ with a family that
// tests can make fail, or elsewhere; with families from elsewhere beside those that come with Palaestra, or alone.
import { relative } from 'node:path';
import { familyOptions, outFolder, folderAfter } from './build/families/options.mjs';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { root } from './lib/paths.mjs';
import { say, since } from './lib/say.mjs';
import { setUpForBuild } from './setup/index.mjs';

function readOptions(words) {
  const { families, rest } = familyOptions(words);
  const options = { families, faults: false, out: undefined };
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--faults') options.faults = true;
    else if (word === '--out') options.out = outFolder(folderAfter('--out', rest));
    else throw new PlainError('build', `expected --family, --alone, --out or --faults, found ${word}`);
  }
  return options;
}

await main(async () => {
  const options = readOptions(process.argv.slice(2));
  const start = Date.now();
  const environment = await setUpForBuild();
  const site = await buildSite({ environment, ...options });
  const shown = site.startsWith(root) ? relative(root, site) : site;
  say('ok', 'build', `${shown}/ in ${since(start)}`);
});
