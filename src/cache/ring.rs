//! Bounded memories of the recent past.

use std::{collections::VecDeque, time::Duration};

/// Appends, and drops the oldest beyond `limit`.
pub(super) fn bounded_push<T>(ring: &mut VecDeque<T>, value: T, limit: usize) {
    ring.push_back(value);
    while ring.len() > limit {
        ring.pop_front();
    }
}

/// Load times kept for the percentiles.
const MAX_TIMES: usize = 128;

/// The last load times.
#[derive(Default)]
pub(super) struct LoadTimes(VecDeque<Duration>);

impl LoadTimes {
    pub fn push(&mut self, took: Duration) {
        bounded_push(&mut self.0, took, MAX_TIMES);
    }

    /// Oldest first.
    pub fn all(&self) -> Vec<Duration> {
        self.0.iter().copied().collect()
    }

    /// Median and 95th percentile; zero before the first load.
    pub fn percentiles(&self) -> (Duration, Duration) {
        let mut times: Vec<Duration> = self.0.iter().copied().collect();
        times.sort_unstable();
        let at = |share: usize| {
            let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
            times.get(index).copied().unwrap_or_default()
        };
        (at(50), at(95))
    }
}
