//! Where the parts of a JPEG lie, and whether they can be parts of a whole one.

use super::{Doubt, Watch};
use std::{borrow::Cow, ops::Range};

/// The parts of a JPEG, by the markers between them.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// What is drawn.
    pub scans: Vec<Range<usize>>,
    /// Where the end is marked, after what is drawn. A thumbnail before that has a mark of its own.
    pub end: Option<usize>,
    /// Colours, or inks, of each pixel.
    pub components: u8,
    /// Whether Adobe's mark is there.
    pub adobe: bool,
    /// Whether all of it is drawn at once, from the top to the bottom.
    at_once: bool,
    /// How fine it is by now, where it is drawn in steps.
    steps: Option<Steps>,
    /// What cannot be in a whole one.
    odd: Option<&'static str>,
}

/// A picture that is drawn in ever finer steps: how many of the last bits are missing of each of the 64 frequencies
/// of each component; 255 of those that were not drawn at all.
#[derive(Debug)]
struct Steps {
    /// The number of each component, and what is missing of it.
    components: Vec<(u8, [u8; 64])>,
}

impl Steps {
    /// Not drawn at all.
    const NOTHING: u8 = 255;

    /// By the header of a frame.
    fn of(frame: &[u8]) -> Self {
        let components = frame.get(6..).unwrap_or_default().chunks_exact(3);
        Self { components: components.map(|one| (one[0], [Self::NOTHING; 64])).collect() }
    }

    /// Takes in the header of a scan.
    fn draw(&mut self, scan: &[u8]) {
        let Some((count, rest)) = scan.split_first() else { return };
        let count = usize::from(*count);
        let (Some(which), Some([first, last, bits])) =
            (rest.get(..2 * count), rest.get(2 * count..2 * count + 3))
        else {
            return;
        };
        let range = usize::from(*first)..=usize::from(*last).min(63);
        for component in which.chunks_exact(2) {
            let known = self.components.iter_mut().find(|(number, _)| *number == component[0]);
            let missing = known.and_then(|(_, missing)| missing.get_mut(range.clone()));
            missing.into_iter().flatten().for_each(|missing| *missing = bits & 0x0F);
        }
    }

    /// Whether all of it was drawn.
    fn are_whole(&self) -> bool {
        self.components.iter().all(|(_, missing)| missing.iter().all(|bits| *bits == 0))
    }
}

/// Bytes that are put where what is drawn is over, so that a decoder that goes on is seen to do so.
const NOTHING_THERE: usize = 64;
/// Bytes that a decoder reads ahead, at most.
const AHEAD: usize = 16;

impl Layout {
    pub fn of(bytes: &[u8]) -> Self {
        let mut layout = Self::default();
        layout.walk(bytes);
        layout
    }

    fn walk(&mut self, bytes: &[u8]) {
        const START_OF_SCAN: u8 = 0xDA;
        const END: u8 = 0xD9;
        let (mut at, mut restarts) = (2, 0);
        let (mut baseline, mut drawing) = (false, None);
        // Between the markers there is what is drawn, or nothing.
        while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(0xFF, rest)) {
            let start = at + next;
            // Any number of them may stand before a marker.
            let fill = bytes[start..].iter().take_while(|byte| **byte == 0xFF).count();
            at = start + fill;
            let Some(marker) = bytes.get(at) else { break };
            match *marker {
                // No markers.
                0x00 | 0x01 | 0xD8 => at += 1,
                0xD0..=0xD7 => {
                    if drawing.is_some() {
                        if *marker != 0xD0 + restarts % 8 {
                            self.odd.get_or_insert("its restart markers are out of order");
                        }
                        restarts = (*marker - 0xD0 + 1) % 8;
                    }
                    at += 1;
                }
                other => {
                    if let Some(first) = drawing.take() {
                        self.scans.push(first..start);
                        // The height may follow.
                        if self.at_once && !matches!(other, END | 0xDC) {
                            self.odd.get_or_insert("a marker stands where none belongs");
                        }
                    }
                    if other == END {
                        if !self.scans.is_empty() {
                            self.end = Some(start);
                        }
                        if self.steps.as_ref().is_some_and(|steps| !steps.are_whole()) {
                            self.odd
                                .get_or_insert("its last scans are missing, so that it is coarse");
                        }
                        return;
                    }
                    let Some([high, low]) = bytes.get(at + 1..at + 3) else { return };
                    let length = usize::from(u16::from_be_bytes([*high, *low]));
                    let body = bytes.get(at + 3..at + 1 + length).unwrap_or_default();
                    match other {
                        0xEE => self.adobe |= body.starts_with(b"Adobe"),
                        0xC0..=0xC3 if self.scans.is_empty() => {
                            baseline = other < 0xC2;
                            self.components = body.get(5).copied().unwrap_or(0);
                            self.steps = (other == 0xC2).then(|| Steps::of(body));
                        }
                        START_OF_SCAN => {
                            let all = body.first() == Some(&self.components);
                            self.at_once = baseline && all && self.scans.is_empty();
                            self.steps.iter_mut().for_each(|steps| steps.draw(body));
                            (drawing, restarts) = (Some(at + 1 + length), 0);
                        }
                        _ => {}
                    }
                    at += 1 + length;
                }
            }
        }
        if let Some(first) = drawing {
            self.scans.push(first..bytes.len().max(first));
        }
    }

    /// The file, with nothing more to be drawn after what is drawn.
    pub fn followed_by_nothing<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        match self.end {
            Some(end) if self.at_once => {
                let mut followed = Vec::with_capacity(end + NOTHING_THERE + 2);
                followed.extend_from_slice(&bytes[..end]);
                followed.resize(end + NOTHING_THERE, 0);
                followed.extend_from_slice(&[0xFF, 0xD9]);
                followed.into()
            }
            _ => bytes.into(),
        }
    }

    /// What is to be doubted in a picture that was decoded from [`Self::followed_by_nothing`] without an error.
    pub fn doubt(&self, watch: &Watch) -> Option<Doubt> {
        let Some(end) = self.end else { return Some(Doubt::Cut) };
        if self.at_once && watch.furthest() > end + AHEAD {
            return Some(Doubt::Short);
        }
        let surplus = watch.has_surplus().then_some("more is drawn than it has rows");
        self.odd.or(surplus).map(|reason| Doubt::Within(reason.to_owned()))
    }
}
