//! Any text as `seqinfo.ini`: numbers are what they can be, or left out with a warning.
#![no_main]

use libfuzzer_sys::fuzz_target;
use motscope::layout::SeqInfo;

fuzz_target!(|text: &str| {
    let info = SeqInfo::parse(text);
    assert!(info.frame_rate.is_none_or(|rate| rate.is_finite() && rate > 0.0));
    assert!([info.length, info.width, info.height].iter().all(|n| n.is_none_or(|n| n > 0)));
});
