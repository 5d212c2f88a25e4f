//! Reading the lines of one frame: the quick way, and with care where that does not do.

use super::{LineParser, index::Block};
use crate::model::Detection;

/// Reads the lines of one frame that stand together: the quick way where they are plain, which also
/// finds where they end. Calls `other` with each line that has to be looked at closely.
pub(in crate::formats) fn block<P: LineParser>(
    parser: P,
    block: Block<'_>,
    terminator: u8,
    frame: u32,
    detections: &mut Vec<Detection>,
    mut other: impl FnMut(&[u8], &mut Vec<Detection>),
) {
    let Block { text, end } = block;
    let wanted = parser.wanted(frame);
    let quick = terminator == b'\n';
    let mut at = 0;
    while at < end {
        let read = quick.then(|| parser.quick(text, at, wanted)).flatten();
        if let Some((detection, next)) = read {
            detections.push(detection);
            at = next;
        } else {
            let rest = &text[at..end];
            let length = memchr::memchr(terminator, rest).unwrap_or(rest.len());
            other(&rest[..length], detections);
            at += length + 1;
        }
    }
}

/// Reads the line that `text` begins with, as [`block`] does. `whole` says that the text is the
/// line alone; otherwise it is no line as long as it has no end, and `false` is returned.
#[inline]
pub(super) fn first<P: LineParser>(
    parser: P,
    text: &[u8],
    whole: bool,
    terminator: u8,
    frame: P::Wanted,
    detections: &mut Vec<Detection>,
    other: impl FnOnce(&[u8], &mut Vec<Detection>),
) -> bool {
    if let Some((detection, next)) = parser.quick(text, 0, frame)
        && if whole {
            next >= text.len()
        } else {
            terminator == b'\n' && text.get(next - 1) == Some(&terminator)
        }
    {
        detections.push(detection);
        return true;
    }
    let end = memchr::memchr(terminator, text).or(whole.then_some(text.len()));
    // Zeros come where a mapped file was cut within a page: then it has to be read by position.
    let end = end.filter(|end| whole || memchr::memchr(0, &text[..*end]).is_none());
    end.map(|end| other(&text[..end], detections)).is_some()
}
