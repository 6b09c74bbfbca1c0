//! What becomes the Worker's `.wasm` of the family `slime_volley`.
palaestra_worker::family!(palaestra_envs::slime_volley::make);
