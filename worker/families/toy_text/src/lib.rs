//! What becomes the Worker's `.wasm` of the family `toy_text`.
palaestra_worker::family!(palaestra_envs::toy_text::make);
