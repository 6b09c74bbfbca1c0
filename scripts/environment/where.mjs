// Where an environment is. Nothing here needs to know where anything is built.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const dependency = /^\s*palaestra-env\s*=|^\s*\[dependencies\.palaestra-env\]/m;

/** The folder of the environment that a folder belongs to: the nearest whose Cargo.toml depends on palaestra-env, or undefined. */
export function projectOf(folder = process.cwd()) {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const manifest = join(at, 'Cargo.toml');
    if (existsSync(manifest)) return dependency.test(readFileSync(manifest, 'utf8')) ? at : undefined;
    if (at === dirname(at)) return undefined;
  }
}
