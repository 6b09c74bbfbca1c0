import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** The version that Cargo.lock holds of a crate, or undefined; the newest where it holds several. */
export function lockedVersion(crate, text = readFileSync(join(root, 'Cargo.lock'), 'utf8')) {
  const versions = [...text.matchAll(/^name = "([^"]+)"\nversion = "([^"]+)"$/gm)]
    .filter(([, name]) => name === crate)
    .map(([, , version]) => version);
  return versions.sort(compareVersions).at(-1);
}

/** The version that the workspace's Cargo.toml pins a crate to with `crate = "=x.y.z"`, or undefined. */
export function pinnedVersion(crate, text = readFileSync(join(root, 'Cargo.toml'), 'utf8')) {
  return text.match(new RegExp(`^${crate} = (?:\\{ version = )?"=([0-9.]+)"`, 'm'))?.[1];
}

/** The oldest Rust that the workspace says it compiles with. */
export function minimumRust(text = readFileSync(join(root, 'Cargo.toml'), 'utf8')) {
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
