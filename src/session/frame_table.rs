//! The frames of a sequence: those of its layers and of its pictures, put together.

use super::status::Notify;
use crate::{
    cache::{Cache, Event, Key, predictors::Hints},
    formats::{lines::Index, mot::MotProvider},
    inspector::{Frames, Profile},
    media::{Advice, Alignment, Pictures},
    model::LayerId,
};
use parking_lot::{Mutex, RwLock};
use std::sync::{
    Arc, OnceLock, Weak,
    atomic::{AtomicU64, Ordering},
};

/// The frames of a sequence, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct KnownFrames {
    /// The frames.
    pub frames: Arc<Frames>,
    /// Grows with each change of `frames`.
    pub version: u64,
    /// What seems wrong with which picture belongs to which frame.
    pub advice: Option<Arc<Advice>>,
    /// How many boxes the frames have in each layer, where there are several.
    pub profiles: Vec<(LayerId, Arc<Profile>)>,
}

/// What the frames of a sequence are put together from, and what came of it. Shared between the session and
/// the threads that read its layers and its video.
pub(super) struct FrameTable {
    pub pictures: Option<Pictures>,
    /// The length that `seqinfo.ini` tells.
    length: Option<u32>,
    alignment: Mutex<Alignment>,
    /// The layers, the one first whose frame numbers are the sequence's.
    layers: Mutex<Vec<LayerFrames>>,
    /// The pictures' cache.
    loaded: OnceLock<Weak<Cache<Pictures>>>,
    /// Held while frames are put together, so that the newest come last; how many pictures there were.
    putting: Mutex<usize>,
    /// What was told last of how far the video is counted: whole percent, and whether it goes on.
    told: Mutex<Option<(u32, bool)>>,
    known: Mutex<Arc<KnownFrames>>,
    /// What the predictors step over.
    pub frames: Arc<RwLock<Arc<Frames>>>,
    /// Places among the existing frames that a person is likely to go to.
    pub hints: Hints,
    /// Frames whose pictures somebody looks at besides the one that is shown.
    pub looked_at: Hints,
    /// The frame that somebody waits for; `u64::MAX` where all is there.
    awaited: AtomicU64,
    notify: Notify,
}

/// The frames of a layer.
struct LayerFrames {
    layer: LayerId,
    annotations: Weak<Cache<MotProvider>>,
}

impl FrameTable {
    pub fn new(
        pictures: Option<Pictures>,
        length: Option<u32>,
        alignment: Alignment,
        notify: Notify,
    ) -> Self {
        Self {
            pictures,
            length,
            alignment: Mutex::new(alignment),
            layers: Mutex::default(),
            loaded: OnceLock::new(),
            putting: Mutex::default(),
            told: Mutex::default(),
            known: Mutex::default(),
            frames: Arc::default(),
            hints: Hints::default(),
            looked_at: Hints::default(),
            awaited: AtomicU64::new(u64::MAX),
            notify,
        }
    }

    /// Takes in the pictures' cache, once it is there.
    pub fn set_loaded(&self, loaded: Weak<Cache<Pictures>>) {
        // There is one, and it is set once.
        let _ = self.loaded.set(loaded);
    }

    /// Takes in another layer, or the same one that was read anew. Its frames are known once they are put
    /// together.
    pub fn add(&self, layer: LayerId, annotations: Weak<Cache<MotProvider>>) {
        let mut layers = self.layers.lock();
        match layers.iter_mut().find(|known| known.layer == layer) {
            Some(known) => known.annotations = annotations,
            None => layers.push(LayerFrames { layer, annotations }),
        }
    }

    /// Lets go of a layer.
    pub fn remove(&self, layer: LayerId) {
        self.layers.lock().retain(|known| known.layer != layer);
    }

    /// The frames known so far.
    pub fn known(&self) -> Arc<KnownFrames> {
        Arc::clone(&self.known.lock())
    }

    pub fn alignment(&self) -> Alignment {
        *self.alignment.lock()
    }

    pub fn set_alignment(&self, alignment: Alignment) {
        *self.alignment.lock() = alignment;
    }

    /// The indexes of the layers, those that are still there.
    fn indexes(&self) -> Vec<(LayerId, Arc<Index>)> {
        let layers = self.layers.lock();
        let there = layers.iter().filter_map(|known| {
            Some((known.layer, known.annotations.upgrade()?.provider().index()))
        });
        there.collect()
    }

    /// The cache of a layer, unless it is gone.
    pub fn annotations(&self, layer: LayerId) -> Option<Arc<Cache<MotProvider>>> {
        let layers = self.layers.lock();
        layers.iter().find(|known| known.layer == layer)?.annotations.upgrade()
    }

    /// The cache of the pictures, where there are any.
    pub fn loaded(&self) -> Option<Arc<Cache<Pictures>>> {
        self.loaded.get().and_then(Weak::upgrade)
    }

    /// Drops what was loaded, as a video's pictures have other numbers than was thought.
    pub fn drop_pictures(&self) {
        if let Some(pictures) = &self.pictures {
            pictures.change(|| self.clear());
        }
    }

    fn clear(&self) {
        if let Some(loaded) = self.loaded() {
            loaded.clear();
        }
    }

    /// Lets pictures belong to other frames from now on, where the alignment says so.
    pub fn align_pictures(&self) {
        self.align_pictures_by(&self.indexes());
    }

    fn align_pictures_by(&self, indexes: &[(LayerId, Arc<Index>)]) {
        let first = indexes.first().and_then(|(_, index)| index.range()).map(|(first, _)| first);
        if let Some(pictures) = &self.pictures {
            let alignment = self.alignment.lock();
            pictures.align(*alignment, first, || self.clear());
        }
    }

    /// Puts the frames together from what is known of annotations and pictures.
    pub fn put_together(&self) {
        let mut putting = self.putting.lock();
        let indexes = self.indexes();
        // Before anybody hears of the frames, and asks for their pictures.
        self.align_pictures_by(&indexes);
        let pictures = self.pictures.as_ref().map(Pictures::frames).unwrap_or_default();
        *putting = pictures.len();
        let annotated = most_boxes(&indexes);
        let frames = Arc::new(Frames::new(annotated, pictures.into_iter(), self.length));
        let advice = indexes.first().and_then(|(_, index)| self.advice(index));
        let several = indexes.iter().filter(|_| indexes.len() > 1);
        let profile = |index: &Index| Arc::new(frames.profile_over(index.iter()));
        let profiles = several.map(|(layer, index)| (*layer, profile(index))).collect();
        *self.frames.write() = Arc::clone(&frames);
        {
            let mut known = self.known.lock();
            let version = known.version + 1;
            *known = Arc::new(KnownFrames { frames, version, advice, profiles });
        }
        drop(putting);
        (self.notify.behind)();
        if let Some(loaded) = self.loaded() {
            loaded.replan();
        }
    }

    /// What seems wrong with the alignment, unless somebody chose it.
    fn advice(&self, index: &Index) -> Option<Arc<Advice>> {
        let chosen = self.alignment() != Alignment::default();
        let pictures = self.pictures.as_ref().filter(|_| !chosen && index.is_complete())?;
        let annotated: Vec<u32> =
            index.iter().filter(|(_, boxes)| *boxes > 0).map(|(frame, _)| frame).collect();
        pictures.advice(&annotated).map(Arc::new)
    }

    /// The same, unless there are as many pictures as before, or hardly more: all is then not put together
    /// anew. The news are told where there is something to be seen of them.
    pub fn put_together_anew(&self) {
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
                (self.notify.behind)();
            }
        } else {
            self.put_together();
        }
    }

    /// Notes which frame somebody waits for.
    pub fn set_awaited(&self, frame: Option<u32>) {
        self.awaited.store(frame.map_or(u64::MAX, Key::from), Ordering::Relaxed);
    }

    /// Tells that a cache did something.
    pub fn tell_of<E>(&self, event: &Event<E>) {
        let awaited = self.awaited.load(Ordering::Relaxed);
        let is_demand =
            matches!(event, Event::CacheLoadComplete { .. } | Event::CacheLoadError { .. });
        // What was loaded ahead may be what somebody has come to wait for.
        let has_come = matches!(event, Event::PrefetchSuccess { .. } | Event::PrefetchError { .. })
            && event.key() == Some(awaited);
        if is_demand || has_come { (self.notify.asked)() } else { (self.notify.behind)() }
    }
}

/// The frames of all layers, ascending, and how many lines each has in the layer that has the most.
fn most_boxes(indexes: &[(LayerId, Arc<Index>)]) -> impl Iterator<Item = (u32, u32)> {
    let mut layers: Vec<_> = indexes.iter().map(|(_, index)| index.iter().peekable()).collect();
    std::iter::from_fn(move || {
        let next = layers.iter_mut().filter_map(|layer| Some(layer.peek()?.0)).min()?;
        let of_next = layers.iter_mut().filter_map(|layer| layer.next_if(|(at, _)| *at == next));
        Some((next, of_next.map(|(_, lines)| lines).max()?))
    })
}
