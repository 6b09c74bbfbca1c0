//! See [`palaestra_fuzz::models`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::models::run(bytes));
