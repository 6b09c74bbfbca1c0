//! See [`palaestra_fuzz::packets`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::packets::run(bytes));
