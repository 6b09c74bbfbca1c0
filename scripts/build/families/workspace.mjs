// The crates that the build writes: a workspace of its own in the target folder, since they name crates from anywhere.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pinnedVersion } from '../../lib/cargo-files.mjs';
import { nativeTargetDir, root } from '../../lib/paths.mjs';

/** Where they are written. */
export const workspace = join(nativeTargetDir, 'site-crates');

/** What an author may depend on by version: it is the crate of this clone in any case. */
const published = {
  'palaestra-env': 'env',
  'palaestra-env-tests': 'env-tests',
  'palaestra-math': 'math',
  'palaestra-scenery': 'scenery',
};

const text = JSON.stringify;
const own = (path) => text(join(root, path));

/** A dependency on a family's crate, by the name that the written crates have for it. */
const dependency = (name, { crate, folder }) => `${name} = { package = ${text(crate)}, path = ${text(folder)} }`;

const head = (name, rest = '') => `[package]
name = ${text(name)}
version = "0.0.0"
edition = "2024"
publish = false
${rest}
`;

/**
 * The crate of a Worker's module: `{ name, source, constant, together }`, the family's name, its crate, the constant in that, and
 * whether it plays matches.
 */
export function moduleCrate({ name, source, constant, together = false }) {
  const manifest = `${head(`module-${name}`, `build = ${own('worker/environment/module-build.rs')}\n`)}
[lib]
name = ${text(name)}
path = "lib.rs"
crate-type = ["cdylib"]

[dependencies]
palaestra-worker = { path = ${own('worker/environment')} }
wasm-bindgen = "=${pinnedVersion('wasm-bindgen')}"
${dependency('source', source)}
`;
  return {
    name: `module-${name}`,
    files: {
      'Cargo.toml': manifest,
      'lib.rs': `palaestra_worker::module!(source::${constant}${together ? ', together' : ''});\n`,
    },
  };
}

/** A program of `library` for the families in these crates, and for the built-in ones if `builtIn`. */
export function program({ name, library, sources, builtIn }) {
  const manifest = `${head(name)}
[[bin]]
name = ${text(name)}
path = "main.rs"

[dependencies]
palaestra-env = { path = ${own('crates/env')} }
${library} = { path = ${own(`crates/${library.replace('palaestra-', '')}`)}, default-features = false }
${builtIn ? `palaestra-envs = { path = ${own('crates/envs')} }\n` : ''}${sources.map((source, i) => dependency(`family_${i}`, source)).join('\n')}
`;
  const outside = sources.map((_, i) => `family_${i}::FAMILY`).join(', ');
  const lists = [...(builtIn ? ['palaestra_envs::FAMILIES'] : []), `&[${outside}]`].join(', ');
  const main = `fn main() -> std::process::ExitCode {
    ${library.replace('-', '_')}::main(palaestra_env::catalog::Catalog::new(&[${lists}]))
}
`;
  return { name, files: { 'Cargo.toml': manifest, 'main.rs': main } };
}

/** Writes the workspace of these crates. A file that stays as it was is left alone, so that cargo has nothing to do for it. */
export async function writeWorkspace(crates) {
  const here = await readFile(join(root, 'Cargo.toml'), 'utf8');
  const patches = Object.entries(published).map(([name, folder]) => `${name} = { path = ${own(`crates/${folder}`)} }`);
  const manifest = `[workspace]
resolver = "3"
members = ${text(crates.map(({ name }) => name))}

[patch.crates-io]
${patches.join('\n')}

${profilesIn(here)}`;
  await write('Cargo.toml', manifest);
  for (const { name, files } of crates)
    for (const [file, content] of Object.entries(files)) await write(join(name, file), content);
  // The versions of this project. Kept beside it: what cargo has added since is not looked for again.
  const lock = await readFile(join(root, 'Cargo.lock'), 'utf8');
  if (await write('Cargo.lock.seed', lock)) await write('Cargo.lock', lock);
}

/** The tables of the project's Cargo.toml that say how to compile: cargo reads them of a workspace's own only. */
export function profilesIn(manifest) {
  return manifest
    .split(/^(?=\[)/m)
    .filter((table) => table.startsWith('[profile.'))
    .join('');
}

/** Gives whether it wrote. */
async function write(file, content) {
  const path = join(workspace, file);
  if (existsSync(path) && (await readFile(path, 'utf8')) === content) return false;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return true;
}
