// Scripts that have everything within them, for pages that no file can lie beside: `inline.js` and, for a script tag,
// `inline.global.js`, and the same for each family alone in `inline/`; and what models and tables need besides, in `inline/extras.js`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';
import { bundle } from './bundle.mjs';
import { descriptionsFile } from './families/registry.mjs';
import { contentOf, moduleWriter } from './files.mjs';
import { kilobytes } from './kilobytes.mjs';
import { filesOf, player } from './parts.mjs';

const inWorker = (file) => `${player.folder}/${file}`;

/** What seats policies, and its place in a site: within a Worker's script, where nobody asks for the file. */
const seat = 'worker/policy/seat.js';
const seatFile = 'policy/seat.js';

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
  const { verifier, files, extras } = await heldOf(next, paths);
  const held = {
    palaestra_held: await write.held('held-verifier', verifier),
    // A Worker without an origin imports no module: it brings this along.
    palaestra_seat: await write.seat('seat-within', join(root, seat)),
  };
  const boot = async (entry) => (await bundled(entry, held, { format: 'iife', maps: false })).code;
  const scripts = {
    'worker/boot.js': await boot('worker/environment/boot.js'),
    'verifier/boot.js': await boot('worker/verifier/boot.js'),
  };
  const boots = { 'export/boot.js': await boot('worker/export/boot.js') };
  await mkdir(join(next, 'inline'), { recursive: true });
  for (const file of ['inline/extras.js', 'inline/extras.global.js']) {
    const content = await readFile(await write.added('extras', { ...extras, ...boots }), 'utf8');
    await writeFile(join(next, file), content);
    say('ok', 'inline', `${file}: ${kilobytes(content.length)}`);
  }
  const descriptions = JSON.parse(files[descriptionsFile]);
  const families = [...new Set(registry.map(({ family }) => family))];
  for (const family of [undefined, ...families]) {
    const own = modules.filter(({ name }) => name === family).flatMap((module) => filesOf(module).map(inWorker));
    /** @param {[string, unknown]} entry */
    const wanted = ([path]) => !family || !path.startsWith('worker/') || own.includes(path);
    const name = family ? `inline-${family}` : 'inline';
    const entries = registry.filter((entry) => !family || entry.family === family);
    const words = JSON.stringify(Object.fromEntries(entries.map(({ id }) => [id, descriptions[id]])));
    const kept = Object.fromEntries(Object.entries(files).filter(wanted));
    const within = { ...kept, [descriptionsFile]: words, ...scripts, [seatFile]: '' };
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

/** The files as they stand in a script, those of `extras` apart, and the verifier's module, which only the verifier's script has. */
async function heldOf(site, paths) {
  const verifier = paths.find((path) => path.startsWith('verifier/') && path.endsWith('.wasm'));
  const [files, extras] = [{}, {}];
  for (const path of paths) {
    // Guests play where files can be fetched, or not at all; what models and tables need is a file of its own: these are no burden for the others.
    const wanted = path !== verifier && !path.startsWith('worker/guest') && !path.endsWith('.js');
    if (wanted) (/^(policy|export)\//.test(path) ? extras : files)[path] = await contentOf(site, path);
  }
  return { verifier: verifier && (await readFile(join(site, verifier))), files, extras };
}
