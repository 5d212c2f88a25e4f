use crate::{
    cache::{AccessPredictor, Key, Likelihoods, predictors::Hints},
    inspector::Frames,
};
use parking_lot::RwLock;
use std::sync::Arc;

/// Lets a predictor think in steps instead of frame numbers: the buttons count frames that
/// exist, so in a file with gaps the next frame may be far away by number.
pub(super) struct OverExistingFrames<P> {
    pub inner: P,
    pub frames: Arc<RwLock<Arc<Frames>>>,
    /// Frames that are looked at besides, whatever the inner predictor expects.
    pub looked_at: Hints,
}

/// How likely frames are that are looked at besides: less than those that the next step leads to.
const LOOKED_AT: f64 = 0.2;

impl<P: AccessPredictor> AccessPredictor for OverExistingFrames<P> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn likelihoods(&self, current: Key, history: &[Key]) -> Likelihoods {
        let frames = Arc::clone(&self.frames.read());
        let rank = |key: Key| {
            let frame = u32::try_from(key).unwrap_or(u32::MAX);
            frames.rank(frame) as Key
        };
        let history: Vec<Key> = history.iter().map(|key| rank(*key)).collect();
        let by_rank = self.inner.likelihoods(rank(current), &history);
        let frame_at = |rank: Key| frames.at_rank(usize::try_from(rank).ok()?).map(Key::from);
        let mut scores: Likelihoods = by_rank
            .into_iter()
            .filter_map(|(rank, score)| Some((frame_at(rank)?, score)))
            .collect();
        for frame in self.looked_at.get().iter().filter(|frame| **frame != current) {
            let score = scores.entry(*frame).or_insert(0.0);
            *score = score.max(LOOKED_AT);
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::predictors::{Adaptive, DynamicData};

    #[test]
    fn jumps_land_on_frames_that_exist() {
        let existing = (1..=100).map(|n| (n * 7, 1));
        let frames = Arc::new(Frames::new(existing, std::iter::empty(), None));
        let predictor = OverExistingFrames {
            inner: DynamicData { possible_jumps: vec![15], ..DynamicData::default() },
            frames: Arc::new(RwLock::new(frames)),
            looked_at: Hints::default(),
        };
        let scores = predictor.likelihoods(70, &[63, 70]);
        assert!(scores.keys().all(|key| key % 7 == 0 && (7..=700).contains(key)));
        let best = scores.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(key, _)| *key);
        assert_eq!(best, Some(70 + 15 * 7));
        assert!(predictor.likelihoods(700, &[]).keys().all(|key| *key < 700));
    }

    #[test]
    fn what_is_looked_at_is_expected_besides_and_later_than_the_next_step() {
        let frames = Arc::new(Frames::new((1..=900).map(|n| (n, 1)), std::iter::empty(), None));
        let predictor = OverExistingFrames {
            inner: Adaptive::default(),
            frames: Arc::new(RwLock::new(frames)),
            looked_at: vec![70, 71, 500].into(),
        };
        let scores = predictor.likelihoods(70, &[67, 68, 69, 70]);
        assert!(scores[&500] > 0.0 && scores[&71] > scores[&500] && !scores.contains_key(&70));
    }
}
