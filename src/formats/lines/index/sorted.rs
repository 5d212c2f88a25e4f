//! Indexing on the assumption that the file is sorted by frame, until it proves not to be.
//!
//! The file is cut into chunks; a chunk's lines are those that begin in it. Threads take chunks in
//! turn, and one thread puts what they found together in the order of the file.

use super::{Entry, Index, Observer, Places, threads};
use crate::{
    formats::lines::{LineParser, TextFile},
    storage::Mapping,
};
use crossbeam_channel::{Receiver, bounded};
use std::{
    collections::BTreeMap,
    io,
    ops::{ControlFlow, Range},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
};

/// Bytes of a chunk.
const CHUNK: u64 = 1 << 20;
/// Chunks that may wait to be put together.
const WAITING: usize = 8;
/// Bytes before the first [`Observer::partial`]; then each time that as much again was read.
const FIRST_PARTIAL: u64 = 256 << 10;
/// Bytes between two calls of [`Observer::progress`].
const STRIDE: u64 = 4 << 20;
/// Files up to this are mapped, whatever their frames are like.
const SMALL_FILE: u64 = 16 << 20;
/// Bytes of a frame up to which asking the system for it costs more than reading it. Files of larger
/// frames are read by position: a mapping counts as memory of the program with everybody who looks.
const SMALL_FRAME: u64 = 2 << 10;

/// What one thread found in one chunk: its frames, or `None` where they are not in order.
type Found = (u64, Option<(Vec<Entry>, u64)>);

/// How it went.
pub(super) enum Outcome {
    Sorted(Index),
    /// The lines are not in the order of their frames.
    Unsorted,
    /// The observer broke off.
    Cancelled,
}

/// Adds what is in a range to an index of what comes before.
pub(super) fn extend(
    parser: impl LineParser,
    file: &TextFile,
    known: Index,
    range: Range<u64>,
    observer: &mut impl Observer,
) -> Outcome {
    let Range { start: from, end: to } = range;
    let next = AtomicU64::new(0);
    let chunks = to.saturating_sub(from).div_ceil(CHUNK);
    thread::scope(|scope| {
        let (found, results) = bounded(WAITING);
        for _ in 0..threads(to.saturating_sub(from)) {
            let found = found.clone();
            let next = &next;
            scope.spawn(move || {
                let mut buffer = Vec::new();
                loop {
                    let number = next.fetch_add(1, Relaxed);
                    if number >= chunks {
                        return;
                    }
                    let begin = from + number * CHUNK;
                    let chunk = begin..(begin + CHUNK).min(to);
                    let chunk = scan(parser, file, from, chunk, &mut buffer);
                    // Nobody listens any more once the work was broken off.
                    if found.send((number, chunk)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(found);
        let join = Join { index: known, from, to, last: None, next_partial: FIRST_PARTIAL };
        join.run(file, results, observer)
    })
}

/// Puts chunks together.
struct Join {
    index: Index,
    from: u64,
    to: u64,
    /// The highest frame before what is added.
    last: Option<u32>,
    next_partial: u64,
}

impl Join {
    fn run(
        mut self,
        file: &TextFile,
        results: Receiver<Found>,
        observer: &mut impl Observer,
    ) -> Outcome {
        self.last = self.index.entries.last().map(|entry| entry.frame);
        let mut early = BTreeMap::new();
        let (mut expected, mut told) = (0, self.from);
        for (number, chunk) in results {
            early.insert(number, chunk);
            while let Some(chunk) = early.remove(&expected) {
                let Some((entries, lines)) = chunk else { return Outcome::Unsorted };
                expected += 1;
                let end = (self.from + expected * CHUNK).min(self.to);
                if !self.append(entries, lines) {
                    return Outcome::Unsorted;
                }
                self.tell_partial(end, observer);
                if end >= told + STRIDE {
                    told = end;
                    if observer.progress(end, self.to).is_break() {
                        return Outcome::Cancelled;
                    }
                }
            }
        }
        self.index.entries.shrink_to_fit();
        let mapping = self.mapping(file);
        self.index.places = Places::Sorted { end: self.to, mapping: mapping.map(Arc::new) };
        self.index.complete = true;
        Outcome::Sorted(self.index)
    }

    /// The file mapped, where that is worth it.
    fn mapping(&self, file: &TextFile) -> Option<Mapping> {
        let frames = self.index.entries.len() as u64;
        let small_frames = self.to.checked_div(frames).is_some_and(|mean| mean <= SMALL_FRAME);
        // What grows would have to be mapped again and again.
        let is_new = self.from == file.start();
        let small = self.to <= SMALL_FILE;
        let worth_it = is_new && small_frames && self.to <= Mapping::LARGEST_PRESENT;
        let mapping = (small || worth_it).then(|| file.storage().map(self.to)).flatten()?;
        if small {
            // Now, as nobody waits for it here, and it takes no time.
            mapping.make_present();
        }
        Some(mapping)
    }

    /// Answers whether the order holds.
    fn append(&mut self, entries: Vec<Entry>, lines: u64) -> bool {
        self.index.lines += lines;
        let mut entries = entries.into_iter().peekable();
        let Some(first) = entries.peek() else { return true };
        if let Some(last) = self.index.entries.last_mut() {
            if last.frame > first.frame {
                return false;
            }
            if last.frame == first.frame {
                last.lines += first.lines;
                entries.next();
            }
        }
        self.index.entries.extend(entries);
        true
    }

    /// Hands out the frames that are whole: all but the last.
    fn tell_partial(&mut self, end: u64, observer: &mut impl Observer) {
        let read = end - self.from;
        if read < self.next_partial || end == self.to {
            return;
        }
        self.next_partial = read * 2;
        if let Some((last, whole)) = self.index.entries.split_last()
            && !whole.is_empty()
        {
            observer.partial(Index {
                entries: whole.to_vec(),
                places: Places::Sorted { end: last.start, mapping: None },
                lines: self.index.lines - u64::from(last.lines),
                complete: false,
            });
        }
    }
}

/// The frames whose lines begin in a range, and how many lines they have.
fn scan(
    parser: impl LineParser,
    file: &TextFile,
    from: u64,
    range: Range<u64>,
    buffer: &mut Vec<u8>,
) -> Option<(Vec<Entry>, u64)> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut lines = 0;
    let mut in_order = true;
    let read = lines_in(file, from, range.start, range.end, buffer, |offset, line| {
        let Some(frame) = parser.frame_of(line) else { return ControlFlow::Continue(()) };
        lines += 1;
        match entries.last_mut() {
            Some(last) if last.frame == frame => last.lines += 1,
            Some(last) if last.frame > frame => {
                in_order = false;
                return ControlFlow::Break(());
            }
            _ => entries.push(Entry { start: offset, frame, lines: 1 }),
        }
        ControlFlow::Continue(())
    });
    // What can't be read counts as not there.
    drop(read);
    in_order.then_some((entries, lines))
}

/// Calls `each` with the lines that begin in `begin..end`. A line is known to begin at `from`.
///
/// # Errors
/// The operating system's; the lines before were handed out.
pub(super) fn lines_in(
    file: &TextFile,
    from: u64,
    begin: u64,
    end: u64,
    buffer: &mut Vec<u8>,
    mut each: impl FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> io::Result<()> {
    // From the byte before on: what ends there is the line before, which is not of this chunk.
    let inside = begin > from;
    let mut passed = !inside;
    file.for_each_line(begin - u64::from(inside), end, buffer, |offset, line| {
        if passed {
            return each(offset, line);
        }
        passed = true;
        ControlFlow::Continue(())
    })
}
