// palaestra serve: an environment in a page, which is built and loaded again whenever a file of it is saved.
import { join, relative } from 'node:path';
import { MissingError } from '../setup/step.mjs';
import { crateFolders } from '../lib/cargo-files.mjs';
import { PlainError } from '../lib/main.mjs';
import { nativeTargetDir } from '../lib/paths.mjs';
import { plain, say, since } from '../lib/say.mjs';
import { alone } from './build.mjs';
import { Live } from './live.mjs';
import { servedFolder } from './served.mjs';
import { setUp } from './set-up.mjs';
import { changed, fingerprint, pathDependencies } from './sources.mjs';

/**
 * Serves until the process is ended; that ends all it has started.
 *
 * @param {string} project
 * @param {{ port?: number, host: string }} address without a port 8080, or any where that is taken
 */
export async function serveEnvironment(project, { port, host }) {
  const environment = await setUp(project);
  // They need the npm packages, which are there only now.
  const { buildSite } = await import('../build/site.mjs');
  const { serve } = await import('../serve/serve.mjs');
  const site = await servedFolder(join(nativeTargetDir, 'served'), project);
  const live = new Live(site);
  const served = await listen((at) => serve({ root: site, host, port: at, intercept: live.answer }), port, host);
  plain(`\nIt is at ${served.url} as soon as it is built  (Ctrl-C stops it)\n`);

  const build = async () => {
    const start = Date.now();
    live.building('Building …');
    try {
      await buildSite({ environment, families: alone(project), out: site, quick: true });
      live.ready();
      say('ok', 'serve', `built in ${since(start)}: ${served.url}`);
    } catch (error) {
      if (!(error instanceof PlainError || error instanceof MissingError)) throw error;
      const reason = error instanceof PlainError && error.details ? error.details : error.message;
      live.failed(reason);
      say('fail', error instanceof PlainError ? error.about : error.step, error.message);
      say('note', 'serve', 'the page keeps what was built last; save a file to try again');
    }
  };
  try {
    for (;;) {
      // What was saved may have named another crate.
      const folders = [project, ...(await pathDependencies(project, Object.values(crateFolders())))];
      const look = () => fingerprint(folders, nativeTargetDir);
      const known = await look();
      await build();
      const next = await changed(look, known);
      say('note', 'serve', `${whatChanged(known, next, project)} changed`);
    }
  } finally {
    await served.close();
  }
}

/** The first file that is not as it was. */
function whatChanged(before, after, project) {
  const lines = new Set(before.split('\n'));
  const now = after.split('\n');
  const line = now.find((one) => !lines.has(one)) ?? [...lines].find((one) => !now.includes(one)) ?? '';
  return relative(project, line.replace(/ \S+ \S+$/, ''));
}

/** Listens at the port that was asked for; where none was, at another if the usual one is taken. */
async function listen(serve, port, host) {
  try {
    return await serve(port ?? 8080);
  } catch (error) {
    if (!error.syscall) throw error;
    if (port === undefined && error.code === 'EADDRINUSE') return serve(0);
    const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.code})`;
    throw new PlainError('serve', `port ${port ?? 8080} of ${host} ${reason}: choose another with --port`);
  }
}
