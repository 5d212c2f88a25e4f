//! Frames of a file of lines, for the cache.

use super::{Index, LineFormat, LineParser, Work, read};
use crate::{
    cache::{DataProvider, Key},
    model::{AnnotationSource, Detection, FrameDetections, ReadError},
};
use arc_swap::ArcSwap;
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Loads the boxes of a frame: only the lines of that frame are read.
///
/// The index may be replaced while the provider is in use: the first frames can be walked before
/// the last are known.
#[derive(Debug)]
pub struct LineProvider<F> {
    file: Arc<F>,
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

impl<F: LineFormat> LineProvider<F> {
    /// A provider over the lines that `index` knows.
    #[must_use]
    pub fn new(file: Arc<F>, index: Arc<Index>) -> Self {
        let index = ArcSwap::new(index);
        Self { file, index, timed: AtomicU64::new(0), timed_nanos: AtomicU64::new(0) }
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> Arc<F> {
        Arc::clone(&self.file)
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
    pub fn load_frame(&self, frame: u32) -> Result<FrameDetections, ReadError> {
        self.file.work(Load { provider: self, frame })
    }

    #[inline]
    fn load_by(&self, parser: impl LineParser, frame: u32) -> Result<FrameDetections, ReadError> {
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
            Err(_) if parser.is_blank(line) => {}
            // A line without a frame number belongs to no frame, wherever it stands.
            Err(_) => *unreadable += u32::from(parser.frame_of(line) == Some(frame)),
        };
        let terminator = self.file.text().terminator();
        let read = BUFFER.with_borrow_mut(|buffer| {
            if let Some(block) = index.block(self.file.text(), frame, buffer)? {
                read::block(parser, block, terminator, frame, detections, take);
                return Ok(());
            }
            let wanted = parser.wanted(frame);
            index.for_each_text(self.file.text(), frame, buffer, |text, whole| {
                read::first(parser, text, whole, terminator, wanted, detections, &mut take)
            })
        });
        read.map_err(|source| ReadError { path: self.file.text().path().to_owned(), source })?;
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
    pub fn load_batch(&self, frames: &[u32]) -> Result<BTreeMap<u32, FrameDetections>, ReadError> {
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

/// The loading of a frame.
struct Load<'a, F> {
    provider: &'a LineProvider<F>,
    frame: u32,
}

impl<F: LineFormat> Work for Load<'_, F> {
    type Output = Result<FrameDetections, ReadError>;

    #[inline]
    fn run(self, parser: impl LineParser) -> Self::Output {
        self.provider.load_by(parser, self.frame)
    }
}

impl<F: LineFormat> AnnotationSource for LineProvider<F> {
    fn path(&self) -> &Path {
        self.file.text().path()
    }

    fn frame_count(&self) -> usize {
        self.index.load().frames()
    }

    fn frame_at(&self, rank: usize) -> Option<u32> {
        self.index.load().at_rank(rank)
    }

    fn rank_of(&self, frame: u32) -> usize {
        self.index.load().rank(frame)
    }

    fn load(&self, frame: u32) -> Result<FrameDetections, ReadError> {
        self.load_frame(frame)
    }
}

impl<F: LineFormat + 'static> DataProvider for LineProvider<F> {
    type Value = FrameDetections;
    type Error = ReadError;

    fn load(&self, key: Key) -> Result<FrameDetections, ReadError> {
        u32::try_from(key).map_or_else(|_| Ok(FrameDetections::default()), |f| self.load_frame(f))
    }

    fn weight(&self, value: &FrameDetections) -> u64 {
        (size_of::<FrameDetections>() + value.detections.capacity() * size_of::<Detection>()) as u64
    }
}
