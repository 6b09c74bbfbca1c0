//! What becomes the Worker's `.wasm` of the family `box2d`.
palaestra_worker::family!(palaestra_envs::box2d::make);
