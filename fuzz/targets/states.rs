//! See [`palaestra_fuzz::states`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| palaestra_fuzz::states::run(bytes));
