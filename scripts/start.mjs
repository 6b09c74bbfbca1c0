// npm start [-- --family FOLDER]… [--alone]: everything from a fresh clone to a page in the browser. PORT and HOST say where it is
// served; the families are those of npm run build.
import { join } from 'node:path';
import { familyOptions } from './build/families/options.mjs';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir } from './lib/paths.mjs';
import { checkAddress, serveForPeople } from './serve/for-people.mjs';
import { setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const { families, rest } = familyOptions(process.argv.slice(2));
  if (rest.length > 0) throw new PlainError('start', `expected --family or --alone, found ${rest[0]}`);
  await checkAddress();
  const environment = await setUpForBuild();
  // dist/ is what is published: a site with somebody's families is tried elsewhere.
  const out = families.folders.length > 0 ? join(nativeTargetDir, 'site-with-families') : undefined;
  await serveForPeople(await buildSite({ environment, families, out }));
});
