//! A whole file through index, provider and check, with columns as the first byte has it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use motscope::formats::mot::MotFile;
use motscope_fuzz::{columns, hold};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let Ok(source) = MotFile::from_memory("fuzz.txt", bytes.to_vec()) else { return };
    match columns(*choice) {
        Some(columns) => hold(bytes, source.with_columns(columns)),
        None => {
            if let Ok(source) = source.recognised(None) {
                hold(bytes, source);
            }
        }
    }
});
