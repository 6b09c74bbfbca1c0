// npm start [-- --family FOLDER]… [--alone]: everything from a fresh clone to a page in the browser, and then to a server for those who
// play together. PORT and HOST say where it is served; the families are those of npm run build.
import { join } from 'node:path';
import { familyOptions } from './build/families/options.mjs';
import { buildSite } from './build/site.mjs';
import { main, PlainError } from './lib/main.mjs';
import { nativeTargetDir } from './lib/paths.mjs';
import { buildServer } from './build/server.mjs';
import { plain } from './lib/say.mjs';
import { checkAddress, serveForPeople, serveTogether } from './serve/for-people.mjs';
import { setUpForBuild } from './setup/index.mjs';

await main(async () => {
  const { families, rest } = familyOptions(process.argv.slice(2));
  if (rest.length > 0) throw new PlainError('start', `expected --family or --alone, found ${rest[0]}`);
  await checkAddress();
  const environment = await setUpForBuild();
  // dist/ is what is published: a site with somebody's families is tried elsewhere.
  const out = families.folders.length > 0 ? join(nativeTargetDir, 'site-with-families') : undefined;
  const site = await buildSite({ environment, families, out });
  const served = await serveForPeople(site);
  // The server takes longer to compile than the whole site, and who plays alone does not need it. It knows the environments that
  // come with Palaestra.
  if (families.alone) return;
  plain('Building palaestra-server, for people who play together …');
  const data = join(nativeTargetDir, 'palaestra-data');
  await serveTogether(served, { root: site, data, building: buildServer({ quiet: true }) });
});
