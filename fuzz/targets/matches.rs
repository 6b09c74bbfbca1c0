//! See [`palaestra_fuzz::matches`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::matches::run(bytes));
