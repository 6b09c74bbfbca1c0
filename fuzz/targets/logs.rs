//! See [`palaestra_fuzz::logs`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::logs::run(bytes));
