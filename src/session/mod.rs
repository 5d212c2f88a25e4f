//! An opened sequence: its caches, the work behind them, and what is to be shown. No window.
//!
//! [`Opening`] reads in the background and hands over a [`Session`] as soon as its first frames
//! can be walked. The session's index goes on growing behind it, and a full check follows.

mod adding;
mod boxes;
mod comparing;
mod events;
mod filmstrip;
mod frame_table;
mod layer;
mod layers;
mod movie;
mod newest;
mod opening;
mod predictor;
mod reader;
mod reading;
mod role;
mod shown;
mod status;
mod trails;
mod tuning;
mod watch;

pub use adding::{Adding, AddingState, LayerFile, NewLayer};
pub use boxes::write_kept;
pub use comparing::Overlaps;
pub use events::SharedLog;
pub use filmstrip::{CUT_OUT, Cell, CutOut, MadeStrip};
pub use frame_table::KnownFrames;
pub use layer::Layer;
pub use movie::{Artist, Drawn, DrawnLayer, Missing, MovieError, film_place, write_png};
pub use opening::{Companions, Like, Opening, OpeningState, Request, Target};
pub use reading::ReadingState;
pub use role::role_by_name;
pub use shown::Shown;
pub use status::{LayerWork, Notify, Phase, Status};
pub use trails::{TrailRequest, trails_now};
pub use tuning::{MAX_REPLAYED, MAX_WALK, Replayed, WhatIf, megabytes};
pub use watch::Change;

use crate::{
    cache::{Access, Cache, Key, KeyState, Snapshot, Stats},
    formats::{class_lists, mot::Findings},
    inspector::{CacheKind, Frames, Standing, Tuning},
    layout::{Benchmark, SequencePaths},
    media::{Alignment, Count, Picture, PictureError, Pictures, Video, is_image},
    model::{FrameDetections, LayerId},
    output::Inputs,
};
use comparing::Comparing;
use filmstrip::StripMaker;
use frame_table::FrameTable;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tuning::Walk;

/// The jumps that the buttons make, for the predictors.
pub const JUMPS: [i64; 6] = [-15, -5, -1, 1, 5, 15];

/// An opened sequence. Asking it for a frame never waits.
pub struct Session {
    /// What it was opened from.
    pub target: Target,
    /// The picture folder that somebody named, if they did.
    pub named_images: Option<PathBuf>,
    /// The video that somebody named, if they did.
    pub named_video: Option<PathBuf>,
    /// Why pictures that are there can't be shown; a sentence.
    pub trouble: Option<String>,
    /// Its parts on disk.
    pub paths: SequencePaths,
    /// The benchmark that it is one sequence of.
    pub benchmark: Option<Benchmark>,
    /// What is to be opened with it, as it was with another sequence of the benchmark.
    pub companions: Companions,
    /// Never empty.
    layers: Vec<Layer>,
    /// The highest number that a layer was given.
    last_layer: LayerId,
    pictures: Option<PictureTrack>,
    table: Arc<FrameTable>,
    shown: Shown,
    walk: Walk,
    strips: StripMaker,
    comparing: Comparing,
    /// What a cache did that is not there.
    nothing: (Snapshot, Stats),
}

/// The pictures of a sequence, with their cache.
struct PictureTrack {
    cache: Arc<Cache<Pictures>>,
    tuning: Tuning,
    snapshot: Snapshot,
    stats: Stats,
}

/// The picture that belongs to the boxes that are shown.
#[derive(Clone, Debug)]
pub enum PictureState {
    /// The sequence has no pictures, or none of this frame.
    None,
    /// Here it is.
    Ready(Arc<Picture>),
    /// It was the frame's, and is known to be another's by now; the right one is on its way.
    Outdated(Arc<Picture>),
    /// It can't be shown; the sentence says why.
    Failed(String),
}

/// What is to be shown now: boxes and picture of one and the same frame.
#[derive(Clone, Debug)]
pub struct Showing {
    /// Its frame, which is not the one asked for while that one is pending.
    pub frame: u32,
    /// Its boxes, layer by layer.
    pub layers: Vec<(LayerId, Arc<FrameDetections>)>,
    /// Its picture.
    pub picture: PictureState,
}

impl Showing {
    /// The boxes of a layer; `None` where it came after the frame was shown.
    #[must_use]
    pub fn boxes(&self, layer: LayerId) -> Option<&Arc<FrameDetections>> {
        self.layers.iter().find(|(known, _)| *known == layer).map(|(_, boxes)| boxes)
    }
}

impl Session {
    /// Asks for `frame` and says what can be shown now. Called at every repaint; only a change
    /// of frame counts as an access. Never waits.
    pub fn show(&mut self, frame: u32) -> Option<&Showing> {
        // Before it is asked for: it may come at once.
        self.table.set_awaited(Some(frame));
        // Before: whatever changes from here on is found out below.
        let version = self.version();
        let boxes = self.layers.iter().map(|layer| (layer.id, layer.request(frame))).collect();
        let picture = match &self.pictures {
            Some(track) if track.cache.provider().has(frame) => {
                Some(track.cache.request(Key::from(frame)))
            }
            _ => None,
        };
        self.shown.asked(frame);
        self.walk.went_to(frame);
        let pictures = self.pictures.as_ref().map(|track| &*track.cache);
        self.shown.update(frame, version, (boxes, picture), (&self.layers, pictures));
        self.shown.hold_against(self.version());
        let is_there = |showing: &Showing| {
            showing.frame == frame && !matches!(showing.picture, PictureState::Outdated(_))
        };
        if self.shown.showing().is_some_and(is_there) {
            self.table.set_awaited(None);
        }
        if let Some(showing) = self.shown.showing() {
            for layer in &mut self.layers {
                showing.boxes(layer.id).into_iter().for_each(|boxes| layer.judge(boxes));
            }
        }
        self.shown.showing()
    }

    /// The version of which picture belongs to which frame.
    fn version(&self) -> Option<u64> {
        self.pictures().map_or(Some(0), Pictures::version)
    }

    /// What [`Self::show`] said last.
    #[must_use]
    pub fn showing(&self) -> Option<&Showing> {
        self.shown.showing()
    }

    /// What is open, and must not be written over.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let others = self.layers.iter().filter_map(|layer| layer.path.as_deref());
        inputs(&self.paths, others)
    }

    /// Loads a picture that failed once more.
    pub fn retry_picture(&self, frame: u32) {
        if let Some(track) = &self.pictures {
            track.cache.retry(Key::from(frame));
        }
    }

    /// The frames known so far, and what is known of them.
    #[must_use]
    pub fn known(&self) -> Arc<KnownFrames> {
        self.table.known()
    }

    /// The frames known so far.
    #[must_use]
    pub fn frames(&self) -> Arc<Frames> {
        Arc::clone(&self.table.known().frames)
    }

    /// How a cache is set up.
    #[must_use]
    pub fn tuning(&self, kind: CacheKind) -> Tuning {
        match (kind, &self.pictures) {
            (CacheKind::Annotations, _) => self.first().tuning(),
            (CacheKind::Pictures, Some(track)) => track.tuning,
            (CacheKind::Pictures, None) => Tuning::of(kind),
        }
    }

    /// Sets up a cache in another way, while it runs.
    pub fn tune(&mut self, kind: CacheKind, tuning: Tuning) {
        let (before, table) = (self.tuning(kind), Arc::clone(&self.table));
        let change = tuning::Tuned { kind, before, tuning, table: &table };
        match (kind, &mut self.pictures) {
            (CacheKind::Annotations, _) => {
                self.layers.iter_mut().for_each(|layer| layer.tune(&change));
            }
            (CacheKind::Pictures, Some(track)) => {
                track.tuning = tuning;
                change.apply(&track.cache);
            }
            (CacheKind::Pictures, None) => {}
        }
    }

    /// Where the person went: seconds and frames, the last [`MAX_WALK`] navigations.
    #[must_use]
    pub fn walk(&self) -> Vec<(f64, u32)> {
        self.walk.accesses().collect()
    }

    /// How many navigations there were.
    #[must_use]
    pub fn walked(&self) -> u64 {
        self.walk.total()
    }

    /// What is needed to tell how other settings of a cache would have done on the last
    /// [`MAX_REPLAYED`] navigations.
    #[must_use]
    pub fn what_if(&self, kind: CacheKind) -> WhatIf {
        let track = self.pictures.as_ref().filter(|_| kind == CacheKind::Pictures);
        let load_times = match track {
            Some(track) => track.cache.load_times(),
            None => self.first().annotations.load_times(),
        };
        let has_picture = |frame| track.is_none_or(|track| track.cache.provider().has(frame));
        let last = self.walk.accesses().rev().take(MAX_REPLAYED);
        let mut walk: Vec<Access> = last
            .filter(|(_, frame)| has_picture(*frame))
            .map(|(time, frame)| Access {
                at: Duration::from_secs_f64(time),
                key: Key::from(frame),
            })
            .collect();
        walk.reverse();
        let stats = self.stats(kind);
        WhatIf {
            walk,
            tuning: self.tuning(kind),
            load_times,
            weight: stats.bytes / (stats.cache_keys as u64).max(1),
            frames: Arc::clone(&self.table.frames),
            hints: self.table.hints.clone(),
            pictures: self.table.pictures.clone().filter(|_| track.is_some()),
        }
    }

    /// Frames that are known to be of interest: those that were hinted at, and those with lines that can't
    /// be read.
    #[must_use]
    pub fn events(&self) -> Vec<u32> {
        let frames = self.frames();
        let hinted = self.table.hints.get();
        let hinted = hinted.iter().filter_map(|rank| frames.at_rank(usize::try_from(*rank).ok()?));
        let mut events: Vec<u32> = hinted.chain(self.problem_frames()).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    /// Tells the caches which frames a person is likely to go to, besides those with lines that can't be
    /// read.
    pub fn hint(&self, likely: &[u32]) {
        let frames = self.frames();
        let all = likely.iter().copied().chain(self.problem_frames());
        self.table.hints.set(all.map(|frame| frames.rank(frame) as Key));
        self.layers.iter().for_each(|layer| layer.annotations.replan());
        if let Some(track) = &self.pictures {
            track.cache.replan();
        }
    }

    /// The frames of lines that can't be read, of all layers.
    fn problem_frames(&self) -> Vec<u32> {
        self.layers.iter().flat_map(|layer| problem_frames(&layer.status().findings)).collect()
    }

    /// Asks for trails of the frame that is shown; they come soon after.
    pub fn ask_trails(&self, back: u32, ahead: u32) {
        if let Some(showing) = self.showing() {
            let wish = TrailRequest { frame: showing.frame, back, ahead };
            let version = self.table.known().version;
            self.layers.iter().for_each(|layer| layer.ask_trails(wish, version));
        }
    }

    /// Whether lines that are appended to files are taken in as they come.
    pub fn set_follow(&self, follow: bool) {
        self.layers.iter().for_each(|layer| layer.set_follow(follow));
    }

    /// Stops indexing and checking; what is known stays.
    pub fn cancel(&self) {
        self.layers.iter().for_each(Layer::cancel);
    }

    /// Size of the picture in pixels: of a shown picture, else as `seqinfo.ini` says, else what
    /// the boxes take.
    #[must_use]
    pub fn canvas_size(&self) -> [f64; 2] {
        if let Some(Showing { picture, .. }) = self.showing()
            && let PictureState::Ready(picture) | PictureState::Outdated(picture) = picture
        {
            return [f64::from(picture.width), f64::from(picture.height)];
        }
        if let Some(size) = self.shown.last_picture_size() {
            return size;
        }
        if let Some(size) = self.pictures().and_then(Pictures::size) {
            return size.map(f64::from);
        }
        if let (Some(width), Some(height)) = (self.paths.info.width, self.paths.info.height) {
            return [f64::from(width), f64::from(height)];
        }
        self.first().status().extent_size()
    }

    /// Frames a second, where the sequence or its video says.
    #[must_use]
    pub fn frame_rate(&self) -> Option<f64> {
        let of_video = || self.video()?.header().frame_rate;
        self.paths.info.frame_rate.or_else(of_video)
    }

    /// The pictures of the sequence.
    #[must_use]
    pub fn pictures(&self) -> Option<&Pictures> {
        self.table.pictures.as_ref()
    }

    /// How far the counting of the video is, where there is one.
    #[must_use]
    pub fn video_count(&self) -> Option<Count> {
        self.pictures()?.count()
    }

    /// Says whether somebody plays: what happens behind makes room meanwhile.
    pub fn set_playing(&self, playing: bool) {
        if let Some(video) = self.video() {
            video.set_playing(playing);
        }
    }

    /// Lets the counting of the video wait, or go on.
    pub fn pause_counting(&self, pause: bool) {
        if let Some(video) = self.video() {
            video.pause_counting(pause);
        }
    }

    /// The video, where there is one.
    #[must_use]
    pub fn video(&self) -> Option<&Video> {
        self.pictures()?.video()
    }

    /// The number of the first annotated frame, as far as is known.
    #[must_use]
    pub fn first_annotated(&self) -> Option<u32> {
        self.first().annotations().index().range().map(|(first, _)| first)
    }

    /// Which pictures belong to which frames.
    #[must_use]
    pub fn alignment(&self) -> Alignment {
        self.table.alignment()
    }

    /// Aligns pictures and frames in another way. The frames follow soon after.
    pub fn align(&mut self, alignment: Alignment) {
        if self.table.alignment() == alignment {
            return;
        }
        self.table.set_alignment(alignment);
        // At once: what is shown is held against it. To put millions of frames together takes a moment.
        self.table.align_pictures();
        let table = Arc::clone(&self.table);
        let work = move || table.put_together();
        // Where there is no thread to be had, the next change of the frames does it.
        let _ = std::thread::Builder::new().name("frames".to_owned()).spawn(work);
    }

    /// Sets which values of pictures are black and white, where they are finer than a screen shows.
    pub fn set_range(&self, range: Option<[f32; 2]>) {
        if let Some(track) = &self.pictures {
            track.cache.provider().set_range(range, || track.cache.clear());
        }
    }

    /// Whether there are pictures.
    #[must_use]
    pub fn has_pictures(&self) -> bool {
        self.pictures.is_some()
    }

    /// Takes over what the caches did. Once a repaint; copies only what changed.
    pub fn refresh(&mut self) {
        self.layers.iter_mut().for_each(Layer::refresh);
        if let Some(track) = &mut self.pictures
            && let Some(snapshot) = track.cache.snapshot_since(track.snapshot.version)
        {
            track.snapshot = snapshot;
            track.stats = track.cache.stats();
        }
    }

    /// Counters of a cache, as of the last [`Self::refresh`].
    #[must_use]
    pub fn stats(&self, kind: CacheKind) -> &Stats {
        match (kind, &self.pictures) {
            (CacheKind::Pictures, Some(track)) => &track.stats,
            (CacheKind::Pictures, None) => &self.nothing.1,
            (CacheKind::Annotations, _) => self.first().stats(),
        }
    }

    /// How a cache stands, as of the last [`Self::refresh`]; those of all layers are asked together.
    #[must_use]
    pub fn standing(&self, kind: CacheKind) -> Standing {
        match kind {
            CacheKind::Pictures => self.stats(kind).into(),
            CacheKind::Annotations => Standing::of_all(self.layers.iter().map(Layer::stats)),
        }
    }

    /// The keys of a cache, as of the last [`Self::refresh`].
    #[must_use]
    pub fn snapshot(&self, kind: CacheKind) -> &Snapshot {
        match (kind, &self.pictures) {
            (CacheKind::Pictures, Some(track)) => &track.snapshot,
            (CacheKind::Pictures, None) => &self.nothing.0,
            (CacheKind::Annotations, _) => self.first().snapshot(),
        }
    }

    /// The cache that makes a person wait: of the pictures, where there are any.
    #[must_use]
    pub fn leading_cache(&self) -> CacheKind {
        if self.has_pictures() { CacheKind::Pictures } else { CacheKind::Annotations }
    }

    /// Where a frame stands, of all that is needed to show it.
    #[must_use]
    pub fn frame_state(&self, frame: u32) -> KeyState {
        match &self.pictures {
            Some(track) if track.cache.provider().has(frame) => {
                track.snapshot.state(Key::from(frame))
            }
            _ => self.first().frame_state(frame),
        }
    }
}

/// What of a sequence is open, with the annotations of its layers, and must not be written over.
#[must_use]
pub fn inputs<'a>(paths: &'a SequencePaths, layers: impl Iterator<Item = &'a Path>) -> Inputs {
    let mut inputs = Inputs::default();
    let files = [&paths.annotations, &paths.video, &paths.info.path];
    files.into_iter().flatten().for_each(|path| inputs.add(path));
    for annotations in layers.chain(paths.annotations.as_deref()) {
        inputs.add(annotations);
        let lists = class_lists::candidates(annotations).filter(|(path, ..)| path.is_file());
        lists.for_each(|(path, ..)| inputs.add(path));
    }
    if let Some(images) = &paths.images {
        inputs.add_folder(images, is_image);
    }
    inputs
}

/// The frames of lines that can't be read, ascending.
fn problem_frames(findings: &Findings) -> Vec<u32> {
    let mut frames: Vec<u32> = findings.skipped.iter().filter_map(|line| line.frame).collect();
    frames.sort_unstable();
    frames.dedup();
    frames
}

/// Why a picture failed, as a sentence.
fn picture_error(error: &crate::cache::LoadError<PictureError>) -> String {
    error.to_string()
}
