// palaestra build: a site with one environment alone, for any web server.
import { join } from 'node:path';
import { outFolder } from '../build/families/options.mjs';
import { say, since } from '../lib/say.mjs';
import { setUp } from './set-up.mjs';

/** Only this environment, in this folder. */
export const alone = (project) => ({ folders: [project], alone: true });

/**
 * @param {string} project
 * @param {{ out?: string }} options
 */
export async function buildEnvironment(project, { out = join(project, 'site') }) {
  const start = Date.now();
  const folder = outFolder(out, process.cwd());
  const environment = await setUp(project);
  // It needs the npm packages, which are there only now.
  const { buildSite } = await import('../build/site.mjs');
  await buildSite({ environment, families: alone(project), out: folder });
  say('ok', 'build', `${folder}/ in ${since(start)}: put it on any web server, as it is`);
  return folder;
}
