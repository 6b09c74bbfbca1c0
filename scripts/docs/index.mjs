// The documentation as a site: docs/*.md, a gallery of the environments with a page of each, and the reference.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { listed } from './contents.mjs';
import { environment, fileName, gallery, pageOfEnvironment } from './gallery.mjs';
import { render } from './markdown.mjs';
import { page } from './page.mjs';
import { reference } from './reference.mjs';

/** Where the pictures of the gallery lie, by an id's file name. */
export const picturesFolder = join(root, 'docs/gallery');

/**
 * Writes the documentation of a site's environments to its folder `docs/`, beside what is there of www/docs. `registry` is that of
 * `siteFamilies`.
 *
 * @param {string} site
 * @param {any[]} registry
 */
export async function buildDocs(site, registry) {
  const folder = join(site, 'docs');
  await mkdir(join(folder, 'environments'), { recursive: true });
  const put = (file, title, body, headings, script) =>
    writeFile(join(folder, file), page({ file, title, body, headings, script }));
  for (const { file, title, source } of listed) {
    if (!source) continue;
    const { html, pictures, headings } = render(await readFile(join(root, source), 'utf8'), source);
    for (const picture of pictures) await cp(join(root, picture), join(folder, basename(picture)));
    await put(file, title, html, headings);
  }
  const types = await readFile(join(root, 'www/palaestra.d.ts'), 'utf8');
  const { html, headings } = render(reference(types), 'docs/reference.md');
  await put('reference.html', 'Every option and result', html, headings);
  const pictures = await copyPictures(registry, folder);
  await put('gallery.html', 'All environments', gallery(registry, pictures));
  for (const entry of registry) await put(pageOfEnvironment(entry.id), entry.title, environment(entry), [], 'play.js');
}

/** Copies the pictures that there are of these environments, and says of which. */
async function copyPictures(registry, folder) {
  const there = new Set(existsSync(picturesFolder) ? await readdir(picturesFolder) : []);
  const known = registry.map(({ id }) => id).filter((id) => there.has(`${fileName(id)}.png`));
  for (const id of known) {
    const file = `${fileName(id)}.png`;
    await cp(join(picturesFolder, file), join(folder, 'environments', file));
  }
  return new Set(known);
}
