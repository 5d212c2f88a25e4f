//! Where the lines of each frame are.
//!
//! Memory: 16 bytes a frame where the file is sorted by frame, and 8 bytes a line more where it
//! is not (ground truth sorted by id, detections in random order). Building one takes some hundred
//! kilobytes a core besides, and 4 bytes a frame and core where the file is not sorted.

mod block;
mod scattered;
mod sorted;

use super::{LineFormat, LineParser, TextFile, Work};
use crate::storage::Mapping;
pub(in crate::formats) use block::Block;
use memchr::memchr;
use scattered::Scattered;
use sorted::{Outcome, lines_in};
use std::{io, num::NonZero, ops::ControlFlow, sync::Arc, thread};

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
    /// In a sorted file the offset of the frame's first line, else its first place in its group of
    /// `Scattered`.
    start: u64,
    frame: u32,
    lines: u32,
}

#[derive(Clone, Debug)]
enum Places {
    /// The lines of a frame stand together; the last frame's end here. A file that is small, or has
    /// small frames, is mapped.
    Sorted { end: u64, mapping: Option<Arc<Mapping>> },
    /// The offset of every line, grouped by frame, in file order within one; cut into groups of
    /// frames.
    Scattered(Arc<Scattered>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Sorted { end: 0, mapping: None }
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

impl Index {
    /// Reads the frame number of every line, on all cores. Where the file can't be read to its
    /// end, what comes before is indexed.
    ///
    /// `None` where the observer broke off.
    pub fn build(format: &impl LineFormat, observer: &mut impl Observer) -> Option<Self> {
        format.work(Build { file: format.text(), observer })
    }

    fn build_by(
        parser: impl LineParser,
        file: &TextFile,
        observer: &mut impl Observer,
    ) -> Option<Self> {
        let begin = Self::default();
        match sorted::extend(parser, file, begin, file.start()..file.len(), observer) {
            Outcome::Sorted(index) => Some(index),
            Outcome::Cancelled => None,
            Outcome::Unsorted => {
                observer.unsorted();
                scattered::build(parser, file, file.len(), observer)
            }
        }
    }

    /// The index of a file that has grown since this one was built of it, and is now `len` bytes
    /// long. Reads only what is new, as long as the lines stay in the order of their frames.
    ///
    /// `None` where the observer broke off.
    pub fn extended(
        &self,
        format: &impl LineFormat,
        len: u64,
        observer: &mut impl Observer,
    ) -> Option<Self> {
        format.work(Extend { known: self, file: format.text(), len, observer })
    }

    fn extended_by(
        &self,
        parser: impl LineParser,
        file: &TextFile,
        len: u64,
        observer: &mut impl Observer,
    ) -> Option<Self> {
        if let Places::Scattered(_) = self.places {
            // What looked out of order may have been a line that was not written to its end.
            let (begin, quiet) = (Self::default(), &mut Quiet(observer));
            match sorted::extend(parser, file, begin, file.start()..len, quiet) {
                Outcome::Sorted(index) => return Some(index),
                Outcome::Cancelled => return None,
                Outcome::Unsorted => {}
            }
        } else {
            let mut known = self.clone();
            // The last line may have been cut off in its middle.
            let from = known.entries.last().map_or(file.start(), |last| last.start);
            if let Some(last) = known.entries.pop() {
                known.lines -= u64::from(last.lines);
            }
            match sorted::extend(parser, file, known, from..len, observer) {
                Outcome::Sorted(index) => return Some(index),
                Outcome::Cancelled => return None,
                Outcome::Unsorted => {}
            }
            observer.unsorted();
        }
        scattered::build(parser, file, len, observer)
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
    #[inline]
    pub fn lines_of(&self, frame: u32) -> u32 {
        self.position(frame).map_or(0, |at| self.entries[at].lines)
    }

    /// How many frames come before `frame`.
    #[must_use]
    pub fn rank(&self, frame: u32) -> usize {
        self.entries.partition_point(|entry| entry.frame < frame)
    }

    /// The frame with so many before it.
    #[must_use]
    pub fn at_rank(&self, rank: usize) -> Option<u32> {
        self.entries.get(rank).map(|entry| entry.frame)
    }

    /// First and last frame.
    #[must_use]
    pub fn range(&self) -> Option<(u32, u32)> {
        Some((self.entries.first()?.frame, self.entries.last()?.frame))
    }

    /// Prepares for reading frames that are small or scattered, which is quicker from then on. Takes
    /// about 0.1 ms for each megabyte of the file, for the system to map it. Loads of a sorted file go on
    /// meanwhile; those of another would begin with this themselves, and wait for it.
    pub fn make_present(&self) {
        let mapping = match &self.places {
            Places::Sorted { mapping, .. } => mapping.as_deref(),
            Places::Scattered(scattered) => scattered.mapping(),
        };
        mapping.into_iter().for_each(Mapping::make_present);
    }

    /// Bytes that the index takes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let places = match &self.places {
            Places::Sorted { .. } => 0,
            Places::Scattered(scattered) => scattered.memory(),
        };
        (self.entries.capacity() * size_of::<Entry>() + places) as u64
    }

    /// The lines of `frame` as one piece of text in `buffer`, where they stand together and are not
    /// too many for that.
    ///
    /// # Errors
    /// Where the file can't be read any more.
    pub(super) fn block<'b>(
        &self,
        file: &TextFile,
        frame: u32,
        buffer: &'b mut Vec<u8>,
    ) -> io::Result<Option<Block<'b>>> {
        let (Some(at), Places::Sorted { end, mapping }) = (self.position(frame), &self.places)
        else {
            return Ok(None);
        };
        let start = self.entries[at].start;
        let end = self.entries.get(at + 1).map_or(*end, |next| next.start);
        block::read(file, mapping.as_deref(), start..end, buffer)
    }

    /// Calls `each` with every line of `frame`, in file order. `buffer` is worked in and can be
    /// used again.
    ///
    /// # Errors
    /// Where the file can't be read any more; the lines before were handed out.
    pub fn for_each_line(
        &self,
        file: &TextFile,
        frame: u32,
        buffer: &mut Vec<u8>,
        mut each: impl FnMut(&[u8]),
    ) -> io::Result<()> {
        let terminator = file.terminator();
        self.for_each_text(file, frame, buffer, |text, whole| {
            let end = memchr(terminator, text).or(whole.then_some(text.len()));
            end.map(|end| each(&text[..end])).is_some()
        })
    }

    /// As [`Self::for_each_line`], with a text that begins with the line, and whether it is the line
    /// alone, as in [`TextFile::lines_at`].
    pub(super) fn for_each_text(
        &self,
        file: &TextFile,
        frame: u32,
        buffer: &mut Vec<u8>,
        mut each: impl FnMut(&[u8], bool) -> bool,
    ) -> io::Result<()> {
        let Some(at) = self.position(frame) else { return Ok(()) };
        let entry = self.entries[at];
        match &self.places {
            Places::Sorted { end, .. } => {
                let end = self.entries.get(at + 1).map_or(*end, |next| next.start);
                lines_in(file, file.start(), entry.start, end, buffer, |_, line| {
                    each(line, true);
                    ControlFlow::Continue(())
                })
            }
            Places::Scattered(lines) => {
                file.lines_at(&lines.places_of(frame, entry.start, entry.lines), buffer, each)
            }
        }
    }

    #[inline]
    fn position(&self, frame: u32) -> Option<usize> {
        // Most files have every frame.
        let first = self.entries.first()?.frame;
        let likely = frame.checked_sub(first)? as usize;
        if self.entries.get(likely).is_some_and(|entry| entry.frame == frame) {
            return Some(likely);
        }
        self.entries.binary_search_by_key(&frame, |entry| entry.frame).ok()
    }
}

/// The making of an index.
struct Build<'a, O> {
    file: &'a TextFile,
    observer: &'a mut O,
}

impl<O: Observer> Work for Build<'_, O> {
    type Output = Option<Index>;

    fn run(self, parser: impl LineParser) -> Option<Index> {
        Index::build_by(parser, self.file, self.observer)
    }
}

/// The making of an index of a file that has grown.
struct Extend<'a, O> {
    known: &'a Index,
    file: &'a TextFile,
    len: u64,
    observer: &'a mut O,
}

impl<O: Observer> Work for Extend<'_, O> {
    type Output = Option<Index>;

    fn run(self, parser: impl LineParser) -> Option<Index> {
        self.known.extended_by(parser, self.file, self.len, self.observer)
    }
}

/// Hands on progress, and no parts: those of a file that was not in order before are no news.
struct Quiet<'a, O>(&'a mut O);

impl<O: Observer> Observer for Quiet<'_, O> {
    fn progress(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        self.0.progress(done, total)
    }

    fn partial(&mut self, _: Index) {}
}

/// Threads that read: one a core, as long as there is enough to read for each.
fn threads(bytes: u64) -> usize {
    /// Less is read sooner than a thread is started.
    const WORTH_A_THREAD: u64 = 4 << 20;
    /// More than this wait for memory, not for each other.
    const MOST: usize = 8;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.min(MOST).min((bytes / WORTH_A_THREAD) as usize).max(1)
}
