use crate::{
    cache::{AccessPredictor, Key, Likelihoods},
    inspector::Frames,
};
use parking_lot::RwLock;
use std::sync::Arc;

/// Lets a predictor think in steps instead of frame numbers: the buttons count frames that
/// exist, so in a file with gaps the next frame may be far away by number.
pub(super) struct OverExistingFrames<P> {
    pub inner: P,
    pub frames: Arc<RwLock<Arc<Frames>>>,
}

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
        by_rank.into_iter().filter_map(|(rank, score)| Some((frame_at(rank)?, score))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::predictors::DynamicData;

    #[test]
    fn jumps_land_on_frames_that_exist() {
        let existing = (1..=100).map(|n| (n * 7, 1));
        let frames = Arc::new(Frames::new(existing, std::iter::empty(), None));
        let predictor = OverExistingFrames {
            inner: DynamicData { possible_jumps: vec![15], ..DynamicData::default() },
            frames: Arc::new(RwLock::new(frames)),
        };
        let scores = predictor.likelihoods(70, &[63, 70]);
        assert!(scores.keys().all(|key| key % 7 == 0 && (7..=700).contains(key)));
        let best = scores.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(key, _)| *key);
        assert_eq!(best, Some(70 + 15 * 7));
        assert!(predictor.likelihoods(700, &[]).keys().all(|key| *key < 700));
    }
}
