//! [`Adaptive`], which learns, and the three predictors of the Python library
//! `dynamic-prefetching-cache`, with its formulas and its defaults. One deviation: keys below zero
//! do not exist here and are left out.

mod adaptive;
mod distance_decay;
mod dynamic_data;
mod dynamic_distance_decay;

pub use adaptive::{Adaptive, Hints};
pub use distance_decay::DistanceDecay;
pub use dynamic_data::DynamicData;
pub use dynamic_distance_decay::DynamicDistanceDecay;

use super::Key;

/// `current - distance`, where that key exists.
fn behind(current: Key, distance: u64) -> Option<Key> {
    current.checked_sub(distance)
}

/// `current + offset`, where that key exists.
fn moved(current: Key, offset: i64) -> Option<Key> {
    current.checked_add_signed(offset)
}
