//! See [`palaestra_fuzz::records`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::records::run(bytes));
