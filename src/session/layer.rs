//! A layer: an annotation file over the picture, with a cache and a reader of its own.

use super::{
    LayerFile, Status,
    role::PresumedRole,
    status::{Handle, LayerWork, Notify},
    trails::{TrailMaker, TrailRequest, trail_maker},
    tuning::Tuned,
};
use crate::{
    cache::{Cache, Key, KeyState, Request, Snapshot, Stats},
    formats::mot::MotProvider,
    inspector::{CacheKind, Trails, Tuning, scene::InformativeFields},
    model::{ClassNames, FrameDetections, LayerId, ReadError, Role},
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// An annotation file over the picture. Asking it for a frame never waits.
pub struct Layer {
    /// Its number.
    pub id: LayerId,
    role: PresumedRole,
    /// What it is called.
    pub name: String,
    /// The file; `None` where there is none, as beside a video alone.
    pub path: Option<PathBuf>,
    pub(super) annotations: Arc<Cache<MotProvider>>,
    work: Handle,
    trails: TrailMaker,
    tuning: Tuning,
    meaning: InformativeFields,
    /// The boxes that `meaning` has taken in last.
    judged: Option<Arc<FrameDetections>>,
    snapshot: Snapshot,
    stats: Stats,
}

/// What is known of a layer before its file is read.
pub(super) struct LayerParts {
    pub id: LayerId,
    pub role: PresumedRole,
    pub name: String,
    pub path: Option<PathBuf>,
}

impl LayerParts {
    /// The layer before a cache.
    pub fn layer(
        self,
        annotations: Arc<Cache<MotProvider>>,
        work: &Arc<LayerWork>,
        notify: &Notify,
    ) -> Layer {
        let Self { id, role, name, path } = self;
        let trails = trail_maker(Arc::downgrade(&annotations), notify.clone());
        Layer {
            id,
            role,
            name,
            path,
            annotations,
            work: Handle(Arc::clone(work)),
            trails,
            tuning: Tuning::of(CacheKind::Annotations),
            meaning: InformativeFields::default(),
            judged: None,
            snapshot: Snapshot::default(),
            stats: Stats::default(),
        }
    }
}

impl Layer {
    /// What its boxes are.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role.role
    }

    /// Says what its boxes are.
    pub(super) fn set_role(&mut self, role: Role) {
        self.role = PresumedRole { role, known: true };
    }

    /// Frames that its boxes are later than its lines say.
    #[must_use]
    pub fn shift(&self) -> i32 {
        self.annotations().file().shift()
    }

    /// How it is opened once more.
    #[must_use]
    pub fn file(&self) -> Option<LayerFile> {
        let (path, role) = (self.path.clone()?, Some(self.role()));
        Some(LayerFile { path, role, shift: self.shift() })
    }

    /// The file's frames.
    #[must_use]
    pub fn annotations(&self) -> &MotProvider {
        self.annotations.provider()
    }

    /// How far reading it is, and what was found.
    #[must_use]
    pub fn status(&self) -> Arc<Status> {
        self.work.status()
    }

    /// The names of its classes.
    #[must_use]
    pub fn class_names(&self) -> Arc<ClassNames> {
        Arc::clone(&self.annotations().file().reading().classes)
    }

    /// Which fields of its boxes say something, as far as was seen.
    #[must_use]
    pub fn meaning(&self) -> InformativeFields {
        self.work.status().meaning.or(self.meaning)
    }

    /// Lines of a frame, as the index counts them.
    #[must_use]
    pub fn boxes_of(&self, frame: u32) -> u32 {
        self.annotations().index().lines_of(frame)
    }

    /// Bytes of the file that are known, which grow where it is followed.
    #[must_use]
    pub fn read_up_to(&self) -> u64 {
        self.work.read_up_to.load(Ordering::Relaxed)
    }

    /// Whether lines that are appended to the file are taken in as they come.
    pub fn set_follow(&self, follow: bool) {
        self.work.set_follow(follow);
    }

    /// Stops indexing and checking; what is known stays. The file is watched on, and where lines that are
    /// appended are to be taken in from now on, they are.
    pub fn cancel(&self) {
        self.work.stop();
    }

    /// How its cache is set up.
    #[must_use]
    pub fn tuning(&self) -> Tuning {
        self.tuning
    }

    /// Counters of its cache, as of the last [`Session::refresh`](super::Session::refresh).
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The keys of its cache, as of the last [`Session::refresh`](super::Session::refresh).
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Where a frame stands in its cache.
    #[must_use]
    pub fn frame_state(&self, frame: u32) -> KeyState {
        self.snapshot.state(Key::from(frame))
    }

    /// Its trails that came last.
    #[must_use]
    pub fn trails(&self) -> Option<Arc<Trails>> {
        self.trails.made()
    }

    /// Asks for trails, which come soon after; `version` changes with the frames.
    pub(super) fn ask_trails(&self, wish: TrailRequest, version: u64) {
        self.trails.ask((wish, version));
    }

    pub(super) fn request(&self, frame: u32) -> Request<FrameDetections, ReadError> {
        self.annotations.request(Key::from(frame))
    }

    /// The boxes of a frame, if they are in the cache. No access.
    pub(super) fn peek(&self, frame: u32) -> Option<Arc<FrameDetections>> {
        self.annotations.peek(Key::from(frame))
    }

    /// Takes in which fields of some boxes say something: once, not at every repaint.
    pub(super) fn judge(&mut self, boxes: &Arc<FrameDetections>) {
        if !self.judged.as_ref().is_some_and(|judged| Arc::ptr_eq(judged, boxes)) {
            self.meaning = self.meaning.or(InformativeFields::of(boxes.detections.iter()));
            self.judged = Some(Arc::clone(boxes));
        }
    }

    pub(super) fn tune(&mut self, change: &Tuned<'_>) {
        self.tuning = change.tuning;
        change.apply(&self.annotations);
    }

    /// Takes over what its cache did; copies only what changed.
    pub(super) fn refresh(&mut self) {
        if !self.role.known {
            self.role = self.role.with(&self.work.status());
        }
        if let Some(snapshot) = self.annotations.snapshot_since(self.snapshot.version) {
            self.snapshot = snapshot;
            self.stats = self.annotations.stats();
        }
    }
}
