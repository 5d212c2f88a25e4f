//! Where the lines of each frame are.
//!
//! Memory: 16 bytes a frame where the file is sorted by frame, and 8 bytes a line more where it
//! is not (ground truth sorted by id, detections in random order).

use super::{Source, line};
use std::ops::ControlFlow;

/// An index from frame number to the places of its lines.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    places: Places,
    lines: u64,
    complete: bool,
}

/// The lines of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// In a sorted file the offset of the frame's first line, else its first place in `Scattered`.
    start: u64,
    frame: u32,
    lines: u32,
}

#[derive(Clone, Debug)]
enum Places {
    /// The lines of a frame stand together; the last frame's end here.
    Sorted { end: u64 },
    /// The offset of every line, grouped by frame, in file order within one.
    Scattered(Vec<u64>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Sorted { end: 0 }
    }
}

/// Hears how indexing goes.
pub trait Observer {
    /// Called every few megabytes; `Break` ends the work.
    fn progress(&mut self, done: u64, total: u64) -> ControlFlow<()>;

    /// The frames known so far, as long as the file looks sorted. Called ever more seldom, so
    /// that the copies cost no more than the index itself.
    fn partial(&mut self, index: Index);

    /// The file has turned out not to be sorted by frame: what was handed out so far are whole
    /// frames no more.
    fn unsorted(&mut self) {}
}

/// Watches nothing and never cancels.
impl Observer for () {
    fn progress(&mut self, _done: u64, _total: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn partial(&mut self, _index: Index) {}
}

/// Bytes between two calls of [`Observer::progress`].
const STRIDE: usize = 4 << 20;
/// Bytes before the first [`Observer::partial`]; then each time that as much again was read.
const FIRST_PARTIAL: usize = 256 << 10;

impl Index {
    /// Reads the first column of every line.
    ///
    /// `None` where the observer broke off.
    pub fn build(source: &Source, observer: &mut impl Observer) -> Option<Self> {
        match sorted(source, observer)? {
            Scan::Sorted(index) => Some(index),
            Scan::Unsorted => {
                observer.unsorted();
                scattered(source, observer)
            }
        }
    }

    /// Frames that have a line.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.entries.len()
    }

    /// Lines whose frame number can be read.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether the whole file is in it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the lines of each frame stand together, in the order of the frames.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        matches!(self.places, Places::Sorted { .. })
    }

    /// The frames and how many lines each has, ascending.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        self.entries.iter().map(|entry| (entry.frame, entry.lines))
    }

    /// Lines of `frame`; 0 where it is absent.
    #[must_use]
    pub fn lines_of(&self, frame: u32) -> u32 {
        self.position(frame).map_or(0, |at| self.entries[at].lines)
    }

    /// First and last frame.
    #[must_use]
    pub fn range(&self) -> Option<(u32, u32)> {
        Some((self.entries.first()?.frame, self.entries.last()?.frame))
    }

    /// Bytes that the index takes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let places = match &self.places {
            Places::Sorted { .. } => 0,
            Places::Scattered(offsets) => offsets.capacity() * size_of::<u64>(),
        };
        (self.entries.capacity() * size_of::<Entry>() + places) as u64
    }

    /// Calls `each` with every line of `frame` and its offset, in file order.
    pub fn for_each_line<'s>(
        &self,
        source: &'s Source,
        frame: u32,
        mut each: impl FnMut(usize, &'s [u8]),
    ) {
        let Some(at) = self.position(frame) else { return };
        let entry = self.entries[at];
        let start = entry.start as usize;
        match &self.places {
            Places::Sorted { end } => {
                let end = self.entries.get(at + 1).map_or(*end, |next| next.start);
                source.lines(start, end as usize).for_each(|(offset, line)| each(offset, line));
            }
            Places::Scattered(offsets) => {
                for offset in &offsets[start..start + entry.lines as usize] {
                    each(*offset as usize, source.line_at(*offset as usize).0);
                }
            }
        }
    }

    fn position(&self, frame: u32) -> Option<usize> {
        self.entries.binary_search_by_key(&frame, |entry| entry.frame).ok()
    }
}

enum Scan {
    Sorted(Index),
    Unsorted,
}

/// Calls the observer as the work goes on.
struct Pace {
    total: u64,
    next: usize,
}

impl Pace {
    fn new(source: &Source) -> Self {
        Self { total: source.bytes().len() as u64, next: STRIDE }
    }

    fn report(&mut self, offset: usize, observer: &mut impl Observer) -> Option<()> {
        if offset >= self.next {
            self.next = offset + STRIDE;
            if observer.progress(offset as u64, self.total).is_break() {
                return None;
            }
        }
        Some(())
    }
}

/// One pass over a file that is taken to be sorted, until it proves not to be.
fn sorted(source: &Source, observer: &mut impl Observer) -> Option<Scan> {
    let end = source.bytes().len();
    let mut entries: Vec<Entry> = Vec::new();
    let mut lines = 0;
    let mut pace = Pace::new(source);
    let mut next_partial = FIRST_PARTIAL;
    for (offset, line) in source.lines(source.start(), end) {
        pace.report(offset, observer)?;
        let Some(frame) = frame_of(line) else { continue };
        lines += 1;
        match entries.last_mut() {
            Some(last) if last.frame == frame => last.lines += 1,
            Some(last) if last.frame > frame => return Some(Scan::Unsorted),
            _ => {
                if offset >= next_partial {
                    next_partial = offset * 2;
                    observer.partial(part(&entries, lines - 1, offset));
                }
                entries.push(Entry { start: offset as u64, frame, lines: 1 });
            }
        }
    }
    entries.shrink_to_fit();
    let places = Places::Sorted { end: end as u64 };
    Some(Scan::Sorted(Index { entries, places, lines, complete: true }))
}

fn part(entries: &[Entry], lines: u64, end: usize) -> Index {
    let places = Places::Sorted { end: end as u64 };
    Index { entries: entries.to_vec(), places, lines, complete: false }
}

/// Two passes over a file in any order: count the lines of each frame, then place them.
fn scattered(source: &Source, observer: &mut impl Observer) -> Option<Index> {
    let end = source.bytes().len();
    let mut counts = std::collections::HashMap::<u32, u32>::new();
    let mut pace = Pace::new(source);
    // Neighbouring lines often share their frame; a look-up a run is cheaper than one a line.
    let mut run: (u32, u32) = (0, 0);
    for (offset, line) in source.lines(source.start(), end) {
        pace.report(offset / 2, observer)?;
        let Some(frame) = frame_of(line) else { continue };
        if run.0 != frame {
            if run.1 > 0 {
                *counts.entry(run.0).or_default() += run.1;
            }
            run = (frame, 0);
        }
        run.1 += 1;
    }
    if run.1 > 0 {
        *counts.entry(run.0).or_default() += run.1;
    }
    let mut entries: Vec<Entry> = counts
        .iter()
        .map(|(frame, lines)| Entry { start: 0, frame: *frame, lines: *lines })
        .collect();
    entries.sort_unstable_by_key(|entry| entry.frame);
    entries.shrink_to_fit();
    let mut total = 0;
    for entry in &mut entries {
        entry.start = total;
        total += u64::from(entry.lines);
    }
    // From here on the map says where the next line of a frame goes.
    let mut next: std::collections::HashMap<u32, u64> =
        entries.iter().map(|entry| (entry.frame, entry.start)).collect();
    let mut offsets = vec![0; total as usize];
    let mut pace = Pace::new(source);
    for (offset, line) in source.lines(source.start(), end) {
        pace.report(usize::midpoint(end, offset), observer)?;
        let place = frame_of(line).and_then(|frame| next.get_mut(&frame));
        if let Some(place) = place
            && let Some(slot) = offsets.get_mut(*place as usize)
        {
            *slot = offset as u64;
            *place += 1;
        }
    }
    Some(Index { entries, places: Places::Scattered(offsets), lines: total, complete: true })
}

fn frame_of(line: &[u8]) -> Option<u32> {
    // A comment or a blank line has no frame number either; no need to tell them apart.
    line::parse_frame(line).ok()
}
