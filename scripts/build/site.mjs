import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nativeTargetDir, root, wasmTargetDir } from '../lib/paths.mjs';
import { progress, say } from '../lib/say.mjs';
import { bindgen, buildBindgen, inOneFile } from './bindgen.mjs';
import { compile } from './compile.mjs';
import { siteFamilies } from './families/index.mjs';
import { parts } from './parts.mjs';

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

/** Runs `body` with a line that shows what it is at. */
async function withProgress(name, text, body) {
  const work = progress(name, text);
  try {
    return await body(work.update);
  } finally {
    work.done();
  }
}

/** A family more, which tests can make panic, hang or fall silent; it is never shipped. */
const faulty = join(root, 'tests/families/faults');

/**
 * Builds the site and gives its folder: `out`, or else `dist/`, or `dist-test/` with a family that can be made to fail. `families`
 * says which it has; see `siteFamilies`.
 *
 * It is put together beside and then swapped in, so that the folder always holds one whole build: a build that fails
 * leaves the last good one.
 */
export async function buildSite({ environment, faults = false, families = {}, out }) {
  const chosen = faults ? { ...families, folders: [...(families.folders ?? []), faulty] } : families;
  const tool = await withProgress('bindgen', 'building the post-processor', buildBindgen);
  const own = await withProgress('families', 'building what writes the registry', (update) => siteFamilies(chosen, update));
  const built = [];
  for (const part of [...parts, own.part]) {
    const folder = join(wasmTargetDir, 'site', part.id);
    await withProgress(part.id, `compiling ${part.modules.map(({ crate }) => crate).join(', ')}`, async (update) => {
      await bindgen(tool, part, await compile(part, environment, update), folder);
    });
    built.push({ part, folder });
    await reportSizes(part, folder);
  }
  const site = out ?? join(root, faults ? 'dist-test' : 'dist');
  // On the disk of the folder that it becomes: from another it could not be renamed.
  const next = out ? `${out}-${process.pid}` : join(nativeTargetDir, `site-${process.pid}`);
  try {
    await assemble(next, built);
    await own.addTo(next);
    await swap(next, site);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
  return site;
}

async function reportSizes(part, folder) {
  for (const { name } of part.modules) {
    const module = await readFile(join(folder, `${name}_bg.wasm`));
    const about = part.modules.length > 1 ? `${name}: ` : '';
    say('ok', part.id, `${about}${kilobytes(module.length)} of WebAssembly, ${kilobytes(gzipSync(module).length)} gzipped`);
  }
}

async function assemble(next, built) {
  await rm(next, { recursive: true, force: true });
  await cp(join(root, 'www'), next, { recursive: true });
  for (const { part, folder } of built) {
    const into = join(next, part.folder);
    await cp(folder, into, { recursive: true });
    if (!part.boot) continue;
    const glue = join(into, `${part.glue}.js`);
    const [boot, generated] = await Promise.all([join(root, part.boot), glue].map((path) => readFile(path, 'utf8')));
    await writeFile(join(into, basename(part.boot)), inOneFile(boot, part.glue, generated));
    if (part.bootsAlone) await rm(glue);
  }
}

/** A rename is one step for whoever reads the folder meanwhile, a copy is not. */
async function swap(next, site) {
  const last = `${next}-last`;
  await mkdir(dirname(site), { recursive: true });
  if (existsSync(site)) await rename(site, last);
  await rename(next, site);
  await rm(last, { recursive: true, force: true });
}
