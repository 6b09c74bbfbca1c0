import { basename, join, relative, sep } from 'node:path';
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';
import { npmTool } from '../lib/npm-tools.mjs';
import { importLeftAlone, leftAlone } from './files.mjs';

/** @type {typeof import('esbuild')} */
const { build } = npmTool('esbuild');

/** wasm-bindgen's names that `palaestra-bindgen` shortens in the modules: `names` says to what. */
const longNames =
  /^(__wbg_\w+_[0-9a-f]{16}|__wbindgen_generic_\w+|wasm_bindgen__convert__closures_\w+|__wbg_(\w+handle|recordfile)_free|(env|game|painter|record|rollout)handle_\w+|recordfile_\w+)$/;

/**
 * A script with everything it imports, as one small file: `{ code, map }`.
 *
 * @param {object} of
 * @param {string} of.entry its path in the project
 * @param {Record<string, string>} of.glue where generated JavaScript is, by its name: './palaestra_worker.js', wherever it is said to
 *   lie, is `glue.palaestra_worker`
 * @param {Record<string, string>} of.names the imports and exports that have another name in the modules, each as `{ long: short }`
 * @param {string} of.output its name in the site, for the source map
 * @param {boolean} [of.minify] false leaves it readable, for tests that plant faults in it
 * @param {import('esbuild').Format} [of.format] an ES module, or else a classic script
 * @param {string} [of.globalName] by what a classic script makes known what it exports
 * @param {boolean} [of.maps] false writes no source map
 */
export async function bundle({ entry, glue, names, output, minify = true, format = 'esm', globalName, maps = true }) {
  const generated = {
    name: 'generated',
    setup(build) {
      build.onResolve({ filter: /\/palaestra_\w+\.js$/ }, ({ path }) => {
        const file = glue[basename(path, '.js')];
        return file ? { path: file } : undefined;
      });
      // wasm-bindgen copies the scripts that a crate brings along. The page's script imports them as well, and is to find the same.
      build.onResolve({ filter: /\/snippets\/palaestra-page-[0-9a-f]+\/src\// }, ({ path }) => ({
        path: join(root, 'crates/page/src', path.replace(/^.*?\/snippets\/palaestra-page-[0-9a-f]+\/src\//, '')),
      }));
    },
  };
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [join(root, entry)],
      outfile: join(root, output),
      write: false,
      bundle: true,
      minify,
      format,
      globalName,
      target: 'es2022',
      charset: 'utf8',
      loader: { '.py': 'text' },
      legalComments: 'none',
      logLevel: 'silent',
      sourcemap: maps ? 'linked' : false,
      mangleProps: longNames,
      mangleCache: names,
      plugins: [generated],
    });
    const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
    const code = text('.js').replaceAll(`${leftAlone}(`, importLeftAlone);
    return { code, map: maps ? portableMap(text('.map'), output) : undefined };
  } catch (error) {
    const reasons = error.errors?.map(
      ({ text, location }) => `${location ? `${location.file}:${location.line}: ` : ''}${text}`,
    );
    throw new PlainError(entry, reasons?.join('; ') ?? error.message);
  }
}

/** The map with names of sources that say nothing of the machine: a path in the project, or `generated/` and a file's name. */
function portableMap(text, output) {
  const map = JSON.parse(text);
  map.sources = map.sources.map((source) => {
    const file = relative(root, join(root, output, '..', source))
      .split(sep)
      .join('/');
    return /^(crates|worker|www)\//.test(file)
      ? file
      : `generated/${file.replace(/^.*?\/site\//, '').replace(/^\.\.\//, '')}`;
  });
  return JSON.stringify(map);
}
