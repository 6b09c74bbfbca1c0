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
    await aptInstall('c++', ['g++'], 'libFuzzer is built from source', update);
  },
};

/** What Rust has programs of this machine linked by. */
export const linker = {
  name: 'linker',
  installing: 'a linker, for programs in Rust',
  async check() {
    const path = which('cc');
    return path && { note: path };
  },
  async install(update) {
    if (process.platform === 'darwin') throw new MissingError('linker', 'there is no cc: run "xcode-select --install"');
    if (!hasApt()) throw new MissingError('linker', 'there is no cc on PATH: install gcc or clang');
    await aptInstall('linker', ['gcc', 'libc6-dev'], 'Rust links programs with it', update);
  },
};
