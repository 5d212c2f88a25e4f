//! Trails of the frame that is shown, made on a thread of their own: to draw where boxes came from takes
//! the boxes of many frames.

use super::{newest::Newest, status::Notify};
use crate::{
    cache::Cache,
    formats::{lines::Index, mot::MotProvider},
    inspector::{Feet, MOST_REACH, Trails, feet},
};
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

/// What trails are asked for: the frame that is shown, and how many annotated frames before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailRequest {
    /// The frame.
    pub frame: u32,
    /// Frames before.
    pub back: u32,
    /// Frames after.
    pub ahead: u32,
}

/// Makes trails, each of a version of the frames.
pub(super) type TrailMaker = Newest<(TrailRequest, u64), Trails>;

/// Makes them of the boxes that `annotations` stands before, and calls `notify` when some are made.
pub(super) fn trail_maker(annotations: Weak<Cache<MotProvider>>, notify: Notify) -> TrailMaker {
    let mut known = Known::default();
    Newest::new("trails", notify, move |(wish, version)| {
        let cache = annotations.upgrade()?;
        Some(known.trails(cache.provider(), *wish, *version))
    })
}

/// The foot points of the frames around, so that a step loads one frame.
#[derive(Default)]
pub(super) struct Known {
    feet: HashMap<u32, Arc<Feet>>,
    version: u64,
}

impl Known {
    /// The trails of a frame; `version` changes with the file.
    pub fn trails(&mut self, provider: &MotProvider, wish: TrailRequest, version: u64) -> Trails {
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
pub(super) fn around(index: &Index, wish: TrailRequest) -> Vec<(i32, u32)> {
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
pub fn trails_now(provider: &MotProvider, wish: TrailRequest) -> Trails {
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
        let trails = trails_now(&provider, TrailRequest { frame: 9, back: 9, ahead: 9 });
        let trail = trails.get(7).expect("is there");
        let points: Vec<_> = trail.points.iter().map(|p| (p.steps, p.at[0], p.linked)).collect();
        assert_eq!(points, [(-2, 5.0, false), (-1, 10.0, true), (0, 14.0, true)]);
        assert_eq!((trail.speed, trails.get(8).and_then(|trail| trail.speed)), (Some(4.0), None));
        let none = trails_now(&provider, TrailRequest { frame: 5, back: 9, ahead: 9 });
        assert_eq!(none.iter().count(), 0);
    }
}
