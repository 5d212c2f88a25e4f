//! Where values come from.

use std::{
    fmt,
    sync::atomic::{AtomicU8, Ordering},
};

/// What a value is cached under: for video data, the frame number.
pub type Key = u64;

/// The source of the values that a [`Cache`](super::Cache) holds.
///
/// `load` runs on worker threads and on the threads of callers of
/// [`Cache::get`](super::Cache::get), several at a time, never twice at once for one key, and
/// never under a lock of the cache. It may take as long as it must and it may panic: a panic
/// is reported as the error of that key.
///
/// ```
/// use motscope::cache::{DataProvider, Key};
///
/// struct Squares;
///
/// impl DataProvider for Squares {
///     type Value = u64;
///     type Error = String;
///
///     fn load(&self, key: Key) -> Result<u64, String> {
///         key.checked_mul(key).ok_or_else(|| format!("the square of {key} is too large"))
///     }
/// }
///
/// assert_eq!(Squares.load(12), Ok(144));
/// ```
pub trait DataProvider: Send + Sync + 'static {
    /// What a key stands for. Values are shared as `Arc<Value>`.
    type Value: Send + Sync + 'static;
    /// Why a key could not be loaded.
    type Error: fmt::Display + fmt::Debug + Send + Sync + 'static;

    /// Loads the value of `key`.
    ///
    /// # Errors
    /// Whatever keeps the value from being loaded; the cache hands it on as it is.
    fn load(&self, key: Key) -> Result<Self::Value, Self::Error>;

    /// Loads the value of `key`, and is told when nobody wants it any more. For providers whose
    /// loads take long enough to be worth stopping, or that come by other values on the way, as a
    /// decoder does by the frames before the one asked for. The cache calls this one; unless it
    /// is written, it is [`Self::load`].
    ///
    /// # Errors
    /// As [`Self::load`]. An error after [`Load::is_stopped`] became true or [`Load::give_up`] was
    /// called is no failure of the key: the load counts as given up.
    fn load_with(
        &self,
        key: Key,
        load: &Load<'_, Self::Value>,
    ) -> Result<Self::Value, Self::Error> {
        let _ = load;
        self.load(key)
    }

    /// Whether `key` can be loaded at all. Keys that do not exist are never prefetched.
    /// Must be cheap: it is asked for every key that a predictor names.
    fn contains(&self, key: Key) -> bool {
        let _ = key;
        true
    }

    /// The size of a loaded value in bytes, as counted against the byte budget.
    fn weight(&self, value: &Self::Value) -> u64 {
        std::mem::size_of_val(value) as u64
    }
}

/// A running load, as the provider sees it.
///
/// ```
/// use motscope::cache::{DataProvider, Key, Load};
///
/// /// Decodes in groups of ten from the first on.
/// struct Groups;
///
/// impl DataProvider for Groups {
///     type Value = Key;
///     type Error = &'static str;
///
///     fn load(&self, key: Key) -> Result<Key, &'static str> {
///         Ok(key)
///     }
///
///     fn load_with(&self, key: Key, load: &Load<'_, Key>) -> Result<Key, &'static str> {
///         for passed in key / 10 * 10..key {
///             if load.is_stopped() {
///                 return Err("nobody wants it any more");
///             }
///             load.also(passed, passed);
///         }
///         Ok(key)
///     }
/// }
///
/// let cache = motscope::cache::Cache::builder(Groups, motscope::cache::NoPrediction).build();
/// assert_eq!(*cache.get(13)?, 13);
/// assert_eq!(cache.snapshot().cached, [10, 11, 12, 13]);
/// # Ok::<(), motscope::cache::LoadError<&'static str>>(())
/// ```
pub struct Load<'a, V> {
    pub(super) interest: &'a Interest,
    pub(super) also: &'a dyn Fn(Key, V),
}

impl<V> Load<'_, V> {
    /// Calls `run` with a load that is wanted to its end and takes no by-products: to load without a
    /// cache.
    pub fn detached<R>(run: impl FnOnce(&Load<'_, V>) -> R) -> R {
        run(&Load { interest: &Interest::default(), also: &|_, _| {} })
    }

    /// Whether nobody wants the value any more. Once true, it stays true.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.interest.is_ended()
    }

    /// Whether whoever asked for the key has gone on to another meanwhile, or nobody wants it any
    /// more. What is nearly done is worth finishing, as it may be looked at in passing; what would
    /// take long keeps the next one waiting and is better given up, see [`Self::give_up`].
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.interest.is_left()
    }

    /// Says that the error to be returned is no failure of the key: the load ends because nobody
    /// waits for it. Whoever wants the key begins another.
    pub fn give_up(&self) {
        self.interest.end();
    }

    /// Hands over the value of another key that had to be made on the way. The cache keeps it
    /// where it is wanted and fits.
    pub fn also(&self, key: Key, value: V) {
        (self.also)(key, value);
    }
}

/// How much a running load is still wanted; it only ever grows less.
#[derive(Debug, Default)]
pub(super) struct Interest(AtomicU8);

const LEFT: u8 = 1;
const ENDED: u8 = 2;

impl Interest {
    /// Whoever asked has gone elsewhere.
    pub fn leave(&self) {
        self.0.fetch_max(LEFT, Ordering::Relaxed);
    }

    /// Nobody wants it.
    pub fn end(&self) {
        self.0.fetch_max(ENDED, Ordering::Relaxed);
    }

    pub fn is_left(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= LEFT
    }

    pub fn is_ended(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= ENDED
    }
}

impl<V> fmt::Debug for Load<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load").field("stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}
