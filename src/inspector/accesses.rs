//! How the caches did at the last accesses, bounded: the course of time here is where somebody went, not
//! the clock, so that it stands still while nobody goes anywhere.

use super::{CacheKind, PerCache, Standing};
use std::collections::VecDeque;

/// Accesses kept; the oldest are forgotten.
pub const MAX_ACCESSES: usize = 1024;

/// What one access found, and what came of it until the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accessed {
    /// The frame that was asked for.
    pub frame: u32,
    /// How each cache did, annotations first; `None` where it was not asked.
    pub caches: PerCache<Option<Answered>>,
}

/// How a cache did at an access.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answered {
    /// Whether it had the frame in memory.
    pub hit: bool,
    /// Share of all accesses up to this one that were hits, from 0 to 1.
    pub hit_rate: f64,
    /// Frames queued and in flight when they were last looked at before the next access.
    pub queue: usize,
    /// The most of them since this access.
    pub peak: usize,
}

impl Accessed {
    /// Whether somebody had to wait for any of it.
    #[must_use]
    pub fn missed(&self) -> bool {
        self.caches.iter().flatten().any(|answered| !answered.hit)
    }
}

/// The last accesses.
#[derive(Clone, Debug, Default)]
pub struct Accesses {
    ring: VecDeque<Accessed>,
    /// Hits and misses of each cache so far.
    seen: PerCache<(u64, u64)>,
    version: u64,
}

impl Accesses {
    /// Takes in how the caches stand after `frame` was asked for, annotations first. Called at every
    /// repaint; only what changed is taken in.
    pub fn take(&mut self, frame: u32, stats: PerCache<Standing>) {
        let asked = PerCache::of(|kind| (stats[kind].hits, stats[kind].misses) != self.seen[kind]);
        if asked.annotations || asked.pictures {
            let answered = |kind: CacheKind| {
                let stats = stats[kind];
                asked[kind].then(|| Answered {
                    hit: stats.misses == self.seen[kind].1,
                    hit_rate: stats.hit_rate.unwrap_or(0.0),
                    queue: stats.queue,
                    peak: stats.queue,
                })
            };
            let caches = PerCache::of(answered);
            self.seen = stats.map(|stats| (stats.hits, stats.misses));
            if self.ring.len() == MAX_ACCESSES {
                self.ring.pop_front();
            }
            self.ring.push_back(Accessed { frame, caches });
            self.version += 1;
        } else if let Some(last) = self.ring.back_mut() {
            for kind in CacheKind::ALL {
                let Some(answered) = &mut last.caches[kind] else { continue };
                let queue = stats[kind].queue;
                if answered.queue != queue {
                    answered.queue = queue;
                    answered.peak = answered.peak.max(queue);
                    self.version += 1;
                }
            }
        }
    }

    /// The accesses kept, oldest first.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Accessed> + DoubleEndedIterator {
        self.ring.iter()
    }

    /// The access that was made as many accesses before the last one.
    #[must_use]
    pub fn back(&self, before: usize) -> Option<&Accessed> {
        self.ring.get(self.ring.len().checked_sub(before + 1)?)
    }

    /// Grows with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(hits: u64, misses: u64, queue: usize) -> Standing {
        let all = hits + misses;
        let hit_rate = (all > 0).then(|| hits as f64 / all as f64);
        Standing { hits, misses, hit_rate, queue }
    }

    #[test]
    fn an_access_is_one_entry_and_repaints_add_none() {
        let mut accesses = Accesses::default();
        let none = Standing::default();
        accesses.take(1, (none, none).into());
        assert_eq!((accesses.iter().len(), accesses.version()), (0, 0));
        accesses.take(7, (stats(0, 1, 1), stats(0, 1, 3)).into());
        accesses.take(7, (stats(0, 1, 1), stats(0, 1, 9)).into());
        accesses.take(7, (stats(0, 1, 0), stats(0, 1, 2)).into());
        let version = accesses.version();
        accesses.take(7, (stats(0, 1, 0), stats(0, 1, 2)).into());
        assert_eq!((accesses.iter().len(), accesses.version()), (1, version));
        let first = accesses.back(0).expect("an access");
        assert!(first.missed());
        let pictures = first.caches.pictures.expect("both were asked");
        assert_eq!((pictures.queue, pictures.peak, pictures.hit), (2, 9, false));
        // A frame without a picture.
        accesses.take(8, (stats(1, 1, 0), stats(0, 1, 2)).into());
        let second = accesses.back(0).expect("an access");
        assert_eq!((second.frame, second.caches.pictures, second.missed()), (8, None, false));
        let boxes = second.caches.annotations.expect("they were asked");
        assert!(boxes.hit && boxes.hit_rate == 0.5);
        assert_eq!(accesses.back(1).map(|access| access.frame), Some(7));
        assert!(accesses.back(2).is_none());
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut accesses = Accesses::default();
        for hits in 1..=2000_u32 {
            accesses.take(hits, (stats(u64::from(hits), 0, 0), Standing::default()).into());
        }
        assert_eq!(accesses.iter().len(), MAX_ACCESSES);
        assert_eq!(accesses.iter().next().map(|access| access.frame), Some(2001 - 1024));
    }
}
