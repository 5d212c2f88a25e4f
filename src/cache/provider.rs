//! Where values come from.

use std::fmt;

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
