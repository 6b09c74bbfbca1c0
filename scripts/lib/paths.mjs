import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where tools that the project installs for itself are kept. Several clones may share one through PALAESTRA_CACHE. */
export const cacheDir = resolve(root, process.env.PALAESTRA_CACHE ?? '.cache');

/** Where cargo builds for this machine. */
export const nativeTargetDir = resolve(root, process.env.CARGO_TARGET_DIR || 'target');

/** Where cargo builds for the browser. Apart from the native builds, because its compiler may be another one. */
export const wasmTargetDir = join(nativeTargetDir, 'wasm');

/** What the browser's code is compiled for. */
export const wasmTriple = 'wasm32-unknown-unknown';

/** Full output of each test suite, kept for reading after a failure. */
export const resultsDir = join(root, 'test-results');
