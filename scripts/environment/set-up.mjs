// What the commands of an environment's author need; each is said, with what for, before anything is installed.
import { linker } from '../setup/compiler.mjs';
import { ensure } from '../setup/step.mjs';
import { npmTools } from '../setup/npm-tools.mjs';
import { rustOrRustup } from '../setup/rust.mjs';
import { wasmTarget } from '../setup/wasm-target.mjs';
import { linkCrates, unpackCrates } from './project.mjs';

/** For compiling for this machine. */
export async function setUpCrates(project) {
  await ensure(linker);
  await ensure(rustOrRustup);
  await unpackCrates();
  if (project) await linkCrates(project);
}

/** For building a page; gives the environment for cargo to compile for the browser in. */
export async function setUp(project) {
  await setUpCrates(project);
  await ensure(npmTools);
  return ensure(wasmTarget);
}
