import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, cargoRoot, isPackage, kit, root } from './paths.mjs';

/** The version that Cargo.lock holds of a crate, or undefined; the newest where it holds several. */
export function lockedVersion(crate, text = readFileSync(join(cargoRoot, 'Cargo.lock'), 'utf8')) {
  const versions = [...text.matchAll(/^name = "([^"]+)"\nversion = "([^"]+)"$/gm)]
    .filter(([, name]) => name === crate)
    .map(([, , version]) => version);
  return versions.sort(compareVersions).at(-1);
}

/** The version that the workspace's Cargo.toml pins a crate to with `crate = "=x.y.z"`, or undefined. */
export function pinnedVersion(crate, text = readFileSync(join(cargoRoot, 'Cargo.toml'), 'utf8')) {
  return text.match(new RegExp(`^${crate} = (?:\\{ version = )?"=([0-9.]+)"`, 'm'))?.[1];
}

/** The oldest Rust that the workspace says it compiles with. */
export function minimumRust(text = readFileSync(join(cargoRoot, 'Cargo.toml'), 'utf8')) {
  return text.match(/^rust-version = "([0-9.]+)"$/m)?.[1] ?? '1.85';
}

/** Negative, zero or positive as `a` is older than, the same as or newer than `b`. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What tells the npm package's crates from those of another package, whatever version both say. */
export const packedId = () => readFileSync(join(kit, 'id'), 'utf8').trim();

/**
 * Where the npm package's crates lie: copies in the cache, since the folder that `npx` installs in may be gone tomorrow, and an author's
 * `cargo test` still has to find them.
 */
export function cratesOfPackage() {
  return join(cacheDir, `crates-${packedId()}`);
}

/** Where each of the project's crates lies, by its name: where it is written, or for the npm package in the cache. */
export function crateFolders() {
  if (isPackage) {
    const home = cratesOfPackage();
    return Object.fromEntries(readdirSync(home).map((name) => [name, join(home, name)]));
  }
  const text = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  const named = [...text.matchAll(/^(palaestra-[a-z0-9-]+) = \{[^}]*\bpath = "([^"]+)"/gm)];
  // No crate depends on a program.
  const programs = ['bindgen', 'cli'].map((name) => [`palaestra-${name}`, `crates/${name}`]);
  return Object.fromEntries(
    [...named.map(([, ...one]) => one), ...programs].map(([name, path]) => [name, join(root, path)]),
  );
}

/** Where the crate of this name lies. */
export function crateFolder(name) {
  const folder = crateFolders()[name];
  if (!folder) throw new Error(`expected the crate ${name} in ${cargoRoot}, found none`);
  return folder;
}
