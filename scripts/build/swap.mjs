import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The names at the top of a site that its build wrote: what else is there is somebody's own. */
const builtFile = '.built.json';

/**
 * Puts the site that was built in the place of the last one: a rename is one step for whoever reads the folder meanwhile, a copy is not.
 * What somebody put beside the last one, such as a page or the folder of their git repository, is there afterwards, too.
 */
export async function swap(next, site) {
  const last = `${next}-last`;
  await writeFile(join(next, builtFile), JSON.stringify(await readdir(next)));
  await mkdir(dirname(site), { recursive: true });
  if (existsSync(site)) await rename(site, last);
  await rename(next, site);
  if (!existsSync(last)) return;
  const built = await readFile(join(last, builtFile), 'utf8').then(JSON.parse, () => []);
  for (const name of await readdir(last))
    if (!built.includes(name) && !existsSync(join(site, name))) await rename(join(last, name), join(site, name));
  await rm(last, { recursive: true, force: true });
}
