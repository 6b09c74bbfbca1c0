import { which } from '../lib/run.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { MissingError } from './step.mjs';

/** A C++ compiler: libFuzzer is built from source. */
export const compiler = {
  name: 'c++',
  installing: 'a C++ compiler, for libFuzzer',
  async check() {
    const path = ['c++', 'clang++', 'g++'].map((name) => which(name)).find((found) => found);
    return path && { note: path, value: path };
  },
  async install(update) {
    if (!hasApt()) throw new MissingError('c++', 'install a C++ compiler, such as clang or g++');
    await aptInstall('c++', ['g++'], update);
  },
};
