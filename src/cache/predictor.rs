//! Guessing which keys come next.

use super::Key;
use std::collections::BTreeMap;

/// How likely each key is to be asked for next. The scale is the predictor's own: only the
/// order of the scores and their equality matter. Keys left out count as 0.
pub type Likelihoods = BTreeMap<Key, f64>;

/// Scores the keys that may be asked for next.
///
/// ```
/// use motscope::cache::{AccessPredictor, Key, Likelihoods};
///
/// /// Expects the reader to go on to the next chapter, ten pages away.
/// struct Chapters;
///
/// impl AccessPredictor for Chapters {
///     fn name(&self) -> &'static str { "chapters" }
///     fn likelihoods(&self, current: Key, _history: &[Key]) -> Likelihoods {
///         [(current + 1, 1.0), (current + 10, 0.5)].into()
///     }
/// }
///
/// assert_eq!(Chapters.likelihoods(3, &[1, 2, 3])[&13], 0.5);
/// ```
pub trait AccessPredictor: Send + Sync + 'static {
    /// A short name for settings, plots and reports, in `snake_case`.
    fn name(&self) -> &'static str;

    /// Scores keys, seen from `current`. `history` holds the last navigations, newest last,
    /// `current` among them; it is empty when nothing was asked for yet. Runs on a worker and
    /// never under a lock of the cache. Scores that are not finite are ignored.
    fn likelihoods(&self, current: Key, history: &[Key]) -> Likelihoods;
}

impl<P: AccessPredictor + ?Sized> AccessPredictor for std::sync::Arc<P> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn likelihoods(&self, current: Key, history: &[Key]) -> Likelihoods {
        (**self).likelihoods(current, history)
    }
}

/// Predicts nothing: a cache with this predictor keeps what was read and fetches nothing ahead.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPrediction;

impl AccessPredictor for NoPrediction {
    fn name(&self) -> &'static str {
        "none"
    }

    fn likelihoods(&self, _current: Key, _history: &[Key]) -> Likelihoods {
        Likelihoods::new()
    }
}
