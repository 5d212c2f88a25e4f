//! Any line of a decoder's log.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    motscope::media::read_showinfo(line);
    // As the decoder writes it, with anything behind it.
    let known = format!(
        "[Parsed_showinfo_1 @ 0x1] [info] n:   3 pts:   1200 s:768x576 i:P iskey:1 type:I {line}"
    );
    assert_eq!(motscope::media::read_showinfo(&known), Some(([768, 576], Some(1200), true)));
});
