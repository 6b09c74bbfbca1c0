import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PlainError } from '../lib/main.mjs';
import { root, wasmTargetDir } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';
import { bundle } from './bundle.mjs';
import { forPages, preloadsOf } from './families/registry.mjs';
import { loadedFiles, moduleWriter } from './files.mjs';
import { missingImports } from './glue.mjs';
import { inlineScripts } from './inline.mjs';
import { kilobytes } from './kilobytes.mjs';
import { filesOf, scripts } from './parts.mjs';

/** Which parts' modules a part's script loads besides its own: who replays a record does so in the family's module. */
const alsoLoads = { verifier: ['worker', 'worker-faults'], export: ['worker', 'worker-faults'] };

/**
 * Puts a site together in the folder `next`: what lies in www/, the registry and the pictures of the families, the modules of the
 * `built` parts, and their scripts, each with all that it imports. `built` has `{ part, folder, script }` of each part, its JavaScript
 * as `bindgen` gives it. `families` are those of `siteFamilies`. `names` and `minify`: see `bundle`. With `inline` it has the scripts
 * that need no other file.
 *
 * @param {string} next
 * @param {{ part: any, folder: string, script: string }[]} built
 * @param {object} of
 * @param {Awaited<ReturnType<typeof import('./families/index.mjs').siteFamilies>>} of.families
 * @param {Record<string, string>} of.names
 * @param {boolean} [of.minify]
 * @param {boolean} [of.inline]
 */
export async function assemble(next, built, { families, names, minify = true, inline = true }) {
  await rm(next, { recursive: true, force: true });
  await cp(join(root, 'www'), next, { recursive: true });
  for (const { part, folder } of built) {
    await mkdir(join(next, part.folder), { recursive: true });
    for (const file of part.modules.flatMap(filesOf)) await cp(join(folder, file), join(next, part.folder, file));
  }
  await families.addTo(next);
  const registry = forPages(families.registry);
  const paths = [...(await loadedFiles(next)), ...ownScripts(built)].sort();
  const folder = join(wasmTargetDir, 'site/written');
  await mkdir(folder, { recursive: true });
  const write = moduleWriter(folder);
  const glue = {
    ...Object.fromEntries(built.map(({ part, script }) => [part.glue, script])),
    palaestra_files: await write.beside('files', paths),
    palaestra_registry: await write.registry('registry', registry),
    palaestra_preloads: await write.preloads('preloads', preloadsOf(families.registry)),
    palaestra_seat: await write.seat('seat', undefined),
    palaestra_held: await write.held('held', undefined),
  };
  for (const { part } of built) {
    const { entry, script: output, format } = part;
    const { code, map } = await bundle({ entry, glue, names, output, minify, format });
    await writeFile(join(next, part.script), code);
    await writeFile(join(next, `${part.script}.map`), map);
    say('ok', part.id, `${part.script}: ${kilobytes(code.length)}, ${kilobytes(gzipSync(code).length)} gzipped`);
    const loaded = built.filter((other) => other.part === part || alsoLoads[part.id]?.includes(other.part.id));
    await checkImports(part.script, code, loaded);
  }
  for (const { id, entry, script } of scripts) {
    const { code, map } = await bundle({ entry, glue, names, output: script, minify });
    await writeFile(join(next, script), code);
    await writeFile(join(next, `${script}.map`), map);
    say('ok', id, `${script}: ${kilobytes(code.length)}, ${kilobytes(gzipSync(code).length)} gzipped`);
  }
  if (inline) await inlineScripts(next, { paths, registry, modules: families.part.modules, glue, names, folder });
}

/** The scripts that a page's own loads. */
const ownScripts = (built) =>
  [...built.map(({ part }) => part.script), ...scripts.map(({ script }) => script)].filter((path) =>
    path.includes('/'),
  );

/** A module whose script lacks an import of it would fail only where a participant loads it. */
async function checkImports(script, code, loaded) {
  for (const { part, folder } of loaded) {
    for (const [file] of part.modules.map(filesOf)) {
      const missing = missingImports(new WebAssembly.Module(await readFile(join(folder, file))), code);
      if (missing.length > 0) throw new PlainError(script, `lacks what ${file} imports: ${missing.join(', ')}`);
    }
  }
}
