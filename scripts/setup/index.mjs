import { chromium, chromiumWithDriver, headlessShell } from './chromium.mjs';
import { cargoFuzz, cargoMutants, wasmBindgenRunner, wasmPack } from './cargo-tool.mjs';
import { compiler, linker } from './compiler.mjs';
import { firefox } from './firefox.mjs';
import { nodeModules } from './node-modules.mjs';
import { dataPackages, packagePackages, referencePackages } from './python.mjs';
import { rust } from './rust.mjs';
import { ensure, ensureIfPossible } from './step.mjs';
import { wasmTarget } from './wasm-target.mjs';
import { turnServer } from './turn.mjs';
import { webkit } from './webkit.mjs';

/** Makes sure of something once, however often it is asked for. */
const once = (body) => {
  let outcome;
  return () => (outcome ??= body());
};

/** What everything needs. */
export const setUpRust = once(async () => {
  await ensure(rust);
  // rustup brings none.
  await ensure(linker);
});

/** The npm packages that the build, the server and the tests use. */
export const setUpNodeModules = once(() => ensure(nodeModules));

/** What building the site needs; gives the environment for cargo to compile for the browser in. */
export const setUpForBuild = once(async () => {
  await setUpRust();
  await setUpNodeModules();
  return ensure(wasmTarget);
});

/** What driving a browser needs. */
export async function setUpForBrowser() {
  await setUpNodeModules();
  return ensure(chromium);
}

/** What most of the tests play in; where it cannot be had they play in Chromium as it is, and take longer. */
export const setUpHeadlessShell = once(() => ensureIfPossible(headlessShell, false));

/** The browsers beside Chromium. One that cannot be had on this machine is told of, and its tests are skipped by name. */
export async function setUpOtherBrowsers() {
  for (const step of [firefox, webkit]) await ensureIfPossible(step);
}

/** A TURN server; where it cannot be had, the test that plays through it is skipped by name. */
export const setUpTurnServer = () => ensureIfPossible(turnServer, false);

/** What testing Rust crates in a browser needs beyond building them. */
export async function setUpForWasmPack() {
  return {
    ...(await ensure(chromiumWithDriver)),
    runner: await ensure(wasmBindgenRunner),
    wasmPack: await ensure(wasmPack),
  };
}

/** The Python packages that our environments follow; gives the Python that has them. */
export const setUpReferences = once(() => ensure(referencePackages));

/** What building and testing the Python package needs; gives the Python that has it. */
export const setUpForPython = once(async () => {
  await setUpRust();
  return ensure(packagePackages);
});
/** What researchers read data with; gives the Python that has it. */
export const setUpDataPackages = once(() => ensure(dataPackages));

/** What libFuzzer needs; gives the path of cargo-fuzz. */
export async function setUpForFuzzing() {
  await setUpRust();
  await ensure(compiler);
  return ensure(cargoFuzz);
}

/** What changing the code needs; gives the path of cargo-mutants. */
export async function setUpForMutants() {
  await setUpRust();
  return ensure(cargoMutants);
}
