//! What becomes the Worker's `.wasm` of the family `minigrid`.
palaestra_worker::family!(palaestra_envs::minigrid::make);
