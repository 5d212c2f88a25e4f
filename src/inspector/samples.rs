//! Samples behind the plots: the recent past of the caches, bounded.

use super::Standing;
use std::collections::VecDeque;

/// Samples kept of each cache.
pub const MAX_SAMPLES: usize = 600;
/// Seconds between two samples at least.
pub const INTERVAL: f64 = 0.1;

/// A cache at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Seconds since the program began.
    pub time: f64,
    /// Share of all accesses so far that were hits, from 0 to 1; `NaN` before the first.
    pub hit_rate: f64,
    /// Keys queued and in flight.
    pub queue: usize,
}

/// The recent past of one cache.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    ring: VecDeque<Sample>,
}

impl Samples {
    /// Takes a sample if the last one is old enough. Between two repaints far apart nothing
    /// happened, so the earlier state is repeated: lines in a plot run flat, not slanted.
    /// Returns after how many seconds to call again, where something changed that is not in yet.
    pub fn take(&mut self, now: f64, standing: Standing) -> Option<f64> {
        let last = self.ring.back().copied();
        let sample = Sample {
            time: now,
            hit_rate: standing.hit_rate.unwrap_or(f64::NAN),
            queue: standing.queue,
        };
        if let Some(last) = last.filter(|last| now - last.time < INTERVAL) {
            let bits = |sample: &Sample| (sample.hit_rate.to_bits(), sample.queue);
            return (bits(&last) != bits(&sample)).then_some(INTERVAL);
        }
        if let Some(last) = last.filter(|last| now - last.time > 3.0 * INTERVAL) {
            self.push(Sample { time: now - INTERVAL, ..last });
        }
        self.push(sample);
        None
    }

    fn push(&mut self, sample: Sample) {
        if self.ring.len() == MAX_SAMPLES {
            self.ring.pop_front();
        }
        self.ring.push_back(sample);
    }

    /// The samples kept, oldest first.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Sample> {
        self.ring.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_keep_their_distance_and_their_number() {
        let mut samples = Samples::default();
        let standing = Standing { hits: 3, misses: 1, hit_rate: Some(0.75), queue: 2 };
        for tick in 0..100_000 {
            samples.take(f64::from(tick) * 0.01, standing);
        }
        assert_eq!(samples.iter().len(), MAX_SAMPLES);
        let first = samples.iter().next().expect("a sample");
        assert_eq!((first.hit_rate, first.queue), (0.75, 2));
    }

    #[test]
    fn a_pause_is_flat() {
        let mut samples = Samples::default();
        samples.take(0.0, Standing { queue: 5, ..Standing::default() });
        samples.take(60.0, Standing::default());
        let seen: Vec<(f64, usize)> = samples.iter().map(|s| (s.time, s.queue)).collect();
        assert_eq!(seen, [(0.0, 5), (59.9, 5), (60.0, 0)]);
    }
}
