// Where `palaestra serve` keeps the site that it serves: in a folder of its own, since several processes may serve one project, and
// several projects may have one target folder.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../lib/turn.mjs';

const short = (text) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** How the folders of this machine begin: of another, which may have the same disk, nobody knows here what still runs. */
const machine = short(hostname());

/**
 * Makes the folder of this process and project below `base`, and gives where the site is to be: it goes with the process, as does whatever
 * lies beside the site. What processes left behind that were killed is removed.
 *
 * @param {string} base
 * @param {string} project
 */
export async function servedFolder(base, project) {
  for (const name of await readdir(base).catch(() => [])) {
    const [, pid] = /^(?:[0-9a-f]{12}-){2}(\d+)$/.exec(name) ?? [];
    const isLeft = pid && name.startsWith(machine) && (Number(pid) === process.pid || !isAlive(Number(pid)));
    if (isLeft) await rm(join(base, name), { recursive: true, force: true });
  }
  const own = join(base, `${machine}-${short(project)}-${process.pid}`);
  await mkdir(own, { recursive: true });
  process.once('exit', () => rmSync(own, { recursive: true, force: true }));
  const site = join(own, 'site');
  await mkdir(site);
  return site;
}
