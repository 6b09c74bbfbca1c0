import { join } from 'node:path';
import { cacheDir, root } from '../lib/paths.mjs';
import { pythonIn, virtualEnvironment } from './venv.mjs';

/** A virtual environment with the Python packages that our environments follow; the value is its Python. */
export const referencePackages = virtualEnvironment({
  name: 'python packages',
  installing: 'the Python references, into .venv-parity',
  folder: join(root, '.venv-parity'),
  requirements: join(root, 'tests', 'golden', 'reference', 'requirements.txt'),
  shown: '.venv-parity',
});

const dataFolder = join(cacheDir, 'python-data');

/** The Python of those who analyse data, once it is set up. */
export const dataPython = pythonIn(dataFolder);

/** A virtual environment with what researchers read data with; the value is its Python. */
export const dataPackages = virtualEnvironment({
  name: 'data packages',
  installing: 'pandas, pyarrow and Minari, into the cache',
  folder: dataFolder,
  requirements: join(root, 'tests', 'data', 'requirements.txt'),
  shown: 'the cache',
});

/** A virtual environment with what builds and tests the Python package; the value is its Python. */
export const packagePackages = virtualEnvironment({
  name: 'python package',
  installing: 'what builds and tests the Python package, into the cache',
  folder: join(cacheDir, 'python'),
  requirements: join(root, 'python', 'requirements.txt'),
  shown: 'the cache',
});
