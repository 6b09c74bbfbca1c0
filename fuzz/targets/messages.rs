//! See [`palaestra_fuzz::messages`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::messages::run(bytes));
