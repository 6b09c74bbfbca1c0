import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlainError } from '../../lib/main.mjs';
import { run } from '../../lib/run.mjs';

const page = 'docs/your-environment.md says how to write one';

/**
 * The crate of a family in `folder`, `{ crate, folder }`, as far as its Cargo.toml tells that it is one.
 *
 * Whether it has a `FAMILY` is the compiler's to say.
 *
 * @typedef {{ crate: string, folder: string }} FamilyCrate its name, and where it lies
 *
 * @param {string} folder
 * @returns {Promise<FamilyCrate>}
 */
export async function familyCrate(folder) {
  const whole = resolve(folder);
  const refuse = (found) =>
    new PlainError('family', `expected the folder of a family's crate, found ${found}: ${page}`);
  if (!existsSync(whole)) throw refuse(`nothing at ${whole}`);
  const manifest = join(whole, 'Cargo.toml');
  if (!existsSync(manifest)) throw refuse(`no Cargo.toml in ${whole}`);
  const { code, output } = await run([
    'cargo',
    'metadata',
    '--no-deps',
    '--format-version',
    '1',
    '--manifest-path',
    manifest,
  ]);
  const lines = output.split('\n');
  if (code !== 0) throw refuse(`a Cargo.toml in ${whole} that cargo cannot read (${reasonIn(lines)})`);
  const { packages } = JSON.parse(lines.find((line) => line.startsWith('{')));
  const own = packages.find(({ manifest_path: path }) => resolve(path) === manifest);
  if (!own) throw refuse(`a workspace without a crate of its own in ${whole}`);
  if (!own.targets.some(({ kind }) => kind.includes('lib'))) throw refuse(`a crate without a library in ${whole}`);
  if (!own.dependencies.some(({ name }) => name === 'palaestra-env')) {
    throw refuse(`a crate that does not depend on palaestra-env in ${whole}`);
  }
  return { crate: own.name, folder: whole };
}

/** Cargo's reason in one line. */
function reasonIn(lines) {
  const told = lines.filter((line) => line.trim() && !/^Caused by/.test(line)).map((line) => line.trim());
  return told.at(-1) ?? 'no reason given';
}
