//! What becomes the Worker's `.wasm` of the family `classic_control`.
palaestra_worker::family!(palaestra_envs::classic_control::make);
