//! A cache that loads what will be asked for next before it is asked for.
//!
//! A [`Cache`] stands before a slow [`DataProvider`]. On each navigation an [`AccessPredictor`]
//! scores the keys that may come next; worker threads load the best of them, and where memory
//! runs out the least likely value goes first. It knows nothing of video: keys are integers,
//! values and errors are the provider's own.
//!
//! # Guarantees
//! - [`Cache::request`] never blocks on a load: the value is ready, pending or failed.
//!   [`Cache::get`] waits.
//! - One load a key at a time: whoever asks meanwhile joins it.
//! - What is asked for goes before what is planned, and each navigation replaces the plan.
//! - The current key is never evicted. A value heavier than the whole budget is served for as
//!   long as it is current and not kept.
//! - Values in memory and loads in flight stay within `max_keys_cached` and `max_bytes`, except
//!   that a key asked for is loaded even where only the current value could make room.
//! - A key that failed is remembered as failed until [`Cache::retry`] or [`Cache::get`].
//! - Provider, predictor, policy and callback are never called under a lock, and may panic. The
//!   predictor is never asked on a caller's thread.
//! - A value that is evicted or dropped is freed at once on a thread of the cache's own, never under a
//!   lock, unless somebody else still holds it.
//! - Everything is bounded: keys, bytes, plan, history, remembered failures, waiting events,
//!   and values on their way out: where they are freed too slowly, loads wait.
//!
//! # Cost
//! A hit is one lock and one hash look-up; prediction happens on threads of the cache's own: the
//! workers, and one that only plans. One more frees what is out. An entry costs its weight and about 100 bytes.
//!
//! # Example
//! ```
//! use motscope::cache::{Cache, DataProvider, Key, Request, predictors::DynamicDistanceDecay};
//!
//! struct Pages;
//!
//! impl DataProvider for Pages {
//!     type Value = String;
//!     type Error = String;
//!     fn load(&self, key: Key) -> Result<String, String> {
//!         Ok(format!("page {key}"))
//!     }
//! }
//!
//! let cache = Cache::builder(Pages, DynamicDistanceDecay::default())
//!     .max_keys_cached(50)
//!     .workers(2)
//!     .build();
//! assert_eq!(*cache.get(7)?, "page 7");
//! assert!(matches!(cache.request(7), Request::Ready(page) if *page == "page 7"));
//! assert_eq!(cache.stats().misses, 1);
//! # Ok::<(), motscope::cache::LoadError<String>>(())
//! ```

mod error;
mod event;
mod eviction;
mod predictor;
pub mod predictors;
mod provider;
mod ring;
mod simulate;
mod state;
mod stats;
mod sync;
mod worker;

pub use error::LoadError;
pub use event::Event;
pub use eviction::{EntryInfo, EvictionPolicy, Largest, Oldest, Smallest};
pub use predictor::{AccessPredictor, Likelihoods, NoPrediction};
pub use provider::{DataProvider, Key, Load};
pub use simulate::{Access, Asking, Outcome as Simulated, Scenario, simulate};
pub use state::Limits;
pub use stats::{KeyState, Snapshot, Stats};

use state::{Core, Lookup, Purpose};
use std::sync::Arc;
use sync::thread;
use worker::{Callback, Outcome, Planning, Shared};

/// The answer to [`Cache::request`].
#[derive(Debug)]
pub enum Request<V, E> {
    /// The value.
    Ready(Arc<V>),
    /// The value is being loaded, or will be as soon as a worker is free.
    Pending,
    /// The key could not be loaded.
    Failed(LoadError<E>),
}

/// A predictive prefetching cache; see the [module documentation](self).
///
/// Dropping it closes it and lets go of every value.
pub struct Cache<P: DataProvider> {
    shared: Arc<Shared<P>>,
}

/// Sets up a [`Cache`]. The defaults are those of the Python library: 100 keys, 20 planned
/// ahead, a history of 30, the oldest evicted first; one worker and no limit in bytes.
pub struct Builder<P: DataProvider> {
    provider: P,
    predictor: Arc<dyn AccessPredictor>,
    policy: Arc<dyn EvictionPolicy>,
    limits: Limits,
    workers: usize,
    on_event: Option<Callback<P::Error>>,
}

impl<P: DataProvider> Builder<P> {
    /// Keys in memory; at least 1.
    #[must_use]
    pub fn max_keys_cached(mut self, keys: usize) -> Self {
        self.limits.max_keys_cached = keys;
        self
    }

    /// Bytes in memory and in flight, in the provider's weights.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_bytes = bytes;
        self
    }

    /// Keys planned ahead at one time; 0 switches prefetching off.
    #[must_use]
    pub fn max_keys_prefetched(mut self, keys: usize) -> Self {
        self.limits.max_keys_prefetched = keys;
        self
    }

    /// Navigations that the predictor gets to see.
    #[must_use]
    pub fn history_size(mut self, navigations: usize) -> Self {
        self.limits.history_size = navigations;
        self
    }

    /// How ties between equally likely keys are broken.
    #[must_use]
    pub fn eviction(mut self, policy: impl EvictionPolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// Threads that load; at least 1.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.max(1);
        self
    }

    /// Called with every event in the order of their happening, never under a lock, on whichever
    /// thread made it happen. It may use the cache. A panic in it is ignored.
    #[must_use]
    pub fn on_event(mut self, callback: impl Fn(&Event<P::Error>) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Box::new(callback));
        self
    }

    /// Starts the workers.
    ///
    /// # Panics
    /// Where the operating system refuses to start a thread.
    #[must_use]
    pub fn build(self) -> Cache<P> {
        let shared = Arc::new(Shared::new(
            Core::new(self.limits),
            self.provider,
            self.predictor,
            self.policy,
            self.on_event,
        ));
        let cache = Cache { shared };
        cache.start("cache-planner", Shared::plan_only);
        cache.start("cache-sweeper", Shared::sweep);
        cache.set_workers(self.workers);
        cache
    }
}

impl<P: DataProvider> Cache<P> {
    /// Sets up a cache before `provider`.
    pub fn builder(provider: P, predictor: impl AccessPredictor) -> Builder<P> {
        Builder {
            provider,
            predictor: Arc::new(predictor),
            policy: Arc::new(Oldest),
            limits: Limits::default(),
            workers: 1,
            on_event: None,
        }
    }

    /// The value of `key`, loaded on this thread if it is not there, or waited for if it is
    /// being loaded. Counts one access. A key remembered as failed is tried again.
    ///
    /// # Errors
    /// What the provider answered, its panic, or [`LoadError::Closed`].
    pub fn get(&self, key: Key) -> Outcome<P> {
        let mut core = self.shared.lock();
        if core.is_closed() {
            return Err(LoadError::Closed);
        }
        core.navigate(key);
        let mut found = core.access(key);
        loop {
            let outcome = match found {
                Lookup::Ready(value) => {
                    core.mark_read(key);
                    self.shared.release(core);
                    return Ok(value);
                }
                Lookup::Pending => {
                    let slot = core.join(key);
                    self.shared.release(core);
                    slot.and_then(|slot| self.shared.wait_for(&slot))
                }
                Lookup::Failed(_) | Lookup::Absent => {
                    core.forget_failure(key);
                    let ticket = core.start(key, Purpose::Demand);
                    // This thread waits for it, wherever others go.
                    core.join(key);
                    self.shared.release(core);
                    self.shared.load(ticket, Planning::Elsewhere)
                }
            };
            core = self.shared.lock();
            if let Some(outcome) = outcome {
                core.mark_read(key);
                return outcome;
            }
            // What was waited for had been told to stop.
            if core.is_closed() {
                return Err(LoadError::Closed);
            }
            found = core.peek(key);
        }
    }

    /// Asks for the value of `key` without waiting for it. Where it is not there, it becomes the
    /// next to be loaded. Any other that was asked for and has not begun is asked for no more. Counts
    /// an access if `key` is not the current key already.
    #[must_use]
    pub fn request(&self, key: Key) -> Request<P::Value, P::Error> {
        let mut core = self.shared.lock();
        if core.is_closed() {
            return Request::Failed(LoadError::Closed);
        }
        let navigated = core.navigate(key);
        let found = if navigated { core.access(key) } else { core.peek(key) };
        let answer = match found {
            Lookup::Ready(value) => {
                core.mark_read(key);
                Request::Ready(value)
            }
            Lookup::Failed(error) => Request::Failed(error),
            Lookup::Pending | Lookup::Absent => {
                core.demand(key);
                Request::Pending
            }
        };
        if navigated || matches!(answer, Request::Pending) {
            self.shared.release(core);
        }
        answer
    }

    /// The value of `key` if it is there. Moves nothing, counts nothing, loads nothing.
    #[must_use]
    pub fn peek(&self, key: Key) -> Option<Arc<P::Value>> {
        match self.shared.lock().peek(key) {
            Lookup::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// Where `key` stands.
    #[must_use]
    pub fn key_state(&self, key: Key) -> KeyState {
        self.shared.lock().state(key)
    }

    /// Forgets that `key` failed; the next [`Self::request`] loads it again.
    pub fn retry(&self, key: Key) {
        let mut core = self.shared.lock();
        core.forget_failure(key);
        self.shared.release(core);
    }

    /// Drops every value, as after a change of the source. Loads in flight are told
    /// to stop and not kept; what they were for is loaded again, where wanted, once they end, and
    /// whoever waits for it gets the new value. Counters stay.
    pub fn clear(&self) {
        let mut core = self.shared.lock();
        core.clear();
        self.shared.release(core);
        self.shared.wake_waiters();
    }

    /// Drops the value of `key`, or that it failed, as after a change of just that key. Where it is
    /// expected, it is loaded anew.
    pub fn forget(&self, key: Key) {
        let mut core = self.shared.lock();
        core.forget(key);
        self.shared.release(core);
        self.shared.wake_waiters();
    }

    /// Changes the limits; what no longer fits is evicted.
    pub fn set_limits(&self, limits: Limits) {
        let mut core = self.shared.lock();
        core.set_limits(limits);
        self.shared.release(core);
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.shared.lock().limits()
    }

    /// Changes the predictor and plans anew.
    pub fn set_predictor(&self, predictor: impl AccessPredictor) {
        let new: Arc<dyn AccessPredictor> = Arc::new(predictor);
        // The old one goes when the lock is released.
        let old = std::mem::replace(&mut *self.shared.predictor.write(), new);
        drop(old);
        let mut core = self.shared.lock();
        core.replan();
        self.shared.release(core);
    }

    /// Changes the number of threads that load, at least 1. Those that are too many end when they
    /// have finished what they are at.
    ///
    /// # Panics
    /// Where the operating system refuses to start a thread.
    pub fn set_workers(&self, workers: usize) {
        let mut core = self.shared.lock();
        let more = core.set_workers(workers.max(1));
        self.shared.release(core);
        for _ in 0..more {
            self.start("cache-worker", Shared::work);
        }
    }

    fn start(&self, name: &str, life: impl FnOnce(&Shared<P>) + Send + 'static) {
        let shared = Arc::clone(&self.shared);
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || life(&shared))
            .expect("the operating system starts a thread");
    }

    /// The last load times, oldest first; at most 128.
    #[must_use]
    pub fn load_times(&self) -> Vec<std::time::Duration> {
        self.shared.lock().load_times()
    }

    /// Plans anew from the same place, as after keys came into existence.
    pub fn replan(&self) {
        let mut core = self.shared.lock();
        core.replan();
        self.shared.release(core);
    }

    /// Changes the eviction policy, for values inserted from now on.
    pub fn set_eviction(&self, policy: impl EvictionPolicy) {
        let new: Arc<dyn EvictionPolicy> = Arc::new(policy);
        let old = std::mem::replace(&mut *self.shared.policy.write(), new);
        drop(old);
    }

    /// Counters and levels.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.lock().stats()
    }

    /// The keys by state, or `None` where nothing changed since `version`.
    #[must_use]
    pub fn snapshot_since(&self, version: u64) -> Option<Snapshot> {
        let core = self.shared.lock();
        (core.version() != version).then(|| core.snapshot())
    }

    /// The keys by state.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.shared.lock().snapshot()
    }

    /// The source of the values.
    #[must_use]
    pub fn provider(&self) -> &P {
        &self.shared.provider
    }

    /// Ends the workers and answers everybody who waits with [`LoadError::Closed`]. Returns at
    /// once: a worker inside the provider ends when the provider returns. Closing twice is fine.
    pub fn close(&self) {
        let mut core = self.shared.lock();
        core.close();
        self.shared.release(core);
        self.shared.wake_waiters();
    }
}

impl<P: DataProvider> Drop for Cache<P> {
    fn drop(&mut self) {
        let mut core = self.shared.lock();
        core.end();
        self.shared.release(core);
        self.shared.wake_waiters();
    }
}

#[cfg(all(test, feature = "shuttle"))]
mod model_tests;
