// Scripts that have everything within them, for pages that no file can lie beside: `inline.js` and, for a script tag,
// `inline.global.js`, and the same for each family alone in `inline/`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../lib/say.mjs';
import { bundle } from './bundle.mjs';
import { descriptionsFile } from './families/registry.mjs';
import { contentOf, moduleWriter } from './files.mjs';
import { kilobytes } from './kilobytes.mjs';
import { filesOf, player } from './parts.mjs';

const inWorker = (file) => `${player.folder}/${file}`;

/** What a script tag makes known. */
const globalName = 'palaestra';

/**
 * Writes them to the site in `next`, whose other files are there.
 *
 * @param {string} next
 * @param {object} of
 * @param {string[]} of.paths the files of the site that a page loads
 * @param {any[]} of.registry the entries as pages have them
 * @param {{ name: string, split?: object }[]} of.modules those of the families
 * @param {Record<string, string>} of.glue see `bundle`
 * @param {Record<string, string>} of.names
 * @param {string} of.folder where modules can be written for the bundler
 */
export async function inlineScripts(next, { paths, registry, modules, glue, names, folder }) {
  const write = moduleWriter(folder);
  const bundled = (/** @type {string} */ entry, more, /** @type {Partial<Parameters<typeof bundle>[0]>} */ options) =>
    bundle({ entry, glue: { ...glue, ...more }, names, output: 'inline.js', ...options });
  // The Workers of such a page are made of their text, which has no address that anything lies beside.
  const { verifier, files } = await heldOf(next, paths);
  const held = { palaestra_held: await write.held('held-verifier', verifier) };
  const boot = async (entry) => (await bundled(entry, held, { format: 'iife', maps: false })).code;
  const scripts = {
    'worker/boot.js': await boot('worker/environment/boot.js'),
    'verifier/boot.js': await boot('worker/verifier/boot.js'),
  };
  const descriptions = JSON.parse(files[descriptionsFile]);
  const families = [...new Set(registry.map(({ family }) => family))];
  await mkdir(join(next, 'inline'), { recursive: true });
  for (const family of [undefined, ...families]) {
    const own = modules.filter(({ name }) => name === family).flatMap((module) => filesOf(module).map(inWorker));
    /** @param {[string, unknown]} entry */
    const wanted = ([path]) => !family || !path.startsWith('worker/') || own.includes(path);
    const name = family ? `inline-${family}` : 'inline';
    const entries = registry.filter((entry) => !family || entry.family === family);
    const words = JSON.stringify(Object.fromEntries(entries.map(({ id }) => [id, descriptions[id]])));
    const kept = Object.fromEntries(Object.entries(files).filter(wanted));
    const within = { ...kept, [descriptionsFile]: words, ...scripts };
    const more = {
      palaestra_files: await write.within(`files-${name}`, within),
      palaestra_registry: await write.registry(`registry-${name}`, entries),
    };
    const file = family ? `inline/${family}` : 'inline';
    const module = await bundled('www/palaestra.js', more, { maps: false });
    const script = await bundled('www/palaestra.js', more, { format: 'iife', globalName, maps: false });
    await writeFile(join(next, `${file}.js`), module.code);
    await writeFile(join(next, `${file}.global.js`), script.code);
    say('ok', 'inline', `${file}.js: ${kilobytes(module.code.length)}`);
  }
}

/** The files as they stand in a script, and the verifier's module, which only the verifier's script has. */
async function heldOf(site, paths) {
  const verifier = paths.find((path) => path.startsWith('verifier/') && path.endsWith('.wasm'));
  const files = {};
  for (const path of paths) {
    // Models and guests play, and tables are written, where files can be fetched, or not at all: these are no burden for the others.
    const wanted = path !== verifier && !/^(policy\/|export\/|worker\/guest)/.test(path) && !path.endsWith('.js');
    if (wanted) files[path] = await contentOf(site, path);
  }
  return { verifier: verifier && (await readFile(join(site, verifier))), files };
}
