//! Frames of a MOT file for the cache.

use super::{
    Detection, Index, MotError, Source,
    line::{self, LineParser, Usual},
};
use crate::cache::{DataProvider, Key};
use arc_swap::ArcSwap;
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The boxes of one frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FrameDetections {
    /// In file order.
    pub detections: Vec<Detection>,
    /// Lines of this frame that can't be read.
    pub unreadable: u32,
}

/// Loads the boxes of a frame: only the lines of that frame are read.
///
/// The index may be replaced while the provider is in use: the first frames can be walked before
/// the last are known.
#[derive(Debug)]
pub struct MotProvider {
    source: Arc<Source>,
    index: ArcSwap<Index>,
    timed: AtomicU64,
    timed_nanos: AtomicU64,
}

thread_local! {
    /// What the lines of a frame are read into; kept, so that a load allocates nothing but its
    /// result.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// Loads on this thread: a number that all threads count up would cost each load more.
    static LOADS: Cell<u64> = const { Cell::new(0) };
}

/// One load in so many of a thread is timed: looking at the clock twice takes as long as reading a box.
/// Not the first, which prepares for the others.
const TIMED: u64 = 64;

/// Boxes that room is made for before they are read.
const MOST_EXPECTED: u32 = 4096;

/// What a provider holds and how it did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProviderStatistics {
    /// Frames with a line.
    pub total_frames: usize,
    /// Lines with a readable frame number.
    pub total_indexed_lines: u64,
    /// Bytes that the index takes.
    pub index_memory_bytes: u64,
    /// Mean time of a load, as one in 64 of each thread has it; zero as long as none was timed.
    pub average_load_time: Duration,
}

impl MotProvider {
    /// A provider over the lines that `index` knows.
    #[must_use]
    pub fn new(source: Arc<Source>, index: Arc<Index>) -> Self {
        let index = ArcSwap::new(index);
        Self { source, index, timed: AtomicU64::new(0), timed_nanos: AtomicU64::new(0) }
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> Arc<Source> {
        Arc::clone(&self.source)
    }

    /// The index in use.
    #[must_use]
    pub fn index(&self) -> Arc<Index> {
        self.index.load_full()
    }

    /// Takes over a fuller index.
    pub fn set_index(&self, index: Arc<Index>) {
        self.index.store(index);
    }

    /// The boxes of `frame`; none where the file has no line of it.
    ///
    /// # Errors
    /// Where the file can't be read any more.
    pub fn load_frame(&self, frame: u32) -> Result<FrameDetections, MotError> {
        if self.source.is_usual() {
            return self.load_by(Usual, frame);
        }
        self.load_by(self.source.mapped(), frame)
    }

    #[inline]
    fn load_by(&self, parser: impl LineParser, frame: u32) -> Result<FrameDetections, MotError> {
        let number = LOADS.replace(LOADS.get().wrapping_add(1));
        let began = (number % TIMED == 1).then(Instant::now);
        let index = self.index.load();
        let mut loaded = FrameDetections {
            // Not all lines need be boxes, and a hostile file has many.
            detections: Vec::with_capacity(index.lines_of(frame).min(MOST_EXPECTED) as usize),
            unreadable: 0,
        };
        let FrameDetections { detections, unreadable } = &mut loaded;
        let mut take = |line: &[u8], detections: &mut Vec<Detection>| match parser.parse(line) {
            // The file may have changed since it was indexed.
            Ok((of, detection, _)) if of == frame => detections.push(detection),
            Ok(_) => {}
            Err(_) if line::is_blank_or_comment(line) => {}
            // A line without a frame number belongs to no frame, wherever it stands.
            Err(_) => *unreadable += u32::from(parser.frame_of(line) == Some(frame)),
        };
        let terminator = self.source.terminator();
        let read = BUFFER.with_borrow_mut(|buffer| {
            if let Some(block) = index.block(&self.source, frame, buffer)? {
                line::parse_block(parser, block, terminator, frame, detections, take);
                return Ok(());
            }
            let beginning = line::Beginning::of(frame);
            index.for_each_text(&self.source, frame, buffer, |text, whole| {
                line::parse_first(parser, text, whole, terminator, beginning, detections, &mut take)
            })
        });
        read.map_err(|source| MotError::Read { path: self.source.path().to_owned(), source })?;
        if let Some(began) = began {
            self.timed.fetch_add(1, Ordering::Relaxed);
            self.timed_nanos.fetch_add(began.elapsed().as_nanos() as u64, Ordering::Relaxed);
        }
        Ok(loaded)
    }

    /// The boxes of every frame asked for.
    ///
    /// # Errors
    /// As [`Self::load_frame`].
    pub fn load_batch(&self, frames: &[u32]) -> Result<BTreeMap<u32, FrameDetections>, MotError> {
        frames.iter().map(|frame| Ok((*frame, self.load_frame(*frame)?))).collect()
    }

    /// What the provider holds and how it did.
    #[must_use]
    pub fn statistics(&self) -> ProviderStatistics {
        let index = self.index();
        let nanos = self.timed_nanos.load(Ordering::Relaxed);
        let mean = nanos.checked_div(self.timed.load(Ordering::Relaxed));
        ProviderStatistics {
            total_frames: index.frames(),
            total_indexed_lines: index.lines(),
            index_memory_bytes: index.memory(),
            average_load_time: Duration::from_nanos(mean.unwrap_or(0)),
        }
    }
}

impl DataProvider for MotProvider {
    type Value = FrameDetections;
    type Error = MotError;

    fn load(&self, key: Key) -> Result<FrameDetections, MotError> {
        u32::try_from(key).map_or_else(|_| Ok(FrameDetections::default()), |f| self.load_frame(f))
    }

    fn weight(&self, value: &FrameDetections) -> u64 {
        (size_of::<FrameDetections>() + value.detections.capacity() * size_of::<Detection>()) as u64
    }
}
