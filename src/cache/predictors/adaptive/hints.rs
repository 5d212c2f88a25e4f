//! Keys that the application knows to be likely targets.

use super::Scores;
use crate::cache::Key;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Keys that the application knows to be likely targets: the events of a list that somebody steps
/// through, bookmarks, where a track begins and ends. Clones share one list.
///
/// At most [`Hints::MOST`] are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Key>", into = "Vec<Key>")]
pub struct Hints(Arc<RwLock<Arc<[Key]>>>);

impl Hints {
    /// Hints kept; of more, those with the highest keys are left out.
    pub const MOST: usize = 1_000_000;

    /// Replaces the list; [`Cache::replan`](crate::cache::Cache::replan) makes it felt at once.
    pub fn set(&self, keys: impl IntoIterator<Item = Key>) {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        keys.truncate(Self::MOST);
        *self.0.write() = keys.into();
    }

    /// The list, ascending.
    #[must_use]
    pub fn get(&self) -> Arc<[Key]> {
        Arc::clone(&self.0.read())
    }
}

impl From<Vec<Key>> for Hints {
    fn from(keys: Vec<Key>) -> Self {
        let hints = Self::default();
        hints.set(keys);
        hints
    }
}

impl From<Hints> for Vec<Key> {
    fn from(hints: Hints) -> Self {
        hints.get().to_vec()
    }
}

const NEXT: f64 = 0.55;
const PREVIOUS: f64 = 0.35;
const FURTHER: f64 = 0.5;
const FURTHER_BACK: f64 = 0.4;
/// Hints looked at to each side.
const SIDE: usize = 3;

/// The hints around a key.
pub(super) struct Neighbours<'a>(pub &'a [Key]);

impl Neighbours<'_> {
    pub fn probability(&self, from: Key, to: Key) -> f64 {
        let after = self.0.partition_point(|hint| *hint <= from);
        let before = self.0.partition_point(|hint| *hint < from);
        if self.0.get(after) == Some(&to) {
            NEXT
        } else if before > 0 && self.0.get(before - 1) == Some(&to) {
            PREVIOUS
        } else {
            0.0
        }
    }

    pub fn score(&self, scores: &mut Scores) {
        let after = self.0.partition_point(|hint| *hint <= scores.current);
        let before = self.0.partition_point(|hint| *hint < scores.current);
        let mut score = NEXT;
        for key in self.0[after..].iter().take(SIDE) {
            scores.add_key(*key, score);
            score *= FURTHER;
        }
        let mut score = PREVIOUS;
        for key in self.0[..before].iter().rev().take(SIDE) {
            scores.add_key(*key, score);
            score *= FURTHER_BACK;
        }
    }
}
