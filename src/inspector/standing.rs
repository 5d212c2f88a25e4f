//! How caches stand, to be shown.

use crate::cache::Stats;

/// How a cache stands, or several that are asked together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Accesses that were hits so far, of all of them.
    pub hits: u64,
    /// Accesses that were misses so far, of all of them.
    pub misses: u64,
    /// Share of all accesses that were hits, from 0 to 1: of several the worst. `None` before the first.
    pub hit_rate: Option<f64>,
    /// Keys queued and in flight, of all of them.
    pub queue: usize,
}

impl Standing {
    /// How caches stand that are asked together: somebody waits for the worst of them.
    pub fn of_all<'a>(all: impl Iterator<Item = &'a Stats>) -> Self {
        all.fold(Self::default(), |all, stats| {
            let own = Self::from(stats);
            let worst = match (all.hit_rate, own.hit_rate) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            Self {
                hits: all.hits + own.hits,
                misses: all.misses + own.misses,
                hit_rate: worst,
                queue: all.queue + own.queue,
            }
        })
    }
}

impl From<&Stats> for Standing {
    fn from(stats: &Stats) -> Self {
        Self {
            hits: stats.hits,
            misses: stats.misses,
            hit_rate: stats.hit_rate(),
            queue: stats.active_prefetch_tasks + stats.in_flight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_the_worst_counts() {
        let stats = |hits, misses, in_flight| Stats { hits, misses, in_flight, ..Stats::default() };
        let all = [stats(9, 1, 2), stats(1, 1, 3), stats(0, 0, 0)];
        let standing = Standing::of_all(all.iter());
        let expected = Standing { hits: 10, misses: 2, hit_rate: Some(0.5), queue: 5 };
        assert_eq!(standing, expected);
        assert_eq!(Standing::of_all(std::iter::empty()), Standing::default());
    }
}
