//! See [`palaestra_fuzz::server`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::server::run(bytes));
