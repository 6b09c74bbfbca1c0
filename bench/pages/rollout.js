// The environments' own benchmark (crates/envs/benches/steps/wasm.rs) in a Worker: the same actions as the native build's, and
// nothing but the environment.
let exports;

self.onmessage = ({ data: { module, id, steps, times } }) => {
  if (module) {
    exports = new WebAssembly.Instance(module).exports;
    const name = new TextEncoder().encode(id);
    const address = exports.room(name.length);
    new Uint8Array(exports.memory.buffer, address, name.length).set(name);
    self.postMessage({ loaded: exports.load(steps) });
    return;
  }
  const began = performance.now();
  const played = exports.play(steps, times);
  const seconds = (performance.now() - began) / 1000;
  const earned = BigInt.asUintN(64, exports.earned()).toString(16).padStart(16, '0');
  self.postMessage({ seconds, steps: played, earned });
};
