import { readdir } from 'node:fs/promises';
import { root, wasmTargetDir, wasmTriple } from '../lib/paths.mjs';
import { ask, CommandError, run, which } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { hasApt } from './apt.mjs';
import { causeOf, MissingError } from './step.mjs';
import { buildStd, builtStd } from './wasm-std.mjs';

const name = 'wasm target';

/** Whether the compiler on PATH, as it is in a folder, has the browser's standard library in its own sysroot. */
async function inSysroot(cwd) {
  const libdir = await ask(['rustc', '--print', 'target-libdir', '--target', wasmTriple], { cwd });
  const files = libdir ? await readdir(libdir).catch(() => []) : [];
  return files.some((file) => /^libstd-.*\.rlib$/.test(file));
}

async function addWithRustup(cwd, update) {
  if (!which('rustup')) return false;
  const add = ['rustup', 'target', 'add', wasmTriple];
  const outcome = await run(add, { cwd, onLine: update, timeoutMs: 600_000 });
  if (outcome.code === 0 && (await inSysroot(cwd))) return true;
  say('note', name, `rustup could not add it: ${causeOf(outcome)}`);
  return false;
}

const byHand = `run "rustup target add ${wasmTriple}" where rustup can download and start again`;

/**
 * Rust's standard library for the browser; the value is the environment in which cargo and wasm-pack find it.
 *
 * Most machines get it from rustup. Where rustup cannot download, Debian's sources of the same library are compiled once.
 *
 * @param {string} cwd what is compiled from: a folder may name a toolchain of its own
 */
export const wasmTargetIn = (cwd) => ({
  name,
  installing: `Rust's standard library for ${wasmTriple}`,
  async check() {
    const common = { CARGO_TARGET_DIR: wasmTargetDir };
    if (await inSysroot(cwd)) return { note: `${wasmTriple}, in rustc's own sysroot`, value: common };
    const built = await builtStd();
    return built && { note: `${wasmTriple}, built here for ${built.version}`, value: { ...common, ...built.env } };
  },
  async install(update) {
    if (await addWithRustup(cwd, update)) return;
    if (!hasApt()) throw new MissingError(name, byHand);
    try {
      await buildStd(name, update);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new MissingError(name, `${byHand}; building it from Debian's packages failed too: ${causeOf(error)}`);
    }
  },
});

/** The same for this project. */
export const wasmTarget = wasmTargetIn(root);
