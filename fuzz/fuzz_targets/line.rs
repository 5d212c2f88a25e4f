//! One line of text: the quick reader and the thorough one say the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use motscope::formats::mot::{Columns, parse_frame, parse_line};
use motscope_fuzz::same_box;

fuzz_target!(|line: &[u8]| {
    // The sources split lines at line feeds before either reader sees them.
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let (quick, thorough) = (parse_line(line), Columns::USUAL.parse_line(line));
    match (&quick, &thorough) {
        (Ok((frame, detection, columns)), Ok((of, expected, count))) => {
            assert_eq!((frame, columns), (of, count));
            assert!(same_box(detection, expected), "{detection:?} is not {expected:?}");
            assert_eq!(parse_frame(line).ok(), Some(*frame));
        }
        (Err(error), Err(expected)) => assert_eq!(error, expected),
        _ => panic!("{quick:?} is not {thorough:?}"),
    }
});
