use super::{Key, LoadError};

/// What happens in a cache, in the order in which it happened.
#[derive(Debug)]
pub enum Event<E> {
    /// Somebody asked for a key that is not there, and its load begins.
    CacheLoadStart {
        /// The key that is loaded.
        key: Key,
    },
    /// A load that somebody asked for succeeded.
    CacheLoadComplete {
        /// The key that was loaded.
        key: Key,
    },
    /// A load that somebody asked for failed.
    CacheLoadError {
        /// The key that could not be loaded.
        key: Key,
        /// Why.
        error: LoadError<E>,
    },
    /// A load ahead of its time begins.
    PrefetchStart {
        /// The key that is loaded.
        key: Key,
    },
    /// A load ahead of its time succeeded.
    PrefetchSuccess {
        /// The key that was loaded.
        key: Key,
    },
    /// A load ahead of its time failed.
    PrefetchError {
        /// The key that could not be loaded.
        key: Key,
        /// Why.
        error: LoadError<E>,
    },
    /// A value had to make room.
    CacheEvict {
        /// The key whose value is gone.
        key: Key,
    },
    /// Something other than a load went wrong, such as a predictor that panicked.
    WorkerError {
        /// What went wrong.
        error: String,
    },
}

impl<E> Clone for Event<E> {
    fn clone(&self) -> Self {
        match self {
            Self::CacheLoadStart { key } => Self::CacheLoadStart { key: *key },
            Self::CacheLoadComplete { key } => Self::CacheLoadComplete { key: *key },
            Self::CacheLoadError { key, error } => {
                Self::CacheLoadError { key: *key, error: error.clone() }
            }
            Self::PrefetchStart { key } => Self::PrefetchStart { key: *key },
            Self::PrefetchSuccess { key } => Self::PrefetchSuccess { key: *key },
            Self::PrefetchError { key, error } => {
                Self::PrefetchError { key: *key, error: error.clone() }
            }
            Self::CacheEvict { key } => Self::CacheEvict { key: *key },
            Self::WorkerError { error } => Self::WorkerError { error: error.clone() },
        }
    }
}

impl<E> Event<E> {
    /// The event's name in the Python library: `cache_load_start` and so on.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CacheLoadStart { .. } => "cache_load_start",
            Self::CacheLoadComplete { .. } => "cache_load_complete",
            Self::CacheLoadError { .. } => "cache_load_error",
            Self::PrefetchStart { .. } => "prefetch_start",
            Self::PrefetchSuccess { .. } => "prefetch_success",
            Self::PrefetchError { .. } => "prefetch_error",
            Self::CacheEvict { .. } => "cache_evict",
            Self::WorkerError { .. } => "worker_error",
        }
    }

    /// The key that the event is about, if it is about one.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        match self {
            Self::CacheLoadStart { key }
            | Self::CacheLoadComplete { key }
            | Self::CacheLoadError { key, .. }
            | Self::PrefetchStart { key }
            | Self::PrefetchSuccess { key }
            | Self::PrefetchError { key, .. }
            | Self::CacheEvict { key } => Some(*key),
            Self::WorkerError { .. } => None,
        }
    }
}
