use super::{Key, predictor::Likelihoods};
use serde::Serialize;
use std::time::Duration;

/// Counters and levels of a cache at one moment.
///
/// The first six are those of the Python library. Always: `hits + misses` is the number of
/// accesses, and one access is one navigation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stats {
    /// Accesses answered from memory.
    pub hits: u64,
    /// Accesses that had to wait for a load, also for one that then failed.
    pub misses: u64,
    /// Values that had to make room.
    pub evictions: u64,
    /// Loads ahead of their time that failed.
    pub prefetch_errors: u64,
    /// Keys in memory.
    pub cache_keys: usize,
    /// Keys planned and not yet being loaded.
    pub active_prefetch_tasks: usize,
    /// Keys being loaded.
    pub in_flight: usize,
    /// Weight of the values in memory, in bytes.
    pub bytes: u64,
    /// Expected weight of the loads in flight, in bytes.
    pub bytes_in_flight: u64,
    /// Loads begun since the start, and by-products of them. Always:
    /// `loads = cache_keys + evictions + load_errors + refused + dropped + in_flight`.
    pub loads: u64,
    /// Loads that failed, prefetches among them.
    pub load_errors: u64,
    /// Loaded values that were never kept: too heavy for the budget, or by-products that were
    /// less likely than what they would have displaced.
    pub refused: u64,
    /// Values and loads given up: told to stop, or overtaken by
    /// [`Cache::clear`](super::Cache::clear), [`Cache::forget`](super::Cache::forget) or the end.
    pub dropped: u64,
    /// Values among `loads` that a provider handed over on its way to another.
    pub by_products: u64,
    /// Keys in memory that nobody has read yet.
    pub unread: u64,
    /// Whether there is nothing to be done: the plan is of the current place, and carried out.
    pub idle: bool,
    /// Keys remembered as failed.
    pub failed_keys: usize,
    /// Evicted values that nobody had read.
    pub wasted: u64,
    /// Events that a slow callback made the cache forget.
    pub events_dropped: u64,
    /// Limit of `cache_keys`.
    pub max_keys: usize,
    /// Limit of `bytes + bytes_in_flight`.
    pub max_bytes: u64,
    /// Median of the last load times.
    pub load_median: Duration,
    /// 95th percentile of the last load times.
    pub load_p95: Duration,
}

impl Stats {
    /// Share of the accesses that were answered from memory, from 0 to 1; `None` before the
    /// first access.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        let accesses = self.hits + self.misses;
        (accesses > 0).then(|| self.hits as f64 / accesses as f64)
    }
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// In memory.
    Cached,
    /// Being loaded.
    Loading,
    /// Asked for or planned, and waiting for a worker.
    Queued,
    /// Loaded once without success; see [`Cache::retry`](super::Cache::retry).
    Failed,
    /// None of these.
    Absent,
}

/// The keys of a cache by state, for drawing. Bounded by the limits of the cache.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Grows with every change; equal versions mean equal snapshots.
    pub version: u64,
    /// The key asked for last.
    pub current: Option<Key>,
    /// Keys in memory, ascending.
    pub cached: Vec<Key>,
    /// Keys being loaded, ascending.
    pub loading: Vec<Key>,
    /// Keys planned, likeliest first.
    pub queued: Vec<Key>,
    /// Keys remembered as failed, ascending.
    pub failed: Vec<Key>,
    /// What the predictor said last.
    pub likelihoods: Likelihoods,
}

impl Snapshot {
    /// Where `key` stands.
    #[must_use]
    pub fn state(&self, key: Key) -> KeyState {
        let is_in = |keys: &[Key]| keys.binary_search(&key).is_ok();
        if is_in(&self.cached) {
            KeyState::Cached
        } else if is_in(&self.loading) {
            KeyState::Loading
        } else if is_in(&self.failed) {
            KeyState::Failed
        } else if self.queued.contains(&key) {
            KeyState::Queued
        } else {
            KeyState::Absent
        }
    }
}
