use super::{super::predictor::AccessPredictor, super::predictor::Likelihoods, behind};
use crate::cache::Key;
use serde::{Deserialize, Serialize};

/// The nearer, the likelier, in both directions alike.
///
/// Score of a key at distance `d` from the current one, for `d` up to `max_span`:
/// `1 / (d + 1)^decay`. Formula and defaults: `DistanceDecayPredictor` of the Python library
/// `dynamic-prefetching-cache` 0.1.3.
///
/// ```
/// use motscope::cache::{AccessPredictor as _, predictors::DistanceDecay};
///
/// let scores = DistanceDecay { max_span: 2, decay: 1.0 }.likelihoods(10, &[]);
/// assert_eq!(scores[&10], 1.0);
/// assert_eq!(scores[&11], 0.5);
/// assert_eq!(scores[&8], 1.0 / 3.0);
/// assert_eq!(scores.len(), 5);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DistanceDecay {
    /// How far to look in each direction, in keys.
    pub max_span: u64,
    /// How fast the score falls with distance; larger falls faster.
    pub decay: f64,
}

impl Default for DistanceDecay {
    fn default() -> Self {
        Self { max_span: 60, decay: 1.5 }
    }
}

impl AccessPredictor for DistanceDecay {
    fn name(&self) -> &'static str {
        "distance_decay"
    }

    fn likelihoods(&self, current: Key, _history: &[Key]) -> Likelihoods {
        let mut scores = Likelihoods::new();
        for distance in 0..=self.max_span {
            let score = ((distance + 1) as f64).powf(self.decay).recip();
            let ahead = current.checked_add(distance);
            for key in ahead.into_iter().chain(behind(current, distance)) {
                scores.insert(key, score);
            }
        }
        scores
    }
}
