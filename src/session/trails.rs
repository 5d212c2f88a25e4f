//! Trails of the frame that is shown, made on a thread of their own: to draw where boxes came from takes
//! the boxes of many frames.

use super::status::Notify;
use crate::{
    cache::Cache,
    formats::{lines::Index, mot::MotProvider},
    inspector::{Feet, MOST_REACH, Trails, feet},
};
use parking_lot::{Condvar, Mutex};
use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
    thread,
};

/// What trails are asked for: the frame that is shown, and how many annotated frames before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The frame.
    pub frame: u32,
    /// Frames before.
    pub back: u32,
    /// Frames after.
    pub ahead: u32,
}

#[derive(Default)]
struct Desk {
    /// The newest wish that is not yet taken up.
    wish: Option<(Wish, u64)>,
    made: Option<Arc<Trails>>,
    /// What was asked for last, of which version of the file.
    last: Option<(Wish, u64)>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    desk: Mutex<Desk>,
    bell: Condvar,
}

/// Makes trails. Dropping it ends its thread.
pub(super) struct TrailMaker {
    shared: Arc<Shared>,
}

impl TrailMaker {
    /// Makes them of the boxes that `annotations` stands before, and calls `notify` when one is made.
    pub fn start(annotations: Weak<Cache<MotProvider>>, notify: Notify) -> Self {
        let shared = Arc::<Shared>::default();
        let work = Arc::clone(&shared);
        let life = move || work.work(&annotations, &notify);
        // Without a thread to be had there are no trails.
        let _ = thread::Builder::new().name("trails".to_owned()).spawn(life);
        Self { shared }
    }

    /// Asks for trails, unless they are what was asked for last; `version` changes with the file.
    pub fn ask(&self, wish: Wish, version: u64) {
        let mut desk = self.shared.desk.lock();
        if desk.last != Some((wish, version)) {
            desk.last = Some((wish, version));
            desk.wish = Some((wish, version));
            drop(desk);
            self.shared.bell.notify_one();
        }
    }

    /// The trails that were made last. While somebody plays, they may be of the frame before.
    pub fn made(&self) -> Option<Arc<Trails>> {
        self.shared.desk.lock().made.clone()
    }
}

impl Drop for TrailMaker {
    fn drop(&mut self) {
        self.shared.desk.lock().closed = true;
        self.shared.bell.notify_one();
    }
}

impl Shared {
    fn work(&self, annotations: &Weak<Cache<MotProvider>>, notify: &Notify) {
        let mut known = Known::default();
        loop {
            let (wish, version) = {
                let mut desk = self.desk.lock();
                loop {
                    if desk.closed {
                        return;
                    }
                    if let Some(wish) = desk.wish.take() {
                        break wish;
                    }
                    self.bell.wait(&mut desk);
                }
            };
            let Some(cache) = annotations.upgrade() else { return };
            // Where that fails, by a fault of ours, there are none for this frame.
            let make = || known.trails(cache.provider(), wish, version);
            let made = catch_unwind(AssertUnwindSafe(make)).ok();
            drop(cache);
            self.desk.lock().made = made.map(Arc::new);
            (notify.asked)();
        }
    }
}

/// The foot points of the frames around, so that a step loads one frame.
#[derive(Default)]
pub(super) struct Known {
    feet: HashMap<u32, Arc<Feet>>,
    version: u64,
}

impl Known {
    /// The trails of a frame; `version` changes with the file.
    pub fn trails(&mut self, provider: &MotProvider, wish: Wish, version: u64) -> Trails {
        if self.version != version {
            self.version = version;
            self.feet.clear();
        }
        let index = provider.index();
        let around = around(&index, wish);
        let mut found: Vec<(i32, Arc<Feet>)> = Vec::with_capacity(around.len());
        for (steps, frame) in &around {
            let feet = self.feet.entry(*frame).or_insert_with(|| {
                // A frame that can't be read has no boxes to lead to.
                let loaded = provider.load_frame(*frame).unwrap_or_default();
                Arc::new(feet(&loaded.detections))
            });
            found.push((*steps, Arc::clone(feet)));
        }
        if self.feet.len() > 4 * (around.len() + 16) {
            let needed: std::collections::HashSet<u32> =
                around.iter().map(|(_, frame)| *frame).collect();
            self.feet.retain(|frame, _| needed.contains(frame));
        }
        let reach = (wish.back, wish.ahead);
        Trails::new(wish.frame, reach, found.iter().map(|(steps, feet)| (*steps, &**feet)))
    }
}

/// The annotated frames around, each with its distance in such frames. None where the frame itself has no
/// line.
pub(super) fn around(index: &Index, wish: Wish) -> Vec<(i32, u32)> {
    if index.lines_of(wish.frame) == 0 {
        return Vec::new();
    }
    let here = index.rank(wish.frame) as i64;
    let steps = -(wish.back.min(MOST_REACH) as i32)..=wish.ahead.min(MOST_REACH) as i32;
    let frame_at = |steps: i32| {
        let rank = usize::try_from(here + i64::from(steps)).ok()?;
        Some((steps, index.at_rank(rank)?))
    };
    steps.filter_map(frame_at).collect()
}

/// Trails at once, on this thread: for programs without a window.
#[must_use]
pub fn trails_now(provider: &MotProvider, wish: Wish) -> Trails {
    Known::default().trails(provider, wish, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mot::MotFile;

    #[test]
    fn trails_step_over_frames_that_are_absent() {
        let text = b"2,7,0,0,10,10\n4,7,5,0,10,10\n9,7,9,0,10,10\n9,8,9,0,10,10\n";
        let source = Arc::new(MotFile::from_memory("a.txt", text).expect("text"));
        let index = Arc::new(Index::build(&source, &mut ()).expect("nothing cancels"));
        let provider = MotProvider::new(source, index);
        let trails = trails_now(&provider, Wish { frame: 9, back: 9, ahead: 9 });
        let trail = trails.get(7).expect("is there");
        let points: Vec<_> = trail.points.iter().map(|p| (p.steps, p.at[0], p.linked)).collect();
        assert_eq!(points, [(-2, 5.0, false), (-1, 10.0, true), (0, 14.0, true)]);
        assert_eq!((trail.speed, trails.get(8).and_then(|trail| trail.speed)), (Some(4.0), None));
        let none = trails_now(&provider, Wish { frame: 5, back: 9, ahead: 9 });
        assert_eq!(none.iter().count(), 0);
    }
}
