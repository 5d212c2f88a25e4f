//! Video files, decoded by the FFmpeg programs, picture by picture.
//!
//! # Which picture is which
//! The picture of number N is the Nth that the video decodes to, whatever its container says. That is
//! found out by decoding all of it once, in the background, which gives the time stamp and a checksum
//! of every picture. Until that pass comes by, what the container says is believed, where it can be;
//! where it proves to be wrong, its numbers are dropped and [`News::Renumbered`] is told.
//!
//! To go somewhere, a decoder begins at the key frame before. What comes out is known by its time
//! stamp, and held against the checksums of the decoding from the start: a key frame from which other
//! pixels come out is not begun at again.
//!
//! # Cost
//! 12 bytes a picture, and at most [`MOST_PROCESSES`] processes and one that counts. Going on costs
//! one picture; what is decoded on the way is handed over as by-products.

mod count;
mod decoder;
mod pool;
mod probe;
mod table;
mod tools;
mod watch;

pub use probe::Header;
pub use tools::{Ffmpeg, why_not_encoded};

use super::Picture;
use crate::cache::Load;
use crossbeam_channel::bounded;
use decoder::{Decoder, Process};
use parking_lot::{Condvar, Mutex};
use pool::Advance;
use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};
use table::{MOST_FRAMES, Table};
use thiserror::Error;
use watch::Watcher;

/// Decoders of one video at a time, at work or at rest.
pub const MOST_PROCESSES: usize = 3;
/// A decoder that nobody used for so long is ended.
const REST: Duration = Duration::from_mins(1);
/// How long a decoder may keep its reader waiting.
const PATIENCE: Duration = Duration::from_secs(20);
/// To start a decoder takes as long as to decode about so many pictures.
const START_COST: u32 = 12;
/// Pictures before the first of known number.
const MOST_UNKNOWN: u32 = 2000;
/// Bytes of a picture.
const MOST_BYTES: u64 = 512 << 20;
/// How often progress is told.
const PACE: Duration = Duration::from_millis(100);

/// Why a video, or a picture of it, can't be shown. The message is a whole sentence for a person.
#[derive(Debug, Error)]
pub enum VideoError {
    /// There is no FFmpeg.
    #[error(
        "Videos need FFmpeg, which was not found. Install it (Debian, Ubuntu: apt install ffmpeg; \
         macOS: brew install ffmpeg; Windows: winget install ffmpeg) and open the video again."
    )]
    NoFfmpeg,
    /// The file is no video, or none that FFmpeg can read.
    #[error("{path} can't be opened as a video: {reason}.")]
    NoVideo {
        /// The file.
        path: PathBuf,
        /// FFmpeg's reason.
        reason: String,
    },
    /// FFmpeg was found and does not start.
    #[error("FFmpeg can't be started: {source}.")]
    Start {
        /// The operating system's reason.
        source: io::Error,
    },
    /// The video ends before.
    #[error("The video ends after {frames} pictures.")]
    PastEnd {
        /// How many it has.
        frames: u32,
    },
    /// A decoder ended, or hung and was ended. Asking once more starts another.
    #[error("FFmpeg could not decode {path}: {reason}.")]
    Decode {
        /// The file.
        path: PathBuf,
        /// FFmpeg's reason.
        reason: String,
    },
    /// Nobody waits for it any more.
    #[error("Nobody waits for this picture any more.")]
    GivenUp,
}

/// What is new about a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// More pictures are counted or known.
    Counted,
    /// The container was wrong: pictures that were loaded may be others.
    Renumbered,
}

/// How far the counting of a video is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Pictures that were decoded and counted.
    pub counted: u32,
    /// Pictures that are counted or that the container speaks of.
    pub frames: u32,
    /// Whether all are counted.
    pub complete: bool,
    /// Why counting ended early, if it did.
    pub broken_off: Option<String>,
}

type Listener = Box<dyn Fn(News) + Send + Sync>;

/// A video file. Dropping it ends its processes.
pub struct Video {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    ffmpeg: Arc<Ffmpeg>,
    header: Header,
    size: OnceLock<[u32; 2]>,
    table: Mutex<Table>,
    pool: Mutex<Pool>,
    freed: Condvar,
    watcher: Arc<Watcher>,
    counting: OnceLock<Weak<watch::Watched>>,
    broken_off: Mutex<Option<String>>,
    listener: Mutex<Option<Arc<Listener>>>,
    /// Whether the container has yet to be asked for its packets.
    expecting: AtomicBool,
    /// Microseconds that a picture takes.
    pace: AtomicU32,
    closed: AtomicBool,
}

/// Decoders at rest, and how many are at work.
#[derive(Default)]
struct Pool {
    at_rest: Vec<Decoder>,
    at_work: usize,
}

impl std::fmt::Debug for Video {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Video").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

impl Video {
    /// Opens a video and begins to count its pictures. Waits for the first of them.
    ///
    /// # Errors
    /// Where FFmpeg is missing, or finds no pictures in the file.
    pub fn open(path: &Path) -> Result<Self, VideoError> {
        Self::open_with(path, Ffmpeg::find()?, PATIENCE)
    }

    /// Opens a video with certain programs, which are ended where they keep a reader waiting for longer
    /// than `patience`.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        path: &Path,
        ffmpeg: Arc<Ffmpeg>,
        patience: Duration,
    ) -> Result<Self, VideoError> {
        if is_text(path) {
            let reason = "it is text".to_owned();
            return Err(VideoError::NoVideo { path: path.to_owned(), reason });
        }
        let header = probe::header(&ffmpeg, path)?;
        let failed = |source| VideoError::Start { source };
        let idle: Arc<OnceLock<Weak<Inner>>> = Arc::default();
        let weak = Arc::clone(&idle);
        let watcher = Watcher::start(patience, move || {
            if let Some(inner) = weak.get().and_then(Weak::upgrade) {
                inner.end_idle();
            }
        });
        let inner = Arc::new(Inner {
            path: path.to_owned(),
            ffmpeg,
            header,
            size: OnceLock::new(),
            table: Mutex::new(Table::new()),
            pool: Mutex::default(),
            freed: Condvar::new(),
            watcher: watcher.map_err(failed)?,
            counting: OnceLock::new(),
            broken_off: Mutex::default(),
            listener: Mutex::default(),
            expecting: AtomicBool::new(true),
            pace: AtomicU32::new(0),
            closed: AtomicBool::new(false),
        });
        // Set once, here.
        let _ = idle.set(Arc::downgrade(&inner));
        let video = Self { inner: Arc::clone(&inner) };
        let (sender, first) = bounded(1);
        let count = move || inner.count(&sender);
        thread::Builder::new().name("video-counter".to_owned()).spawn(count).map_err(failed)?;
        // Its end, too, is an answer: the first picture, or that there is none.
        if first.recv().is_err() {
            let reason = video.inner.broken_off.lock().clone();
            let reason = reason.unwrap_or_else(|| "it holds no pictures".to_owned());
            return Err(VideoError::NoVideo { path: path.to_owned(), reason });
        }
        let inner = Arc::clone(&video.inner);
        let expect = move || inner.expect();
        thread::Builder::new().name("video-packets".to_owned()).spawn(expect).map_err(failed)?;
        Ok(video)
    }

    /// Calls `listener` from other threads whenever there are news; in place of any before.
    pub fn on_news(&self, listener: impl Fn(News) + Send + Sync + 'static) {
        *self.inner.listener.lock() = Some(Arc::new(Box::new(listener)));
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// What its header says.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.inner.header
    }

    /// Width and height of its first picture in pixels, turned as it is to be seen.
    #[must_use]
    pub fn size(&self) -> [u32; 2] {
        self.inner.size.get().copied().unwrap_or_default()
    }

    /// How far the counting is.
    #[must_use]
    pub fn count(&self) -> Count {
        let table = self.inner.table.lock();
        Count {
            counted: table.counted(),
            frames: table.frames(),
            complete: table.is_complete(),
            broken_off: self.inner.broken_off.lock().clone(),
        }
    }

    /// Pictures that are counted or that the container speaks of.
    #[must_use]
    pub fn frames(&self) -> u32 {
        self.inner.table.lock().frames()
    }

    /// Waits until all pictures are counted. For programs without a window.
    #[must_use]
    pub fn counted(&self) -> Count {
        loop {
            let count = self.count();
            if count.complete || count.broken_off.is_some() {
                return count;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The picture of number `frame`, counted from 0. Those that are decoded on the way are handed to
    /// `also`.
    ///
    /// # Errors
    /// Where the video ends before, or a decoder fails. [`VideoError::GivenUp`] where `load` says that
    /// nobody waits any more.
    pub(super) fn picture(
        &self,
        frame: u32,
        load: &Load<'_, Picture>,
        also: impl Fn(u32, Picture),
    ) -> Result<Picture, VideoError> {
        /// Further ones would only take time.
        const MOST_ENTRANCES: u32 = 4;
        let inner = &*self.inner;
        let (mut from_start, mut tries) = (false, 0);
        loop {
            inner.exists(frame)?;
            if tries > 0 && load.is_left() {
                load.give_up();
                return Err(VideoError::GivenUp);
            }
            tries += 1;
            from_start |= tries > MOST_ENTRANCES;
            inner.await_packets(frame, load)?;
            let mut lease = inner.lease(frame, from_start, load)?;
            match inner.advance(&mut lease.decoder, frame, load, &also)? {
                Advance::There(picture) => {
                    lease.keep();
                    return Ok(picture);
                }
                Advance::Left => {
                    lease.keep();
                    load.give_up();
                    return Err(VideoError::GivenUp);
                }
                Advance::Nothing => from_start = true,
                Advance::Void => {}
                Advance::Unclean => {
                    let Some(key) = lease.decoder.began_at else {
                        return Err(inner.failed(&lease.decoder.process));
                    };
                    // One entrance less.
                    inner.table.lock().distrust(key);
                }
            }
        }
    }
}

impl Drop for Video {
    fn drop(&mut self) {
        self.inner.closed.store(true, Relaxed);
        *self.inner.listener.lock() = None;
        if let Some(counting) = self.inner.counting.get().and_then(Weak::upgrade) {
            counting.end();
        }
        let at_rest = std::mem::take(&mut self.inner.pool.lock().at_rest);
        drop(at_rest);
    }
}

impl Inner {
    fn exists(&self, frame: u32) -> Result<(), VideoError> {
        let table = self.table.lock();
        if table.is_complete() && frame >= table.counted() {
            return Err(VideoError::PastEnd { frames: table.counted() });
        }
        Ok(())
    }

    /// A far picture is not decoded from the start while it is not known yet where else to begin.
    fn await_packets(&self, frame: u32, load: &Load<'_, Picture>) -> Result<(), VideoError> {
        /// Nearer ones are there sooner than the answer.
        const NEAR: u32 = 64;
        let far = || frame > self.table.lock().counted().saturating_add(NEAR);
        while self.expecting.load(Relaxed) && far() {
            if load.is_left() {
                load.give_up();
                return Err(VideoError::GivenUp);
            }
            thread::sleep(Duration::from_millis(4));
        }
        Ok(())
    }

    fn failed(&self, process: &Process) -> VideoError {
        VideoError::Decode { path: self.path.clone(), reason: process.reason() }
    }
}

/// Play lists are text, and lead FFmpeg to other files or keep it trying. No video is.
fn is_text(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    let control = |byte: &u8| *byte < b' ' && !b"\t\n\r\x0C".contains(byte);
    // Where it is cut off, a letter may be so, too.
    let letters = std::str::from_utf8(&head).map_or_else(|e| e.error_len().is_none(), |_| true);
    // This form of video begins with a line of text, and may go on with light grey.
    let is_y4m = head.starts_with(b"YUV4MPEG2 ");
    read.is_ok_and(|read| read > 0) && letters && !head.iter().any(control) && !is_y4m
}

/// As FFmpeg's `framecrc` has it: Adler-32 that begins at 0.
fn checksum(bytes: &[u8]) -> u32 {
    let mut adler = simd_adler32::Adler32::from_checksum(0);
    adler.write(bytes);
    adler.finish()
}

#[cfg(test)]
mod tests;
