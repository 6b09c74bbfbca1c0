//! The build script of every module that plays a family. The module states its memory's maximum: a step that allocates without
//! end fails with its own error at 64 MiB, long before it harms the participant's machine. And the linker says what refers to what, by
//! which parts are split off (`crates/bindgen/src/links.rs`).
fn main() {
    // Its own path is told nowhere, and it depends on nothing else.
    println!("cargo:rerun-if-changed=Cargo.toml");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-link-arg-cdylib=--max-memory={}", 64 * 1024 * 1024);
        println!("cargo:rustc-link-arg-cdylib=--emit-relocs");
    }
}
