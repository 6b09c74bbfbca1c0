import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { remembered } from './remembered.mjs';

/** What a page downloads and what compresses. Pictures and fonts are compressed as they are, and maps are for developers. */
const compressible = /\.(wasm|js|json|svg|css|html)$/;
/** What has everything within it is mostly compressed already, and takes long. */
const inline = ({ name, parentPath }) => /^inline\b/.test(name) || basename(parentPath ?? '') === 'inline';
/** A file that would not become smaller by as much is served as it is. */
const worthwhile = 0.95;

const ways = {
  '.br': (content) =>
    promisify(brotliCompress)(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  '.gz': (content) => promisify(gzip)(content, { level: 9 }),
};

/** The ends of the names of compressed files, which stand beside those that they hold. */
export const compressedEndings = Object.keys(ways);

/** Compresses the files of a site as well as can be, each beside itself: servers have better things to do at every request. */
export async function precompress(site) {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && compressible.test(entry.name) && !inline(entry));
  const work = files.flatMap((entry) => {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    return Object.entries(ways).map(async ([ending, compress]) => {
      const content = await readFile(file);
      // The function's text has its settings.
      const compressed = await remembered([`${compress}`, content], () => compress(content));
      if (compressed.length <= worthwhile * content.length) await writeFile(`${file}${ending}`, compressed);
    });
  });
  await Promise.all(work);
}
