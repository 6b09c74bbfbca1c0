//! What becomes the Worker's `.wasm` of the family `cogrid`.
palaestra_worker::family!(palaestra_envs::cogrid::make);
