// npm start: everything from a fresh clone to a page in the browser. PORT and HOST say where it is served.
import { buildSite } from './build/site.mjs';
import { main } from './lib/main.mjs';
import { checkAddress, serveForPeople } from './serve/for-people.mjs';
import { setUpForBuild } from './setup/index.mjs';

await main(async () => {
  await checkAddress();
  const environment = await setUpForBuild();
  await serveForPeople(await buildSite({ environment }));
});
