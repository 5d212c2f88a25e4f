//! How far the reading of a layer is, and what the session and the thread that reads tell each other.

use super::watch::Change;
use crate::{analysis::TrackTable, formats::mot::Findings, inspector::scene::InformativeFields};
use parking_lot::Mutex;
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Called, from other threads, when there is something new to show.
#[derive(Clone)]
pub struct Notify {
    /// Somebody waits for it: it is to be shown at once.
    pub asked: Arc<dyn Fn() + Send + Sync>,
    /// It happened behind, and may be shown when it is convenient.
    pub behind: Arc<dyn Fn() + Send + Sync>,
}

impl<F: Fn() + Send + Sync + 'static> From<Arc<F>> for Notify {
    /// The same for both.
    fn from(call: Arc<F>) -> Self {
        Self { asked: Arc::clone(&call) as _, behind: call }
    }
}

/// What the work is at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Phase {
    /// Finding the frames; done so far, from 0 to 1.
    Indexing(f32),
    /// Reading every line; done so far, from 0 to 1.
    Checking(f32),
    /// Following the tracks; done so far, from 0 to 1.
    Following(f32),
    /// All done.
    #[default]
    Done,
    /// Somebody stopped it.
    Cancelled,
}

impl Phase {
    /// Done so far of it, from 0 to 1.
    #[must_use]
    pub fn done(self) -> f32 {
        match self {
            Self::Indexing(done) | Self::Checking(done) | Self::Following(done) => done,
            Self::Done | Self::Cancelled => 1.0,
        }
    }
}

/// How far the work is, and what it found.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// What it is at.
    pub phase: Phase,
    /// What the check found so far.
    pub findings: Arc<Findings>,
    /// Whether the frames known are whole; not so in a file whose lines turned out to be in
    /// another order than that of the frames, until all of it is read.
    pub whole: bool,
    /// Whether all frames of the file are known.
    pub complete: bool,
    /// Which fields say something.
    pub meaning: InformativeFields,
    /// The tracks, once they are followed.
    pub tracks: Arc<TrackTable>,
    /// What became of the file since it was read, if anything that is not followed.
    pub change: Option<Change>,
    /// Why the work ended before its time, if it did by itself: a sentence.
    pub failed: Option<Arc<str>>,
}

impl Status {
    /// A canvas for the boxes where nothing says how large the picture is.
    #[must_use]
    pub fn extent_size(&self) -> [f64; 2] {
        /// The size of most video, until the boxes are known.
        const USUAL: [f64; 2] = [1920.0, 1080.0];
        let Some([_, _, right, bottom]) = self.findings.extent else { return USUAL };
        if right < 1.0 || bottom < 1.0 {
            return USUAL;
        }
        [right.ceil(), bottom.ceil()]
    }
}

/// Shared between the work and the session.
pub struct LayerWork {
    status: Mutex<Arc<Status>>,
    /// Whether somebody wants what is read just now to be read no further.
    stopped: AtomicBool,
    /// Whether the session is gone.
    closed: AtomicBool,
    follow: AtomicBool,
    /// Bytes of the file that are indexed.
    pub(super) read_up_to: AtomicU64,
    notify: Notify,
}

impl LayerWork {
    pub(super) fn new(notify: Notify) -> Self {
        Self {
            status: Mutex::default(),
            stopped: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            follow: AtomicBool::new(false),
            read_up_to: AtomicU64::new(0),
            notify,
        }
    }

    pub(super) fn status(&self) -> Arc<Status> {
        Arc::clone(&self.status.lock())
    }

    /// Stops what is read just now. The file is watched on, and can be followed.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Ends all work.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// What was stopped is: what is read from now on is read.
    pub(super) fn heard(&self) {
        self.stopped.store(false, Ordering::Relaxed);
    }

    /// Whether lines that are appended are to be taken in as they come.
    pub(super) fn set_follow(&self, follow: bool) {
        self.follow.store(follow, Ordering::Relaxed);
    }

    pub(super) fn follows(&self) -> bool {
        self.follow.load(Ordering::Relaxed)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// The work ended by a fault of ours.
    pub(super) fn failed(&self, sentence: &str) {
        self.change(|status| {
            status.phase = Phase::Cancelled;
            status.failed = Some(sentence.into());
        });
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Status)) {
        {
            // Several threads change it: none may overwrite what another did.
            let mut status = self.status.lock();
            let mut changed = Status::clone(&status);
            change(&mut changed);
            *status = Arc::new(changed);
        }
        (self.notify.behind)();
    }

    pub(super) fn flow(&self) -> ControlFlow<()> {
        let stop = self.stopped.load(Ordering::Relaxed) || self.is_closed();
        if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Ends the work when the session goes.
pub(super) struct Handle(pub Arc<LayerWork>);

impl std::ops::Deref for Handle {
    type Target = LayerWork;

    fn deref(&self) -> &LayerWork {
        &self.0
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}
