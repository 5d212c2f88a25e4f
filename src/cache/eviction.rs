//! Which of two equally unlikely values goes first.

use super::Key;

/// What an eviction policy may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryInfo {
    /// The key of the entry.
    pub key: Key,
    /// A number that grows with each insertion: smaller is older.
    pub inserted: u64,
    /// The provider's weight of the value, in bytes.
    pub weight: u64,
}

/// Breaks ties between entries that the predictor finds equally likely.
///
/// The cache evicts the least likely entry first, never the current one. Where several share
/// the lowest score, the one with the lowest rank goes. The rank is asked for once, when the
/// entry is inserted, outside of every lock.
pub trait EvictionPolicy: Send + Sync + 'static {
    /// A short name for settings and reports, in `snake_case`.
    fn name(&self) -> &'static str;

    /// The rank of an entry among its equals; the lowest is evicted first.
    fn rank(&self, entry: &EntryInfo) -> u64;
}

impl<P: EvictionPolicy + ?Sized> EvictionPolicy for std::sync::Arc<P> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn rank(&self, entry: &EntryInfo) -> u64 {
        (**self).rank(entry)
    }
}

/// Evicts what was inserted first. The default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Oldest;

/// Evicts the heaviest value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Largest;

/// Evicts the lightest value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Smallest;

impl EvictionPolicy for Oldest {
    fn name(&self) -> &'static str {
        "oldest"
    }

    fn rank(&self, entry: &EntryInfo) -> u64 {
        entry.inserted
    }
}

impl EvictionPolicy for Largest {
    fn name(&self) -> &'static str {
        "largest"
    }

    fn rank(&self, entry: &EntryInfo) -> u64 {
        u64::MAX - entry.weight
    }
}

impl EvictionPolicy for Smallest {
    fn name(&self) -> &'static str {
        "smallest"
    }

    fn rank(&self, entry: &EntryInfo) -> u64 {
        entry.weight
    }
}
