//! What becomes the Worker's `.wasm` of the family `overcooked_ai`.
palaestra_worker::family!(palaestra_envs::overcooked::make);
