import { chromium } from './chromium.mjs';
import { wasmBindgenRunner, wasmPack } from './cargo-tool.mjs';
import { nodeModules } from './node-modules.mjs';
import { rust } from './rust.mjs';
import { ensure } from './step.mjs';
import { wasmTarget } from './wasm-target.mjs';

/** Makes sure of something once, however often it is asked for. */
const once = (body) => {
  let outcome;
  return () => (outcome ??= body());
};

/** What everything needs. */
export const setUpRust = once(() => ensure(rust));

/** What building the site needs; gives the environment for cargo to compile for the browser in. */
export const setUpForBuild = once(async () => {
  await setUpRust();
  return ensure(wasmTarget);
});

/** The npm packages that the tests use. */
export const setUpNodeModules = once(() => ensure(nodeModules));

/** What driving a browser needs. */
export async function setUpForBrowser() {
  await setUpNodeModules();
  return ensure(chromium);
}

/** What testing Rust crates in a browser needs beyond building them. */
export async function setUpForWasmPack() {
  return {
    ...(await ensure(chromium)),
    runner: await ensure(wasmBindgenRunner),
    wasmPack: await ensure(wasmPack),
  };
}
