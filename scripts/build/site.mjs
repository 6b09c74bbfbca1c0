import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isPackage, kit, nativeTargetDir, root, wasmTargetDir } from '../lib/paths.mjs';
import { progress, say } from '../lib/say.mjs';
import { compile } from './compile.mjs';
import { precompress } from './compress.mjs';
import { siteFamilies } from './families/index.mjs';
import { kilobytes } from './kilobytes.mjs';
import { filesOf, parts } from './parts.mjs';
import { forgetOld } from './remembered.mjs';
import { swap } from './swap.mjs';
import { inTurnOfBuilds } from './turn.mjs';

/** Runs `body` with a line that shows what it is at. */
async function withProgress(name, text, body) {
  const work = progress(name, text);
  try {
    return await body(work.update);
  } finally {
    work.done();
  }
}

/** Once for all the builds of a process. @type {Promise<string> | undefined} */
let postProcessor;

/** A family more, which tests can make panic, hang or fall silent; it is never shipped. */
const faulty = join(root, 'tests/families/faults');

/**
 * Builds the site and gives its folder: `out`, or else `dist/`, or `dist-test/` with a family that can be made to fail. `families`
 * says which it has; see `siteFamilies`.
 *
 * It is put together beside and then swapped in, so that the folder always holds one whole build: a build that fails
 * leaves the last good one. What it is made from is in folders that all builds share, so they are made one after another.
 *
 * @param {object} options
 * @param {Record<string, string | undefined>} options.environment what compiling for the browser needs: `setUpForBuild` gives it
 * @param {boolean} [options.faults]
 * @param {import('./families/options.mjs').Families} [options.families]
 * @param {string} [options.out]
 * @param {boolean} [options.quick] leaves out what only a published site needs: compressed files, and scripts that have all within them
 */
export const buildSite = (options) => inTurnOfBuilds(() => build(options));

/** @param {Parameters<typeof buildSite>[0]} options */
async function build({ environment, faults = false, families = {}, out, quick = false }) {
  // These need the npm packages, which a fresh clone has only now.
  const { bindgen, buildBindgen } = await import('./bindgen.mjs');
  const { assemble } = await import('./assemble.mjs');
  const chosen = faults ? { ...families, folders: [...(families.folders ?? []), faulty] } : families;
  // Two cargos make their folders below at the same time, and one would take away the other's.
  await mkdir(wasmTargetDir, { recursive: true });
  const building = (postProcessor ??= withProgress(
    'bindgen',
    'building the post-processor of WebAssembly',
    buildBindgen,
  ));
  // One that failed is built anew by the next build: what it lacked may be there by then.
  building.catch(() => {
    postProcessor = undefined;
  });
  // In a clone these two have one target folder, and so one after the other. The first modules are compiled meanwhile: they have another.
  const listing = (isPackage ? Promise.resolve('') : building).then(() =>
    withProgress('families', 'building what writes the registry', (update) => siteFamilies(chosen, update)),
  );
  listing.catch(() => {});
  const played = listing.then(({ part }) => part);
  played.catch(() => {});
  // The families' modules have a profile, and with it a folder, of their own: they are compiled beside those before them, which keep one core
  // busy for most of their time.
  let tellOfPlayed = (_line) => {};
  const ahead = played.then((part) => compile(part, environment, (line) => tellOfPlayed(line)));
  ahead.catch(() => {});
  // A site of somebody's own environments has these, and none in Python.
  const [common, guests] = [parts.filter(({ id }) => id !== 'guest'), parts.filter(({ id }) => id === 'guest')];
  const built = isPackage ? ready(common) : [];
  // Written anew by every build: what a module is called in another must not depend on what was built before.
  const names = join(wasmTargetDir, 'site/names.json');
  await rm(names, { force: true });
  if (isPackage) {
    await mkdir(join(wasmTargetDir, 'site'), { recursive: true });
    await cp(join(kit, 'names.json'), names);
  }
  // Guests last: what a module of a family is called in another must not depend on whether there are any.
  const wanted = [...common, played, ...(families.alone ? [] : guests)];
  for (const coming of isPackage ? [played] : wanted) {
    const part = await coming;
    const folder = join(wasmTargetDir, 'site', part.id);
    const about = `compiling ${part.modules.map(({ crate }) => crate).join(', ')}`;
    const script = await withProgress(part.id, about, async (update) => {
      if (coming === played) tellOfPlayed = update;
      const modules = await (coming === played ? ahead : compile(part, environment, update));
      return bindgen(await building, part, modules, folder, names);
    });
    built.push({ part, folder, script });
    await reportSizes(part, folder);
  }
  const own = await listing;
  const site = out ?? join(root, faults ? 'dist-test' : 'dist');
  // On the disk of the folder that it becomes: from another it could not be renamed.
  const next = out ? `${out}-${process.pid}` : join(nativeTargetDir, `site-${process.pid}`);
  try {
    // The tests' site stays readable: some of them plant faults in its scripts.
    const shortNames = JSON.parse(await readFile(names, 'utf8'));
    await assemble(next, built, { families: own, names: shortNames, minify: !faults, inline: !faults && !quick });
    // A site of somebody's own environments has no use for it, nor has the package what makes it.
    const documented = !faults && !quick && !isPackage && !families.alone;
    if (documented) await (await import('../docs/index.mjs')).buildDocs(next, own.registry);
    else await withoutDocs(next);
    // Tests ask for what is there; the site for people is served compressed by whatever server looks for such files.
    if (!faults && !quick) await withProgress('compress', 'compressing the files of the site', () => precompress(next));
    await swap(next, site);
    await forgetOld();
  } finally {
    await rm(next, { recursive: true, force: true });
  }
  return site;
}

/** The parts that are the same whatever is played, as the package has them. */
const ready = (common) =>
  common.map((part) => ({ part, folder: join(root, 'dist', part.folder), script: join(kit, `glue/${part.glue}.js`) }));

async function reportSizes(part, folder) {
  for (const file of part.modules.flatMap(filesOf)) {
    const module = await readFile(join(folder, file));
    const about = part.modules.length > 1 || !file.endsWith('_bg.wasm') ? `${file}: ` : '';
    say(
      'ok',
      part.id,
      `${about}${kilobytes(module.length)} of WebAssembly, ${kilobytes(gzipSync(module).length)} gzipped`,
    );
  }
}

/** A site that has no documentation leads nobody there. */
async function withoutDocs(site) {
  const page = join(site, 'index.html');
  const text = await readFile(page, 'utf8');
  await writeFile(page, text.replace(/\s*<a href="docs\/[^"]*">[^<]*<\/a>/, ''));
  await rm(join(site, 'docs'), { recursive: true, force: true });
}
