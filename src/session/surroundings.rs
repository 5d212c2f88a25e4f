//! Annotations and pictures of a sequence, put together to its frames.

use super::status::Background;
use crate::{
    cache::Cache,
    formats::{lines::Index, mot::MotProvider},
    inspector::Frames,
    media::{Advice, Alignment, Pictures},
};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

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
    /// What was told last of how far the video is counted: whole percent, and whether it goes on.
    told: Mutex<Option<(u32, bool)>>,
}

impl Surroundings {
    pub fn new(
        pictures: Option<Pictures>,
        length: Option<u32>,
        annotations: Weak<Cache<MotProvider>>,
        loaded: Weak<Cache<Pictures>>,
    ) -> Self {
        let (alignment, putting) = (Mutex::default(), Mutex::default());
        let told = Mutex::default();
        Self { pictures, length, alignment, annotations, loaded, putting, told }
    }

    pub fn set_alignment(&self, alignment: Alignment) {
        *self.alignment.lock() = alignment;
    }

    /// Drops what was loaded, as a video's pictures have other numbers than was thought.
    pub fn drop_pictures(&self) {
        if let Some(pictures) = &self.pictures {
            pictures.change(|| self.clear());
        }
    }

    fn clear(&self) {
        if let Some(loaded) = self.loaded.upgrade() {
            loaded.clear();
        }
    }

    /// Lets pictures belong to other frames from now on, where the alignment says so.
    pub fn align_pictures(&self) {
        let Some(annotations) = self.annotations.upgrade() else { return };
        let first = annotations.provider().index().range().map(|(first, _)| first);
        if let Some(pictures) = &self.pictures {
            let alignment = self.alignment.lock();
            pictures.align(*alignment, first, || self.clear());
        }
    }

    /// Puts the frames together from what is known of annotations and pictures.
    pub fn put_together(&self, background: &Background) {
        let Some(annotations) = self.annotations.upgrade() else { return };
        let mut putting = self.putting.lock();
        let index = annotations.provider().index();
        // Before anybody hears of the frames, and asks for their pictures.
        self.align_pictures();
        let pictures = self.pictures.as_ref().map(Pictures::frames).unwrap_or_default();
        *putting = pictures.len();
        let frames = Frames::new(index.iter(), pictures.into_iter(), self.length);
        let advice = self.advice(&index);
        background.change(|status| status.advice = advice);
        background.set_frames(frames, Some(&index));
        drop(putting);
        if let Some(loaded) = self.loaded.upgrade() {
            loaded.replan();
        }
    }

    /// What seems wrong with the alignment, unless somebody chose it.
    fn advice(&self, index: &Index) -> Option<Arc<Advice>> {
        let chosen = *self.alignment.lock() != Alignment::default();
        let pictures = self.pictures.as_ref().filter(|_| !chosen && index.is_complete())?;
        let annotated: Vec<u32> =
            index.iter().filter(|(_, boxes)| *boxes > 0).map(|(frame, _)| frame).collect();
        pictures.advice(&annotated).map(Arc::new)
    }

    /// The same, unless there are as many pictures as before, or hardly more: all is then not put together
    /// anew. The news are told where there is something to be seen of them.
    pub fn put_together_anew(&self, background: &Background) {
        /// More pictures are put together when there is such a part of them more.
        const PART: usize = 16;
        let known = self.pictures.as_ref().map_or(0, Pictures::len);
        let count = self.pictures.as_ref().and_then(Pictures::count);
        let complete = count.as_ref().is_none_or(|c| c.complete || c.broken_off.is_some());
        let share =
            count.map_or(100, |c| u64::from(c.counted) * 100 / u64::from(c.frames).max(1)) as u32;
        let before = *self.putting.lock();
        let hardly_more = (before..=before + before / PART).contains(&known);
        // Complete, it is known whether all frames have pictures.
        if !complete && hardly_more {
            if self.told.lock().replace((share, complete)) != Some((share, complete)) {
                background.change(|_| ());
            }
        } else {
            self.put_together(background);
        }
    }
}
