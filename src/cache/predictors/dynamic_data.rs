use super::{super::predictor::AccessPredictor, super::predictor::Likelihoods, behind, moved};
use crate::cache::Key;
use serde::{Deserialize, Serialize};

/// Interactive navigation with buttons that jump by fixed distances.
///
/// The score of a key is the sum of
/// - ahead, at distance `d` up to `max_span`: `forward_bias / d^forward_exp`;
/// - behind, at distance `d` up to half of `max_span`: `backward_bias / d^backward_exp`;
/// - for each jump that lands on it: `jump_boost`;
/// - for each jump that lands `o` keys away from it, `o` up to `proximity_range`:
///   `proximity_boost / (o + 1)`;
///
/// and, where the last two navigations both went forward, the nearest ten keys ahead are
/// multiplied by `history_boost`. Keys at or past `length` are left out. Formula and defaults:
/// `DynamicDataPredictor` of the Python library `dynamic-prefetching-cache` 0.1.3.
///
/// ```
/// use motscope::cache::{AccessPredictor as _, predictors::DynamicData};
///
/// let predictor = DynamicData { possible_jumps: vec![-15, 15], ..DynamicData::default() };
/// let scores = predictor.likelihoods(100, &[]);
/// assert!(scores[&115] > scores[&114] && scores[&114] > scores[&109]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DynamicData {
    /// The distances, in keys, that the application lets a person jump.
    pub possible_jumps: Vec<i64>,
    /// Score of the next key.
    pub forward_bias: f64,
    /// Score of the previous key.
    pub backward_bias: f64,
    /// Added to the exact target of each jump.
    pub jump_boost: f64,
    /// Added, divided by distance + 1, to the surroundings of each target.
    pub proximity_boost: f64,
    /// Multiplies the nearest keys ahead during a streak forward.
    pub history_boost: f64,
    /// How far to look ahead, in keys; half as far behind.
    pub max_span: u64,
    /// How fast the score falls ahead.
    pub forward_exp: f64,
    /// How fast the score falls behind.
    pub backward_exp: f64,
    /// How many keys around a target count as its surroundings.
    pub proximity_range: u64,
    /// Keys at or past this one do not exist. `None`: no limit.
    pub length: Option<u64>,
}

impl Default for DynamicData {
    fn default() -> Self {
        Self {
            possible_jumps: Vec::new(),
            forward_bias: 2.0,
            backward_bias: 0.3,
            jump_boost: 5.0,
            proximity_boost: 2.0,
            history_boost: 2.0,
            max_span: 30,
            forward_exp: 0.8,
            backward_exp: 1.2,
            proximity_range: 5,
            length: None,
        }
    }
}

const STREAK_SPAN: u64 = 10;

impl DynamicData {
    fn exists(&self, key: Key) -> bool {
        self.length.is_none_or(|length| key < length)
    }

    fn add_neighbourhood(&self, current: Key, scores: &mut Likelihoods) {
        let ahead = (1..=self.max_span).map_while(|d| Some((d, current.checked_add(d)?)));
        for (distance, key) in ahead.filter(|(_, key)| self.exists(*key)) {
            *scores.entry(key).or_default() +=
                self.forward_bias / (distance as f64).powf(self.forward_exp);
        }
        for distance in 1..=self.max_span / 2 {
            let Some(key) = behind(current, distance) else {
                break;
            };
            *scores.entry(key).or_default() +=
                self.backward_bias / (distance as f64).powf(self.backward_exp);
        }
    }

    fn add_jumps(&self, current: Key, scores: &mut Likelihoods) {
        let targets = self.possible_jumps.iter().filter_map(|j| moved(current, *j));
        for target in targets.filter(|key| self.exists(*key)) {
            *scores.entry(target).or_default() += self.jump_boost;
            for offset in 1..=self.proximity_range {
                let boost = self.proximity_boost / (offset as f64 + 1.0);
                let sides = [target.checked_add(offset), behind(target, offset)];
                for key in sides.into_iter().flatten().filter(|key| self.exists(*key)) {
                    *scores.entry(key).or_default() += boost;
                }
            }
        }
    }
}

impl AccessPredictor for DynamicData {
    fn name(&self) -> &'static str {
        "dynamic_data"
    }

    fn likelihoods(&self, current: Key, history: &[Key]) -> Likelihoods {
        let mut scores = Likelihoods::new();
        self.add_neighbourhood(current, &mut scores);
        self.add_jumps(current, &mut scores);
        if matches!(history, [.., a, b, c] if a < b && b < c) {
            let nearest =
                current.saturating_add(1)..=current.saturating_add(STREAK_SPAN.min(self.max_span));
            if nearest.start() > &current && !nearest.is_empty() {
                for (_, score) in scores.range_mut(nearest) {
                    *score *= self.history_boost;
                }
            }
        }
        scores
    }
}
