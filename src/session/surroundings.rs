//! Annotations and pictures of a sequence, put together to its frames.

use super::background::Background;
use crate::{
    cache::Cache,
    inspector::Frames,
    media::{Alignment, Pictures},
    mot::MotProvider,
};
use parking_lot::Mutex;
use std::sync::Weak;

/// What the frames of a sequence are put together from.
pub(super) struct Surroundings {
    pub pictures: Option<Pictures>,
    /// The length that `seqinfo.ini` tells.
    length: Option<u32>,
    alignment: Mutex<Alignment>,
    annotations: Weak<Cache<MotProvider>>,
    loaded: Weak<Cache<Pictures>>,
    /// Held while frames are put together, so that the newest come last; how many pictures there were.
    putting: Mutex<usize>,
}

impl Surroundings {
    pub fn new(
        pictures: Option<Pictures>,
        length: Option<u32>,
        annotations: Weak<Cache<MotProvider>>,
        loaded: Weak<Cache<Pictures>>,
    ) -> Self {
        let (alignment, putting) = (Mutex::default(), Mutex::default());
        Self { pictures, length, alignment, annotations, loaded, putting }
    }

    pub fn set_alignment(&self, alignment: Alignment) {
        *self.alignment.lock() = alignment;
    }

    /// Drops what was loaded, as it may be of other frames.
    pub fn drop_pictures(&self) {
        if let Some(loaded) = self.loaded.upgrade() {
            loaded.clear();
        }
    }

    /// Puts the frames together from what is known of annotations and pictures.
    pub fn put_together(&self, background: &Background) {
        let Some(annotations) = self.annotations.upgrade() else { return };
        let mut putting = self.putting.lock();
        let index = annotations.provider().index();
        let first = index.range().map(|(first, _)| first);
        let alignment = *self.alignment.lock();
        let moved = self.pictures.as_ref().is_some_and(|p| p.align(alignment, first));
        let pictures = self.pictures.as_ref().map(Pictures::frames).unwrap_or_default();
        *putting = pictures.len();
        let frames = Frames::new(index.iter(), pictures.into_iter(), self.length);
        background.set_frames(frames, Some(&index));
        drop(putting);
        if moved {
            self.drop_pictures();
        }
        if let Some(loaded) = self.loaded.upgrade() {
            loaded.replan();
        }
    }

    /// The same, unless there are just as many pictures as before; the news are told all the same.
    pub fn put_together_anew(&self, background: &Background) {
        let known = self.pictures.as_ref().map_or(0, Pictures::len);
        if *self.putting.lock() == known {
            background.change(|_| ());
        } else {
            self.put_together(background);
        }
    }
}
