//! What the targets have in common.

use motscope::{formats::{mot::{Columns, MotProvider, MotFile, check}, lines::Index}, model::Detection};
use std::{collections::BTreeMap, sync::Arc};

/// Ways to read columns, from the usual one to some that share nothing with it.
const COLUMNS: [&str; 6] = [
    "frame,id,left,top,width,height,...",
    "frame,id,left,top,right,bottom,...",
    "id,frame,cx,cy,width,height,confidence,class",
    "left,top,width,height,_,frame,visibility",
    "frame,_,class,confidence,left,top,right,bottom",
    "class,cx,cy,width,height,id,confidence,frame,x,y,z",
];

/// The columns that a byte stands for; `None` says that the file itself tells.
#[must_use]
pub fn columns(choice: u8) -> Option<Columns> {
    let text = COLUMNS.get(usize::from(choice) % (COLUMNS.len() + 1))?;
    // Not all of these names need be known.
    text.parse().ok()
}

/// Whether two boxes are the same to the bit, as numbers that came out of one text must be.
#[must_use]
pub fn same_box(one: &Detection, other: &Detection) -> bool {
    let numbers = |d: &Detection| [d.left, d.top, d.width, d.height].map(f64::to_bits);
    let optional = |d: &Detection| [d.confidence, d.visibility].map(|n| n.map(f64::to_bits));
    one.id == other.id
        && one.class == other.class
        && numbers(one) == numbers(other)
        && optional(one) == optional(other)
        && one.world.place().map(|w| w.map(f64::to_bits))
            == other.world.place().map(|w| w.map(f64::to_bits))
}

/// Holds index, provider and check of a file against its lines, read one by one by the thorough reader.
///
/// # Panics
/// Where they differ.
pub fn hold(bytes: &[u8], source: MotFile) {
    let source = Arc::new(source);
    let index = Arc::new(Index::build(&source, &mut ()).expect("nothing cancels it"));
    let findings = check(&source, &index, &mut ()).expect("nothing cancels it");
    let text = &bytes[(source.start() as usize).min(bytes.len())..];
    let reading = source.reading();
    let has_names = reading.classes.origin().is_some();
    let mut expected: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for line in text.split(|byte| *byte == source.terminator()) {
        if let Ok((frame, detection, _)) = source.parse_line(line) {
            // Names of classes have numbers of the file's own.
            if !has_names && let Ok((of, thorough, _)) = reading.columns.parse_line(line) {
                let thorough = Detection { class: detection.class, ..thorough };
                assert_eq!(frame, of);
                assert!(same_box(&detection, &thorough), "{detection:?} is not {thorough:?}");
            }
            expected.entry(frame).or_default().push(detection);
        }
    }
    let total: usize = expected.values().map(Vec::len).sum();
    assert_eq!(findings.detections, total as u64);
    let provider = MotProvider::new(Arc::clone(&source), Arc::clone(&index));
    for (frame, boxes) in &expected {
        let loaded = provider.load_frame(*frame).expect("memory can be read");
        assert_eq!(loaded.detections.len(), boxes.len(), "frame {frame}");
        for (one, other) in loaded.detections.iter().zip(boxes) {
            assert!(same_box(one, other), "frame {frame}: {one:?} is not {other:?}");
        }
    }
    for (frame, lines) in index.iter() {
        let loaded = provider.load_frame(frame).expect("memory can be read");
        assert!(loaded.detections.len() + loaded.unreadable as usize <= lines as usize);
    }
}
