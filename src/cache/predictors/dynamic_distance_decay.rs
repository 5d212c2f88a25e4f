use super::{super::predictor::AccessPredictor, super::predictor::Likelihoods, behind};
use crate::cache::Key;
use serde::{Deserialize, Serialize};

/// Playback with a bias forward.
///
/// Ahead, at distance `d` up to `max_span`: `forward_bias / d^0.8`, times 1.5 for the nearest
/// nine keys if the last navigation went forward. Behind, up to half of `max_span`:
/// `0.3 / d^1.2`. The current key is left out. Formula and defaults:
/// `DynamicDistanceDecayPredictor` of the Python library `dynamic-prefetching-cache` 0.1.3.
///
/// ```
/// use motscope::cache::{AccessPredictor as _, predictors::DynamicDistanceDecay};
///
/// let scores = DynamicDistanceDecay::default().likelihoods(50, &[49, 50]);
/// assert_eq!(scores[&51], 2.0 * 1.5);
/// assert_eq!(scores[&49], 0.3);
/// assert!(!scores.contains_key(&50));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DynamicDistanceDecay {
    /// Score of the next key.
    pub forward_bias: f64,
    /// How far to look ahead, in keys; half as far behind.
    pub max_span: u64,
}

impl Default for DynamicDistanceDecay {
    fn default() -> Self {
        Self { forward_bias: 2.0, max_span: 25 }
    }
}

const FORWARD_EXPONENT: f64 = 0.8;
const BACKWARD_EXPONENT: f64 = 1.2;
const BACKWARD_BIAS: f64 = 0.3;
const STREAK_BOOST: f64 = 1.5;
const STREAK_SPAN: u64 = 9;

impl AccessPredictor for DynamicDistanceDecay {
    fn name(&self) -> &'static str {
        "dynamic_distance_decay"
    }

    fn likelihoods(&self, current: Key, history: &[Key]) -> Likelihoods {
        let forward = matches!(history, [.., before, last] if last > before);
        let mut scores = Likelihoods::new();
        for distance in 1..=self.max_span {
            let Some(key) = current.checked_add(distance) else {
                break;
            };
            let boosted = forward && distance <= STREAK_SPAN;
            let boost = if boosted { STREAK_BOOST } else { 1.0 };
            let score = self.forward_bias / (distance as f64).powf(FORWARD_EXPONENT);
            scores.insert(key, score * boost);
        }
        for distance in 1..=self.max_span / 2 {
            let Some(key) = behind(current, distance) else {
                break;
            };
            scores.insert(key, BACKWARD_BIAS / (distance as f64).powf(BACKWARD_EXPONENT));
        }
        scores
    }
}
