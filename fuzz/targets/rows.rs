//! See [`palaestra_fuzz::rows`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::rows::run(bytes));
