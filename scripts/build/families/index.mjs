// The families of a site: those that come with Palaestra (crates/envs lists them), and those of other folders.
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PlainError } from '../../lib/main.mjs';
import { root, wasmTargetDir } from '../../lib/paths.mjs';
import { run } from '../../lib/run.mjs';
import { player } from '../parts.mjs';
import { buildProgram } from './cargo.mjs';
import { familyCrate } from './crate.mjs';
import { descriptionsFile, descriptionsOf, forPages } from './registry.mjs';
import { splitOf } from './split.mjs';
import { moduleCrate, program, writeWorkspace } from './workspace.mjs';

/** The list that comes with Palaestra. */
const builtIn = { crate: 'palaestra-envs', folder: join(root, 'crates/envs') };
/** Where the registry stands in the site. */
export const registryFile = 'page/registry.json';

/**
 * What a site has of its families: the `part` to compile, whose crates have been written, the `registry`, and `addTo(site)`, which
 * puts that and the artwork where a site has them. `folders` are crates from elsewhere; `alone`: without those that come with
 * Palaestra.
 *
 * @param {import('./options.mjs').Families} families
 * @param {(line: string) => void} update
 */
export async function siteFamilies({ folders = [], alone = false } = {}, update) {
  const sources = await Promise.all(folders.map(familyCrate));
  const lists = [];
  if (!alone) lists.push(await written('built-in', { crate: 'palaestra-site', cwd: root }, update));
  if (sources.length > 0) {
    const writer = program({ name: 'site-writer', library: 'palaestra-site', sources, builtIn: false });
    const cwd = await writeWorkspace('writer', [writer]);
    lists.push(await written('outside', { crate: writer.name, cwd, sources }, update));
  }
  const registry = joined(lists);
  await samePictures(lists);
  const modules = lists.flatMap(({ name, families }) =>
    families.map((family, i) => ({
      name: family,
      source: name === 'built-in' ? builtIn : sources[i],
      constant: name === 'built-in' ? `FAMILIES[${i}]` : 'FAMILY',
      together: playsTogether(registry, family),
    })),
  );
  if (modules.length === 0)
    throw new PlainError('family', 'expected a family with --family, found none to build a site of');
  const crates = modules.map(moduleCrate);
  const part = {
    ...player,
    workspace: await writeWorkspace('modules', crates),
    modules: modules.map(({ name }, i) => ({ name, crate: crates[i].name, split: splitOf(registry, name) })),
  };
  return {
    part,
    registry,
    async addTo(site) {
      for (const { folder } of lists) await cp(folder, site, { recursive: true });
      await writeFile(join(site, registryFile), JSON.stringify(forPages(registry)));
      await writeFile(join(site, descriptionsFile), JSON.stringify(descriptionsOf(registry)));
      // An example, of an environment that is not there then.
      if (alone) {
        await rm(join(site, 'minimal.html'));
        await namePage(join(site, 'index.html'), registry[0].familyTitle);
      }
    },
  };
}

/** Gives the page the name of the only family that it has, without the links to what is about the others. */
async function namePage(file, title) {
  const text = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const page = await readFile(file, 'utf8');
  await writeFile(
    file,
    page
      .replace(/<title>.*?<\/title>/, () => `<title>${text}</title>`)
      .replace('<h1>Palaestra</h1>', () => `<h1>${text}</h1>`)
      .replace(/ *<a href="(minimal|docs\/index)\.html">.*?<\/a>\n/g, ''),
  );
}

/**
 * Builds and runs what writes the registry and the artwork of some families: `{ name, folder, families, registry }`.
 *
 * @param {string} name
 * @param {{ crate: string, cwd: string, sources?: import('./crate.mjs').FamilyCrate[] }} program
 * @param {(line: string) => void} update
 */
async function written(name, { crate, cwd, sources }, update) {
  const writer = await buildProgram({ about: 'family', crate, cwd, sources }, update);
  const folder = join(wasmTargetDir, 'site', `families-${name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { code, output } = await run([writer, folder]);
  if (code !== 0) throw new PlainError('family', output);
  const registry = JSON.parse(await readFile(join(folder, registryFile), 'utf8'));
  // Of the registry, since an environment may print what it likes.
  return { name, folder, families: [...new Set(registry.map(({ family }) => family))], registry };
}

/** Whether a family has a game for several people: only then its module carries what plays a match. */
export function playsTogether(registry, family) {
  return registry.some((entry) => entry.family === family && (entry.agents > 1 || entry.agentsFrom?.length > 0));
}

/** All families share a site's `art/`: of two lists no picture may take the place of another. */
async function samePictures(lists) {
  const known = new Map();
  for (const { folder } of lists) {
    const art = join(folder, 'art');
    const files = await readdir(art, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of files.filter((file) => file.isFile())) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const name = relative(art, path);
      const bytes = await readFile(path);
      if (known.has(name) && !known.get(name).equals(bytes)) {
        throw new PlainError('family', `expected one picture at art/${name}, found two that differ`);
      }
      known.set(name, bytes);
    }
  }
}

/** One registry of several; no two families or environments have the same name. */
function joined(lists) {
  const refuseTwice = (what, names) => {
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice) throw new PlainError('family', `expected one ${what} of a name, found \`${twice}\` twice`);
  };
  const registry = lists.flatMap(({ registry: entries }) => entries);
  refuseTwice(
    'family',
    lists.flatMap(({ families }) => families),
  );
  refuseTwice(
    'environment',
    registry.map(({ id }) => id),
  );
  return registry;
}
