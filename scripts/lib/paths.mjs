import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the project, or of the npm package. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Whether this is the npm package: it has the crates packed, and what of a site is the same whatever is played (`kit/`). */
export const isPackage = !existsSync(join(root, 'crates/env/Cargo.toml'));

/** What the package has for building; see scripts/build/kit.mjs. */
export const kit = join(root, 'kit');

/** Where the workspace's Cargo.toml and Cargo.lock are. */
export const cargoRoot = isPackage ? kit : root;

/** Where tools that the project installs for itself are kept. Several clones may share one through PALAESTRA_CACHE. */
export const cacheDir = resolve(
  root,
  process.env.PALAESTRA_CACHE ??
    (isPackage ? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'palaestra') : '.cache'),
);

/** Where cargo builds for this machine: beside the project, but for the package, whose own folder is left alone. */
export const nativeTargetDir = resolve(
  isPackage ? process.cwd() : root,
  process.env.CARGO_TARGET_DIR || (isPackage ? join(cacheDir, 'target') : 'target'),
);

/** Where cargo builds for the browser. Apart from the native builds, because its compiler may be another one. */
export const wasmTargetDir = join(nativeTargetDir, 'wasm');

/** What the browser's code is compiled for. */
export const wasmTriple = 'wasm32-unknown-unknown';

/** Full output of each test suite, kept for reading after a failure. */
export const resultsDir = join(root, 'test-results');
