// Where an environment is. Nothing here needs to know where else anything is built.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A crate, and no workspace without one, which may name what its crates depend on. */
const crate = /^\s*\[package\]/m;
const dependency = /^\s*palaestra-env\s*=|^\s*\[dependencies\.palaestra-env\]/m;

/** The folder of the environment that a folder belongs to: the nearest whose Cargo.toml depends on palaestra-env, or undefined. */
export function projectOf(folder = process.cwd()) {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const manifest = join(at, 'Cargo.toml');
    if (existsSync(manifest)) {
      const text = readFileSync(manifest, 'utf8');
      return crate.test(text) && dependency.test(text) ? at : undefined;
    }
    if (at === dirname(at)) return undefined;
  }
}

/** Where cargo writes what it makes of an environment: where cargo would put it by itself, in the folder of the project. */
export const targetOf = (project, named = process.env.CARGO_TARGET_DIR) => resolve(project, named || 'target');
