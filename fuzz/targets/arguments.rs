//! See [`palaestra_fuzz::arguments`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::arguments::run(bytes));
