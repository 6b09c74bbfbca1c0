import { basename, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { PlainError } from '../lib/main.mjs';
import { root } from '../lib/paths.mjs';

/** wasm-bindgen's names that `palaestra-bindgen` shortens in the modules: `names` says to what. */
const longNames =
  /^(__wbg_\w+_[0-9a-f]{16}|__wbindgen_generic_\w+|wasm_bindgen__convert__closures_\w+|__wbg_(\w+handle|recordfile)_free|(env|game|painter|record)handle_\w+|recordfile_\w+)$/;

/**
 * A script with everything it imports, as one small file: `{ code, map }`.
 *
 * - `entry`: its path in the project.
 * - `glue`: where the JavaScript of each part has been generated, by its name: './palaestra_worker.js', wherever it is said to lie,
 *   is `glue.palaestra_worker`.
 * - `names`: the imports and exports that have another name in the modules, each as `{ long: short }`.
 * - `output`: its name in the site, for the source map.
 * - `minify`: false leaves it readable, for tests that plant faults in it.
 */
export async function bundle({ entry, glue, names, output, minify = true }) {
  const generated = {
    name: 'generated',
    setup(build) {
      build.onResolve({ filter: /\/palaestra_\w+\.js$/ }, ({ path }) => {
        const file = glue[basename(path, '.js')];
        return file ? { path: file } : undefined;
      });
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
      format: 'esm',
      target: 'es2022',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      sourcemap: 'linked',
      mangleProps: longNames,
      mangleCache: names,
      plugins: [generated],
    });
    const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
    return { code: text('.js'), map: portableMap(text('.map'), output) };
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
