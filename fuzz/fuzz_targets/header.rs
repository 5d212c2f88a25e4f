//! A header over lines of numbers: it is followed or refused, and each frame's boxes are those of its lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use motscope::formats::mot::MotFile;
use motscope_fuzz::hold;

/// Names that mean something in one spelling or another.
const NAMES: [&str; 32] = [
    "frame", "frame_id", "id", "track_id", "x", "y", "w", "h", "left", "top", "width", "height", "x1", "y1",
    "x2", "y2", "x_min", "y_max", "cx", "cy", "x_center", "y_center", "confidence", "score", "class", "label",
    "visibility", "", "right", "bottom", "note", "time",
];

fuzz_target!(|input: (Vec<u8>, Vec<Vec<u8>>, String)| {
    let (names, rows, more) = input;
    let names: Vec<&str> =
        names.iter().take(20).map(|at| NAMES[usize::from(*at) % NAMES.len()]).collect();
    let mut text = names.join(",") + &more + "\n";
    for row in rows.iter().take(20) {
        let numbers: Vec<String> = row.iter().take(20).map(u8::to_string).collect();
        text += &numbers.join(",");
        text.push('\n');
    }
    let bytes = text.into_bytes();
    let Ok(source) = MotFile::from_memory("fuzz.csv", bytes.clone()) else { return };
    match source.recognised(None) {
        Ok(source) => {
            source.reading().notes();
            hold(&bytes, source);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
