//! The build script of the page's module and of the one that writes tables: the linker says what refers to what, by which parts are split off
//! (`crates/bindgen/src/links.rs`).
fn main() {
    // Its own path is told nowhere, and it depends on nothing else.
    println!("cargo:rerun-if-changed=Cargo.toml");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-link-arg-cdylib=--emit-relocs");
    }
}
