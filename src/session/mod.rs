//! An opened sequence: its caches, the work behind them, and what is to be shown. No window.
//!
//! [`Opening`] reads in the background and hands over a [`Session`] as soon as its first frames
//! can be walked. The session's index goes on growing behind it, and a full check follows.

mod background;
mod boxes;
mod events;
mod movie;
mod opening;
mod predictor;
mod shown;
mod status;
mod surroundings;
mod trails;
mod tuning;
mod watch;

pub use boxes::write_kept;
pub use events::SharedLog;
pub use movie::{Artist, Drawn, Missing, MovieError, film_place, write_png};
pub use opening::{Opening, OpeningState, Request, Target};
pub use shown::Shown;
pub use status::{Background, Notify, Phase, Status};
pub use trails::{Wish, trails_now};
pub use tuning::{MAX_REPLAYED, MAX_WALK, Replayed, WhatIf, megabytes};
pub use watch::Change;

use crate::{
    cache::{Access, Cache, Key, KeyState, Snapshot, Stats},
    formats::{
        class_lists,
        mot::{Findings, MotProvider},
    },
    inspector::{CacheKind, Frames, Trails, Tuning, scene::Meaning},
    layout::SequencePaths,
    media::{Alignment, Count, Picture, PictureError, Pictures, Video, is_image},
    model::{ClassNames, FrameDetections},
    output::Inputs,
};
use status::Handle;
use std::{path::PathBuf, sync::Arc, time::Duration};
use surroundings::Surroundings;
use trails::TrailMaker;
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
    annotations: Arc<Cache<MotProvider>>,
    pictures: Option<Arc<Cache<Pictures>>>,
    surroundings: Arc<Surroundings>,
    alignment: Alignment,
    background: Handle,
    shown: Shown,
    meaning: Meaning,
    /// The boxes that `meaning` has taken in last.
    judged: Option<Arc<FrameDetections>>,
    snapshots: [Snapshot; 2],
    stats: [Stats; 2],
    tuning: [Tuning; 2],
    walk: Walk,
    trails: TrailMaker,
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
    /// Its boxes.
    pub boxes: Arc<FrameDetections>,
    /// Its picture.
    pub picture: PictureState,
}

impl Session {
    /// Asks for `frame` and says what can be shown now. Called at every repaint; only a change
    /// of frame counts as an access. Never waits.
    pub fn show(&mut self, frame: u32) -> Option<&Showing> {
        let key = Key::from(frame);
        // Before it is asked for: it may come at once.
        self.background.set_awaited(Some(frame));
        // Before: whatever changes from here on is found out below.
        let version = self.version();
        let boxes = self.annotations.request(key);
        let picture = match &self.pictures {
            Some(pictures) if pictures.provider().has(frame) => Some(pictures.request(key)),
            _ => None,
        };
        self.shown.asked(frame);
        self.walk.went_to(frame);
        let answers = (boxes, picture);
        self.shown.update(frame, version, answers, &self.annotations, self.pictures.as_deref());
        self.shown.hold_against(self.version());
        let is_there = |showing: &Showing| {
            showing.frame == frame && !matches!(showing.picture, PictureState::Outdated(_))
        };
        if self.shown.showing().is_some_and(is_there) {
            self.background.set_awaited(None);
        }
        // Boxes are judged once, not at every repaint.
        if let Some(showing) = self.shown.showing()
            && !self.judged.as_ref().is_some_and(|judged| Arc::ptr_eq(judged, &showing.boxes))
        {
            self.meaning = self.meaning.or(Meaning::of(showing.boxes.detections.iter()));
            self.judged = Some(Arc::clone(&showing.boxes));
        }
        self.shown.showing()
    }

    /// The version of which picture belongs to which frame.
    fn version(&self) -> Option<u64> {
        self.surroundings.pictures.as_ref().map_or(Some(0), Pictures::version)
    }

    /// What [`Self::show`] said last.
    #[must_use]
    pub fn showing(&self) -> Option<&Showing> {
        self.shown.showing()
    }

    /// The names of the classes.
    #[must_use]
    pub fn class_names(&self) -> Arc<ClassNames> {
        Arc::clone(&self.annotations.provider().file().reading().classes)
    }

    /// Which fields of the boxes say something, as far as was seen.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        self.background.status().meaning.or(self.meaning)
    }

    /// Lines of a frame, as the index counts them.
    #[must_use]
    pub fn boxes_of(&self, frame: u32) -> u32 {
        self.annotations.provider().index().lines_of(frame)
    }

    /// Loads a picture that failed once more.
    pub fn retry_picture(&self, frame: u32) {
        if let Some(pictures) = &self.pictures {
            pictures.retry(Key::from(frame));
        }
    }

    /// How far the work behind it is, and what it found.
    #[must_use]
    pub fn status(&self) -> Arc<Status> {
        self.background.status()
    }

    /// The frames known so far.
    #[must_use]
    pub fn frames(&self) -> Arc<Frames> {
        Arc::clone(&self.background.status().frames)
    }

    /// How a cache is set up.
    #[must_use]
    pub fn tuning(&self, kind: CacheKind) -> Tuning {
        self.tuning[kind as usize]
    }

    /// Sets up a cache in another way, while it runs.
    pub fn tune(&mut self, kind: CacheKind, tuning: Tuning) {
        let before = std::mem::replace(&mut self.tuning[kind as usize], tuning);
        let background = &self.background;
        let change = tuning::Tuned { before, tuning, background };
        match (kind, &self.pictures) {
            (CacheKind::Annotations, _) => change.apply(&self.annotations),
            (CacheKind::Pictures, Some(pictures)) => change.apply(pictures),
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
        let (load_times, pictures) = match (kind, &self.pictures) {
            (CacheKind::Pictures, Some(pictures)) => (pictures.load_times(), true),
            _ => (self.annotations.load_times(), false),
        };
        let has_picture =
            |frame| self.pictures.as_ref().is_some_and(|pictures| pictures.provider().has(frame));
        let last = self.walk.accesses().rev().take(MAX_REPLAYED);
        let mut walk: Vec<Access> = last
            .filter(|(_, frame)| !pictures || has_picture(*frame))
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
            frames: Arc::clone(&self.background.frames),
            hints: self.background.hints.clone(),
            pictures: self.surroundings.pictures.clone().filter(|_| pictures),
        }
    }

    /// Frames that are known to be of interest: those that were hinted at, and those with lines that can't
    /// be read.
    #[must_use]
    pub fn events(&self) -> Vec<u32> {
        let frames = self.frames();
        let hinted = self.background.hints.get();
        let hinted = hinted.iter().filter_map(|rank| frames.at_rank(usize::try_from(*rank).ok()?));
        let mut events: Vec<u32> =
            hinted.chain(problem_frames(&self.background.status().findings)).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    /// Tells the caches which frames a person is likely to go to, besides those with lines that can't be
    /// read.
    pub fn hint(&self, likely: &[u32]) {
        let frames = self.frames();
        let problems = problem_frames(&self.background.status().findings);
        let all = likely.iter().copied().chain(problems);
        self.background.hints.set(all.map(|frame| frames.rank(frame) as Key));
        self.annotations.replan();
        if let Some(pictures) = &self.pictures {
            pictures.replan();
        }
    }

    /// Asks for trails of the frame that is shown; they come soon after.
    pub fn ask_trails(&self, back: u32, ahead: u32) {
        if let Some(showing) = self.showing() {
            let wish = Wish { frame: showing.frame, back, ahead };
            self.trails.ask(wish, self.background.status().frames_version);
        }
    }

    /// The trails that came last.
    #[must_use]
    pub fn trails(&self) -> Option<Arc<Trails>> {
        self.trails.made()
    }

    /// Bytes of the annotation file that are known, which grow where it is followed.
    #[must_use]
    pub fn read_up_to(&self) -> u64 {
        self.background.read_up_to.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The annotation file.
    #[must_use]
    pub fn annotations(&self) -> &MotProvider {
        self.annotations.provider()
    }

    /// Whether lines that are appended to the file are taken in as they come.
    pub fn set_follow(&self, follow: bool) {
        self.background.set_follow(follow);
    }

    /// Stops indexing and checking; what is known stays. The file is watched on, and where lines that are
    /// appended are to be taken in from now on, they are.
    pub fn cancel(&self) {
        self.background.stop();
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
        if let Some(size) = self.surroundings.pictures.as_ref().and_then(Pictures::size) {
            return size.map(f64::from);
        }
        if let (Some(width), Some(height)) = (self.paths.info.width, self.paths.info.height) {
            return [f64::from(width), f64::from(height)];
        }
        self.background.status().extent_size()
    }

    /// Frames a second, where the sequence or its video says.
    #[must_use]
    pub fn frame_rate(&self) -> Option<f64> {
        let pictures = self.surroundings.pictures.as_ref();
        let of_video = || pictures?.video()?.header().frame_rate;
        self.paths.info.frame_rate.or_else(of_video)
    }

    /// The pictures of the sequence.
    #[must_use]
    pub fn pictures(&self) -> Option<&Pictures> {
        self.surroundings.pictures.as_ref()
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
        self.annotations.provider().index().range().map(|(first, _)| first)
    }

    /// Which pictures belong to which frames.
    #[must_use]
    pub fn alignment(&self) -> Alignment {
        self.alignment
    }

    /// Aligns pictures and frames in another way. The frames follow soon after.
    pub fn align(&mut self, alignment: Alignment) {
        if std::mem::replace(&mut self.alignment, alignment) == alignment {
            return;
        }
        let (surroundings, background) =
            (Arc::clone(&self.surroundings), Arc::clone(&self.background.0));
        surroundings.set_alignment(alignment);
        // At once: what is shown is held against it. To put millions of frames together takes a moment.
        surroundings.align_pictures();
        let work = move || surroundings.put_together(&background);
        // Where there is no thread to be had, the next change of the frames does it.
        let _ = std::thread::Builder::new().name("frames".to_owned()).spawn(work);
    }

    /// Sets which values of pictures are black and white, where they are finer than a screen shows.
    pub fn set_range(&self, range: Option<[f32; 2]>) {
        if let (Some(pictures), Some(loaded)) = (self.pictures(), &self.pictures) {
            pictures.set_range(range, || loaded.clear());
        }
    }

    /// Whether there are pictures.
    #[must_use]
    pub fn has_pictures(&self) -> bool {
        self.pictures.is_some()
    }

    /// Takes over what the caches did. Once a repaint; copies only what changed.
    pub fn refresh(&mut self) {
        let [of_boxes, of_pictures] = &mut self.snapshots;
        if let Some(snapshot) = self.annotations.snapshot_since(of_boxes.version) {
            *of_boxes = snapshot;
            self.stats[0] = self.annotations.stats();
        }
        if let Some(pictures) = &self.pictures
            && let Some(snapshot) = pictures.snapshot_since(of_pictures.version)
        {
            *of_pictures = snapshot;
            self.stats[1] = pictures.stats();
        }
    }

    /// Counters of a cache, as of the last [`Self::refresh`].
    #[must_use]
    pub fn stats(&self, kind: CacheKind) -> &Stats {
        &self.stats[kind as usize]
    }

    /// The keys of a cache, as of the last [`Self::refresh`].
    #[must_use]
    pub fn snapshot(&self, kind: CacheKind) -> &Snapshot {
        &self.snapshots[kind as usize]
    }

    /// The cache that makes a person wait: of the pictures, where there are any.
    #[must_use]
    pub fn leading_cache(&self) -> CacheKind {
        if self.has_pictures() { CacheKind::Pictures } else { CacheKind::Annotations }
    }

    /// Where a frame stands, of all that is needed to show it.
    #[must_use]
    pub fn frame_state(&self, frame: u32) -> KeyState {
        let key = Key::from(frame);
        let boxes = self.snapshots[0].state(key);
        match &self.pictures {
            Some(pictures) if pictures.provider().has(frame) => self.snapshots[1].state(key),
            _ => boxes,
        }
    }
}

/// What of a sequence is open, and must not be written over.
#[must_use]
pub fn inputs(paths: &SequencePaths) -> Inputs {
    let mut inputs = Inputs::default();
    let files = [&paths.annotations, &paths.video, &paths.info.path];
    files.into_iter().flatten().for_each(|path| inputs.add(path));
    if let Some(annotations) = &paths.annotations {
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
