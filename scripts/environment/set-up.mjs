// What the commands of an environment's author need; each is said, with what for, before anything is installed.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { cacheDir, isPackage, nativeTargetDir } from '../lib/paths.mjs';
import { linker } from '../setup/compiler.mjs';
import { ensure } from '../setup/step.mjs';
import { npmTools } from '../setup/npm-tools.mjs';
import { rustOrRustup } from '../setup/rust.mjs';
import { wasmTargetIn } from '../setup/wasm-target.mjs';
import { linkCrates, unpackCrates } from './project.mjs';

/** Where cargo will be called, as far as it is there: below a project with a rust-toolchain.toml rustup takes that for it. */
const compilingIn = (folder = nativeTargetDir) => (existsSync(folder) ? folder : compilingIn(dirname(folder)));

/** For compiling for this machine. */
export async function setUpCrates(project) {
  await ensure(linker);
  await ensure(rustOrRustup(compilingIn()));
  await unpackCrates();
  if (project) await linkCrates(project);
}

/** For building a page; gives the environment for cargo to compile for the browser in. */
export async function setUp(project) {
  await setUpCrates(project);
  await ensure(npmTools);
  // The package's post-processor is built in the cache, where another toolchain may be the one that counts.
  if (isPackage) await ensure(rustOrRustup(compilingIn(cacheDir)));
  return ensure(wasmTargetIn(compilingIn()));
}
