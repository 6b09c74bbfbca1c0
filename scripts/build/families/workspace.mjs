// The crates that the build writes: in workspaces of their own in the target folder, since they name crates from anywhere.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crateFolder, crateFolders, pinnedVersion } from '../../lib/cargo-files.mjs';
import { cargoRoot, isPackage, nativeTargetDir } from '../../lib/paths.mjs';

/** Where they are written. */
const workspaces = join(nativeTargetDir, 'site-crates');

const text = JSON.stringify;

/** A dependency on a crate of this project, with the `options` of a dependency if any. */
const own = (name, options = '') => `${name} = { path = ${text(crateFolder(name))}${options} }`;

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
  const manifest = `${head(`module-${name}`, `build = ${text(join(crateFolder('palaestra-worker'), 'module-build.rs'))}\n`)}
[lib]
name = ${text(name)}
path = "lib.rs"
crate-type = ["cdylib"]

[dependencies]
${own('palaestra-worker')}
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

/**
 * A program of `library`, with its `features`, for the families in these crates, and for the built-in ones if `builtIn`.
 *
 * @param {object} of
 * @param {string} of.name
 * @param {string} of.library
 * @param {string[]} [of.features]
 * @param {import('./crate.mjs').FamilyCrate[]} of.sources
 * @param {boolean} of.builtIn
 */
export function program({ name, library, features = [], sources, builtIn }) {
  const manifest = `${head(name)}
[[bin]]
name = ${text(name)}
path = "main.rs"

[dependencies]
${own('palaestra-env')}
${own(library, `, default-features = false, features = ${text(features)}`)}
${builtIn ? `${own('palaestra-envs')}\n` : ''}${sources.map((source, i) => dependency(`family_${i}`, source)).join('\n')}
`;
  const outside = sources.map((_, i) => `family_${i}::FAMILY`).join(', ');
  const lists = [...(builtIn ? ['palaestra_envs::FAMILIES'] : []), `&[${outside}]`].join(', ');
  const main = `fn main() -> std::process::ExitCode {
    ${library.replace('-', '_')}::main(palaestra_env::catalog::Catalog::new(&[${lists}]))
}
`;
  return { name, files: { 'Cargo.toml': manifest, 'main.rs': main } };
}

/**
 * Writes the workspace of these crates, and gives its folder. A file that stays as it was is left alone, so that cargo has nothing to do
 * for it.
 *
 * Each `purpose` has a workspace of its own. Cargo takes out of a lock what the members do not need: in a workspace whose members change
 * from one call to the next, it would look for the newest versions again and again, and need the network for it.
 *
 * @param {string} purpose the name of its folder
 * @param {{ name: string, files: Record<string, string> }[]} crates
 * @param {string} [base]
 */
export async function writeWorkspace(purpose, crates, base = workspaces) {
  const folder = join(base, purpose);
  const here = await readFile(join(cargoRoot, 'Cargo.toml'), 'utf8');
  // What an author, or a packed crate, depends on by version: it is the crate of this project in any case.
  const patches = Object.keys(crateFolders()).map((name) => own(name));
  const manifest = `[workspace]
resolver = "3"
members = ${text(crates.map(({ name }) => name))}

[patch.crates-io]
${patches.join('\n')}

${profilesIn(here, { tests: !isPackage })}`;
  const written = [await write(join(folder, 'Cargo.toml'), manifest)];
  for (const { name, files } of crates)
    for (const [file, content] of Object.entries(files)) written.push(await write(join(folder, name, file), content));
  // The versions of this project, kept beside the lock: what cargo has added for an author's crate since is not looked for again. Other
  // members may need what cargo has taken out.
  const lock = await readFile(join(cargoRoot, 'Cargo.lock'), 'utf8');
  written.push(await write(join(folder, 'Cargo.lock.seed'), lock));
  if (written.includes(true)) await write(join(folder, 'Cargo.lock'), lock);
  return folder;
}

/**
 * The tables of the project's Cargo.toml that say how to compile: cargo reads them of a workspace's own only. What this project's
 * tests need is left out unless `tests`: an author's `cargo test` shares what is compiled then.
 */
export function profilesIn(manifest, { tests = true } = {}) {
  return manifest
    .split(/^(?=\[)/m)
    .filter((table) => table.startsWith('[profile.') && (tests || !table.startsWith('[profile.dev')))
    .join('');
}

/** Gives whether it wrote. */
async function write(path, content) {
  if (existsSync(path) && (await readFile(path, 'utf8')) === content) return false;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return true;
}
