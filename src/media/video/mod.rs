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
//! one picture; what is decoded on the way is handed over as by-products, and to whoever waits for it.

mod count;
mod damage;
mod decoder;
mod ends;
mod error;
mod kept;
mod pool;
mod probe;
mod rests;
mod table;
mod tools;
mod watch;

pub use damage::Damage;
#[cfg(fuzzing)]
pub use decoder::read_showinfo;
pub use error::VideoError;
pub use probe::{Header, VideoStream};
pub use tools::{Ffmpeg, why_not_encoded};

use super::Picture;
use crate::cache::Load;
use decoder::Process;
use parking_lot::{Condvar, Mutex};
use pool::{Advance, Pool, Way};
use rests::Rests;
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};
use table::{MOST_FRAMES, Size, Table};
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
    /// Whether somebody lets it wait.
    pub paused: bool,
    /// Why counting ended early, if it did.
    pub broken_off: Option<String>,
    /// What is wrong with the video, which is known when all is counted.
    pub damage: Option<Arc<Damage>>,
}

type Listener = Box<dyn Fn(News) + Send + Sync>;

/// How a video is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which of its streams of pictures, counted from 0.
    pub stream: usize,
    /// Whether counting leaves the machine to others: at low priority, on one thread, and at rest while
    /// pictures are played or waited for.
    pub polite: bool,
    /// How long FFmpeg may keep a reader waiting before it is ended.
    pub patience: Duration,
    /// The folder in which counts are kept for the next time; `None`: nowhere.
    pub kept_in: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { stream: 0, polite: false, patience: PATIENCE, kept_in: None }
    }
}

/// A video file. Dropping it ends its processes.
pub struct Video {
    inner: Arc<Inner>,
}

struct Inner {
    /// Itself, for its threads.
    me: Weak<Inner>,
    path: PathBuf,
    options: Options,
    ffmpeg: Arc<Ffmpeg>,
    header: Header,
    /// Of the first picture.
    size: OnceLock<Size>,
    table: Mutex<Table>,
    pool: Mutex<Pool>,
    /// Tells that a decoder is free, or that a picture came by that somebody is after.
    freed: Condvar,
    watcher: Arc<Watcher>,
    rests: Rests,
    counting: Mutex<Weak<watch::Watched>>,
    broken_off: Mutex<Option<String>>,
    damage: Mutex<Option<Arc<Damage>>>,
    listener: Mutex<Option<Arc<Listener>>>,
    /// Whether the container has yet to be asked for its packets.
    expecting: AtomicBool,
    /// Microseconds that a picture takes.
    pace: AtomicU32,
    /// Pictures that came out of decoders.
    decoded: AtomicU64,
    closed: AtomicBool,
}

impl std::fmt::Debug for Video {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Video").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

impl Video {
    /// Opens the first stream of a video and begins to count its pictures, as fast as it goes. Waits for
    /// the first of them.
    ///
    /// # Errors
    /// Where FFmpeg is missing, or finds no pictures in the file.
    pub fn open(path: &Path) -> Result<Self, VideoError> {
        Self::open_with(path, Ffmpeg::find()?, Options::default())
    }

    /// Opens a video with certain programs.
    ///
    /// # Errors
    /// As [`Self::open`]; and where there is no such stream.
    pub fn open_with(
        path: &Path,
        ffmpeg: Arc<Ffmpeg>,
        options: Options,
    ) -> Result<Self, VideoError> {
        if is_text(path) {
            let reason = "it is text".to_owned();
            return Err(VideoError::NoVideo { path: path.to_owned(), reason });
        }
        let header = probe::header(&ffmpeg, path, options.stream)?;
        let failed = |source| VideoError::Start { source };
        let idle: Arc<OnceLock<Weak<Inner>>> = Arc::default();
        let weak = Arc::clone(&idle);
        let watcher = Watcher::start(options.patience, move || {
            if let Some(inner) = weak.get().and_then(Weak::upgrade) {
                inner.end_idle();
            }
        });
        let watcher = watcher.map_err(failed)?;
        let inner = Arc::new_cyclic(|me| Inner {
            me: Weak::clone(me),
            path: path.to_owned(),
            options,
            ffmpeg,
            header,
            size: OnceLock::new(),
            table: Mutex::new(Table::new()),
            pool: Mutex::default(),
            freed: Condvar::new(),
            watcher,
            rests: Rests::default(),
            counting: Mutex::default(),
            broken_off: Mutex::default(),
            damage: Mutex::default(),
            listener: Mutex::default(),
            expecting: AtomicBool::new(true),
            pace: AtomicU32::new(0),
            decoded: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        });
        // Set once, here.
        let _ = idle.set(Arc::downgrade(&inner));
        inner.begin()?;
        Ok(Self { inner })
    }

    /// The folder in which programs keep counts: `motscope/videos` in the user's folder for caches.
    #[must_use]
    pub fn usual_folder() -> Option<PathBuf> {
        kept::usual_folder()
    }

    /// Whether FFmpeg is sure that a file of any name holds pictures or sound: it is then opened as a video,
    /// or refused as the one that it is not. Waits for FFmpeg's answer.
    #[must_use]
    pub fn is_media(path: &Path) -> bool {
        !is_text(path) && Ffmpeg::find().is_ok_and(|ffmpeg| probe::is_media(&ffmpeg, path))
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

    /// Sizes of its pictures as far as they are counted: each with the number of the first picture that
    /// has it, ascending. Most videos have one.
    #[must_use]
    pub fn sizes(&self) -> Vec<(u32, [u32; 2])> {
        self.inner.table.lock().sizes().to_vec()
    }

    /// Pictures that came out of decoders so far, whoever asked for them; those that were counted in the
    /// background are not among them.
    #[must_use]
    pub fn decoded(&self) -> u64 {
        self.inner.decoded.load(Relaxed)
    }

    /// Lets counting wait, or go on.
    pub fn pause_counting(&self, pause: bool) {
        self.inner.rests.pause(pause);
    }

    /// Says whether somebody plays: counting that is polite rests meanwhile.
    pub fn set_playing(&self, playing: bool) {
        self.inner.rests.play(playing);
    }

    /// How far the counting is.
    #[must_use]
    pub fn count(&self) -> Count {
        let table = self.inner.table.lock();
        Count {
            counted: table.counted(),
            frames: table.frames(),
            complete: table.is_complete(),
            paused: self.inner.rests.is_paused(),
            broken_off: self.inner.broken_off.lock().clone(),
            damage: self.inner.damage.lock().clone(),
        }
    }

    /// What is wrong with it, as a sentence that names its file; known when all is counted.
    #[must_use]
    pub fn told_of_damage(&self) -> Option<String> {
        let damage = self.inner.damage.lock().clone()?;
        Some(format!("{} {damage}", crate::text::path(self.path())))
    }

    /// Pictures that are counted or that the container speaks of.
    #[must_use]
    pub fn frames(&self) -> u32 {
        self.inner.table.lock().frames()
    }

    /// Waits until all pictures are counted, which is not polite meanwhile. For programs without a window.
    #[must_use]
    pub fn counted(&self) -> Count {
        loop {
            if let Some(count) = self.counted_within(Duration::from_mins(1)) {
                return count;
            }
        }
    }

    /// The same for a while; `None` where it takes longer.
    #[must_use]
    pub fn counted_within(&self, patience: Duration) -> Option<Count> {
        self.inner.rests.hurry();
        let began = Instant::now();
        loop {
            let count = self.count();
            if count.complete || count.broken_off.is_some() {
                return Some(count);
            }
            if began.elapsed() > patience {
                return None;
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
        let wanted = inner.want(frame);
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
            let mut lease = match inner.lease(&wanted, from_start, load)? {
                Way::Given(picture) => return Ok(picture),
                Way::On(lease) => lease,
            };
            match inner.advance(&mut lease, &wanted, load, &also)? {
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
        if let Some(counting) = self.inner.counting.lock().upgrade() {
            counting.end();
        }
        self.inner.rests.wake();
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
        if let Some((picture, reason)) = table.is_misfit(frame) {
            return Err(self.misfit(picture, reason));
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
