// A study's folder with the packed package in its node_modules, as `npm install` puts it there.
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../../scripts/lib/paths.mjs';
import { mustRun } from '../../../scripts/lib/run.mjs';

const pages = fileURLToPath(new URL('../pages/', import.meta.url));
const minute = 60_000;

/**
 * Packs the built package and installs it in an empty folder, which `owner` removes. Gives the folder, with `main.js`, `main-inline.js`,
 * `study.js` and `usage.ts` in it, and the path of the packed file.
 *
 * @param {import('../../../scripts/browser/owner.mjs').Owner} owner
 */
export async function openApp(owner) {
  const folder = await mkdtemp(join(tmpdir(), 'palaestra-package-'));
  owner.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const app = join(folder, 'app');
  await mkdir(app);
  await cp(pages, app, { recursive: true });
  await mustRun(['npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    timeoutMs: 2 * minute,
  });
  const tarball = join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith('.tgz')),
  );
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'study', private: true, type: 'module' }));
  const quietly = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await mustRun(['npm', 'install', ...quietly, tarball], { cwd: app, timeoutMs: 2 * minute });
  return { app, tarball, installed: join(app, 'node_modules/palaestra') };
}

/** A page of a script tag with these attributes. */
export const pageWith = (...tags) =>
  `<!doctype html>\n<meta charset="utf-8">\n<title>A study</title>\n<body>\n${tags.join('\n')}\n</body>\n`;

/**
 * Writes a folder of files for a server, and gives its path.
 *
 * @param {string} folder
 * @param {Record<string, string>} files
 */
export async function writeFiles(folder, files) {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** Runs `npx palaestra …` in the study's folder. */
export const npx = (app, ...words) =>
  mustRun(['npx', '--no-install', 'palaestra', ...words], { cwd: app, timeoutMs: minute });
