// What environments in Python run on in the tests: a folder as Pyodide's distribution has it, with wheels beside.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, root } from '../lib/paths.mjs';
import { mustRun } from '../lib/run.mjs';

const folder = join(root, 'tests/guests');
const requirements = join(folder, 'requirements.txt');
const ofDistribution = join(folder, 'distribution.txt');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Where it is put together: other versions have another folder. */
const distribution = () => {
  const pinned = [requirements, ofDistribution, join(folder, 'package-lock.json')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
  return join(cacheDir, `guests-${sha256(pinned).slice(0, 12)}`);
};

/** Zips a folder as a wheel. */
const ZIPPED = `
import sys, zipfile, pathlib
source, wheel = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as out:
    for file in sorted(source.rglob("*")):
        parts = file.relative_to(source).parts
        if file.is_file() and not {"tests", "__pycache__"} & set(parts):
            out.write(file, "/".join(parts))
`;

/**
 * The distribution; the value is its folder. Pyodide and NumPy come from npm, as tests/guests/package-lock.json has them, NumPy in the
 * place of the distribution's own; the other wheels from PyPI, each with its hash: micropip into the distribution, all else into `wheels/`.
 */
export const pyodideDistribution = {
  name: 'pyodide',
  installing: 'Pyodide, NumPy and the packages of environments in Python, into the cache',
  async check() {
    const site = distribution();
    if (!existsSync(join(site, 'pyodide-lock.json'))) return undefined;
    const wheels = await readdir(join(site, 'wheels'));
    const { version } = JSON.parse(await readFile(join(site, 'package.json'), 'utf8'));
    return { note: `${version}, and ${wheels.length} wheels`, value: site };
  },
  async install(update) {
    const site = distribution();
    const next = `${site}-${process.pid}`;
    const modules = join(folder, 'node_modules');
    try {
      await cp(join(modules, 'pyodide'), next, { recursive: true });
      await addNumpy(next, join(modules, '@emscripten-forge/numpy/pkg'), update);
      const download = [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--only-binary',
        ':all:',
        '--require-hashes',
        '--no-input',
      ];
      // For Pyodide's Python, whatever this machine's is.
      const target = ['--python-version', '3.12', '--disable-pip-version-check'];
      for (const [list, to] of [
        [requirements, join(next, 'wheels')],
        [ofDistribution, next],
      ]) {
        await mustRun(['python3', ...download, ...target, '-r', list, '-d', to], { onLine: update });
      }
      await trust(next, ['micropip', 'packaging']);
      await rm(site, { recursive: true, force: true });
      await rename(next, site);
    } finally {
      await rm(next, { recursive: true, force: true });
    }
  },
};

/** Puts npm's build of NumPy where the distribution's lock file has it. */
async function addNumpy(site, packed, update) {
  const archive = (await readdir(packed)).find((name) => name.endsWith('.tar.gz'));
  const unpacked = join(site, 'numpy');
  await mkdir(unpacked);
  const within = 'lib/python3.12/site-packages';
  await mustRun(['tar', '-xzf', join(packed, archive), '-C', unpacked, '--strip-components=3', within], {
    onLine: update,
  });
  const { numpy } = JSON.parse(await readFile(join(site, 'pyodide-lock.json'), 'utf8')).packages;
  await mustRun(['python3', '-c', ZIPPED, unpacked, join(site, numpy.file_name)], { onLine: update });
  await rm(unpacked, { recursive: true });
  await trust(site, ['numpy']);
}

/** Has the lock file know these packages as they are here. */
async function trust(site, names) {
  const file = join(site, 'pyodide-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8'));
  for (const name of names) {
    const found = lock.packages[name];
    found.sha256 = sha256(await readFile(join(site, found.file_name)));
  }
  await writeFile(file, JSON.stringify(lock));
}
