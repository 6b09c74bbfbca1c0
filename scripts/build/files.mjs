// What the page's script is told of the other files of a site: modules of JavaScript that are written for it.
import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../lib/paths.mjs';
import { descriptionsFile } from './families/registry.mjs';
import { scripts } from './parts.mjs';

const text = JSON.stringify;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * What stands for an import that others' bundlers are to leave alone, since it is of a file that they find in another way. They are told
 * so by comments, which esbuild does not keep: `bundle` puts the import in its place.
 */
export const leftAlone = '__import_left_alone__';
export const importLeftAlone = 'import(/* webpackIgnore: true */ /* @vite-ignore */ ';

const isLoaded = (path) => /\.(wasm|js|svg|png|webp)$/.test(path) || path === descriptionsFile;

/** The files that a page may load besides its script, by their paths in the site: modules, pictures, scripts, and words for people. */
export async function loadedFiles(site) {
  const folders = await Promise.all(
    ['page', 'worker', 'verifier', 'export', 'policy', 'art'].map(async (folder) => {
      const names = await readdir(join(site, folder)).catch(() => []);
      return names.map((name) => `${folder}/${name}`).filter(isLoaded);
    }),
  );
  return folders.flat().sort();
}

/** As everybody's bundler finds them: each by an address that is written out. */
const besideScript = (paths) => `export const files = {
${paths.map((path) => `  ${text(path)}: () => new URL(${text(`./${path}`)}, import.meta.url),`).join('\n')}
};
export const held = {};
export const advice = () => '';
export const importScript = (path, address) => ${leftAlone}(address(path));
`;

const imported = ({ id, entry }) => `import * as ${id} from ${text(join(root, entry))};`;

/** What scripts of one build know each other by on a page: what is within one of them, the other finds there. */
const shared = `(globalThis[Symbol.for(${text(`palaestra ${version}`)})] ??= {})`;

/** A script that adds files to those within another script of the same build, whichever of them comes first. */
const addedToScript = (contents) => `Object.assign(${shared}, ${text(contents)});\n`;

/** What to do where a file is not within a script, by how its path begins. */
const instead = {
  'policy/': 'load palaestra/inline/extras as well (inline/extras.global.js with a script tag)',
  'export/': 'load palaestra/inline/extras as well (inline/extras.global.js with a script tag)',
  'worker/guest':
    'Pyodide and its packages are loaded from addresses, which one file has none of; import palaestra with its files beside it',
};

/** As they are within a script: texts as they are, modules gzipped and in base64. `scripts` are those that not every page needs. */
const withinScript = (contents, scripts) => `${scripts.map(imported).join('\n')}
export const files = {};
export const held = {
  __proto__: ${shared},
${Object.entries(contents)
  .map(([path, content]) => `  ${text(path)}: ${text(content)},`)
  .join('\n')}
};
const scripts = { ${scripts.map(({ id, script }) => `${text(script)}: ${id}`).join(', ')} };
export const importScript = async (path) => scripts[path];
const instead = ${text(Object.entries(instead))};
export const advice = (path) => instead.filter(([beginning]) => path.startsWith(beginning)).map(([, what]) => ': ' + what).join('');
`;

/** How a Worker comes by what seats policies: from the address that it is told, or from within its own script. */
const seatScript = (script) =>
  script
    ? `import * as seat from ${text(script)};\nexport const importSeat = async () => seat;\n`
    : 'export const importSeat = (address) => import(address);\n';

/** In which order members stand: of many that were tried those by which the script compresses best, to a hundred bytes less. */
const entryMembers = [
  ...['title', 'agents', 'keys', 'fps', 'idle', 'inputMode', 'expert', 'family', 'part', 'keysGoWithSeats'],
  ...['arguments', 'agentsFrom', 'agentNames', 'agentKinds', 'id'],
];
const bindingMembers = ['keys', 'label', 'action'];

function inOrder(object, names) {
  const placed = Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));
  return { ...placed, ...object };
}

/** The registry, in which the keys that several environments have stand once: so it is shorter also when it is compressed. */
export function registryScript(entries) {
  const ordered = entries.map((entry) => {
    const keys = entry.keys.map((seat) => seat.map((binding) => inOrder(binding, bindingMembers)));
    return inOrder({ ...entry, keys }, entryMembers);
  });
  const lists = [...new Set(ordered.map(({ keys }) => text(keys)))];
  const own = ordered.map((entry) => {
    const members = Object.entries(entry).map(([name, value]) =>
      name === 'keys' ? `keys: keys[${lists.indexOf(text(value))}]` : `${text(name)}: ${text(value)}`,
    );
    return `{ ${members.join(', ')} }`;
  });
  return `const keys = [${lists.join(',\n')}];\nexport const entries = [${own.join(',\n')}];\n`;
}

/** A module as it stands in a script. */
export const packed = (module) => gzipSync(module, { level: 9 }).toString('base64');

/** A writer of modules into `folder`, each of which it gives the path of. */
export function moduleWriter(folder) {
  const write = async (name, content) => {
    const path = join(folder, `${name}.js`);
    await writeFile(path, content);
    return path;
  };
  return {
    registry: (name, entries) => write(name, registryScript(entries)),
    preloads: (name, preloads) => write(name, `export const preloads = ${text(preloads)};\n`),
    beside: (name, paths) => write(name, besideScript(paths)),
    within: (name, contents) => write(name, withinScript(contents, scripts)),
    added: (name, contents) => write(name, addedToScript(contents)),
    seat: (name, script) => write(name, seatScript(script)),
    held: (name, module) => write(name, `export const held = ${module ? text(packed(module)) : 'undefined'};\n`),
  };
}

/** A file as it stands in a script: what is text as text, a module packed. */
export async function contentOf(site, path) {
  const bytes = await readFile(join(site, path));
  return path.endsWith('.wasm') ? packed(bytes) : bytes.toString('utf8');
}
