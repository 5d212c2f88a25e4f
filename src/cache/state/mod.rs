//! The pure core of the cache: which keys are held, loaded, planned and failed, and what is to
//! be done next. No threads, no clock, no user code: it takes inputs and returns what to do.

mod loads;
mod report;
mod room;

use super::{
    Event, Key, KeyState, LoadError, Snapshot, Stats,
    predictor::Likelihoods,
    provider::Interest,
    ring::{LoadTimes, bounded_push},
};
use room::clamp;
use rustc_hash::FxHashMap as HashMap;
use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
};

/// Failures remembered at most; the oldest is forgotten first.
const MAX_FAILURES: usize = 1024;
/// Events waiting for a slow callback at most; the oldest is forgotten first.
const MAX_EVENTS: usize = 4096;

/// What bounds a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Keys in memory; at least 1.
    pub max_keys_cached: usize,
    /// Bytes in memory and in flight together.
    pub max_bytes: u64,
    /// Keys planned ahead at one time.
    pub max_keys_prefetched: usize,
    /// Navigations that the predictor gets to see.
    pub history_size: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_keys_cached: 100,
            max_bytes: u64::MAX,
            max_keys_prefetched: 20,
            history_size: 30,
        }
    }
}

/// Why a load runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Demand,
    Prefetch,
}

/// Where the result of a load is left for those who joined it; `None` where the load was told to
/// stop and did, so that whoever wants the key must ask anew.
pub(super) type Slot<V, E> = Arc<OnceLock<Option<Result<Arc<V>, LoadError<E>>>>>;

/// What a worker is to do next.
pub(super) enum Job<V, E> {
    Load(Ticket<V, E>),
    Plan(PlanJob),
    Wait,
    Exit,
}

/// Ask the predictor, then call [`Core::install_plan`].
pub(super) struct PlanJob {
    pub generation: u64,
    pub current: Key,
    pub history: Vec<Key>,
}

/// Identifies a running load.
pub(super) struct Ticket<V, E> {
    pub key: Key,
    pub purpose: Purpose,
    /// Whether the result is still wanted.
    pub interest: Arc<Interest>,
    slot: Slot<V, E>,
}

impl<V, E> Ticket<V, E> {
    /// Where the result will be.
    pub fn slot(&self) -> &Slot<V, E> {
        &self.slot
    }
}

/// The answer to a look at a key.
pub(super) enum Lookup<V, E> {
    Ready(Arc<V>),
    Pending,
    Failed(LoadError<E>),
    Absent,
}

/// A loaded value on its way in.
pub(super) struct Loaded<V> {
    pub value: Arc<V>,
    pub weight: u64,
    /// The eviction policy's rank.
    pub rank: u64,
}

struct Entry<V> {
    value: Arc<V>,
    weight: u64,
    rank: u64,
    read: bool,
}

struct Flight<V, E> {
    reserved: u64,
    slot: Slot<V, E>,
    interest: Arc<Interest>,
    /// Whether somebody asked for the key, so that the load must not be stopped.
    wanted: bool,
    /// Whether a thread waits for the result, so that it is wanted wherever the person goes.
    awaited: bool,
    /// Whether its result must not be kept: the source changed since it began, or another load came by it.
    outdated: bool,
}

impl<V, E> Flight<V, E> {
    /// Its result will not be kept; until it ends, its key counts as on its way.
    fn outdate(&mut self) {
        self.outdated = true;
        self.interest.end();
    }
}

/// A value that may not be kept, served for as long as it is the current one.
struct Guest<V> {
    key: Key,
    value: Arc<V>,
}

#[derive(Default)]
struct Counters {
    hits: u64,
    misses: u64,
    evictions: u64,
    prefetch_errors: u64,
    loads: u64,
    load_errors: u64,
    refused: u64,
    dropped: u64,
    by_products: u64,
    wasted: u64,
    /// Entries that nobody has read yet.
    unread: u64,
    events_dropped: u64,
    weight_sum: u64,
    weight_count: u64,
}

pub(super) struct Core<V, E> {
    limits: Limits,
    entries: HashMap<Key, Entry<V>>,
    guest: Option<Guest<V>>,
    failed: HashMap<Key, LoadError<E>>,
    failed_order: VecDeque<Key>,
    in_flight: HashMap<Key, Flight<V, E>>,
    demand: Option<Key>,
    plan: VecDeque<(Key, f64)>,
    likelihoods: Likelihoods,
    current: Option<Key>,
    history: VecDeque<Key>,
    /// Counts navigations; the plan is stale while `planned` lags behind.
    generation: u64,
    planned: u64,
    planning: Option<u64>,
    bytes: u64,
    reserved: u64,
    /// Values that are out, to be freed without the lock; and how many somebody is freeing.
    dropped: Vec<Arc<V>>,
    freeing: usize,
    counters: Counters,
    load_times: LoadTimes,
    events: VecDeque<Event<E>>,
    version: u64,
    /// Threads that work, and how many should.
    workers: usize,
    workers_wanted: usize,
    closed: bool,
    /// Whether nobody can look at the values any more.
    over: bool,
}

impl<V, E> Core<V, E> {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits: clamp(limits),
            entries: HashMap::default(),
            guest: None,
            failed: HashMap::default(),
            failed_order: VecDeque::new(),
            in_flight: HashMap::default(),
            demand: None,
            plan: VecDeque::new(),
            likelihoods: Likelihoods::new(),
            current: None,
            history: VecDeque::new(),
            generation: 0,
            planned: 0,
            planning: None,
            bytes: 0,
            reserved: 0,
            dropped: Vec::new(),
            freeing: 0,
            counters: Counters::default(),
            load_times: LoadTimes::default(),
            events: VecDeque::new(),
            // A snapshot that nobody took yet has version 0.
            version: 1,
            workers: 0,
            workers_wanted: 0,
            closed: false,
            over: false,
        }
    }

    // ---- asking -------------------------------------------------------------------------

    /// Moves to `key`. Repeating the current key is no navigation. Answers whether it was one. What
    /// was asked for before and has not begun is asked for no more.
    pub fn navigate(&mut self, key: Key) -> bool {
        if self.current == Some(key) {
            return false;
        }
        self.current = Some(key);
        self.demand = None;
        let guest = self.guest.take_if(|guest| guest.key != key);
        self.dropped.extend(guest.map(|guest| guest.value));
        bounded_push(&mut self.history, key, self.limits.history_size);
        self.generation += 1;
        self.version += 1;
        for (of, flight) in &self.in_flight {
            if *of != key && flight.wanted && !flight.awaited {
                flight.interest.leave();
            }
        }
        // What was kept only for being current may go now.
        self.shrink();
        true
    }

    /// Looks without moving or counting.
    pub fn peek(&self, key: Key) -> Lookup<V, E> {
        if let Some(entry) = self.entries.get(&key) {
            return Lookup::Ready(Arc::clone(&entry.value));
        }
        match &self.guest {
            Some(guest) if guest.key == key => return Lookup::Ready(Arc::clone(&guest.value)),
            _ => {}
        }
        if self.in_flight.contains_key(&key) {
            Lookup::Pending
        } else if let Some(error) = self.failed.get(&key) {
            Lookup::Failed(error.clone())
        } else {
            Lookup::Absent
        }
    }

    /// Looks, and counts the access as a hit or a miss.
    pub fn access(&mut self, key: Key) -> Lookup<V, E> {
        let found = self.peek(key);
        if matches!(found, Lookup::Ready(_)) {
            self.counters.hits += 1;
            self.mark_read(key);
        } else {
            self.counters.misses += 1;
        }
        self.version += 1;
        found
    }

    /// Notes that somebody got the value of `key`.
    pub fn mark_read(&mut self, key: Key) {
        if let Some(entry) = self.entries.get_mut(&key)
            && !entry.read
        {
            entry.read = true;
            self.counters.unread -= 1;
        }
    }

    /// Makes `key` the one to be loaded next, in place of any other that waits. A load of it that
    /// runs already is joined; where it was told that it may stop, it is begun again if it does.
    pub fn demand(&mut self, key: Key) {
        let stopping = match self.in_flight.get_mut(&key) {
            Some(flight) => {
                flight.wanted = true;
                flight.interest.is_left()
            }
            None => true,
        };
        self.demand = stopping.then_some(key);
        self.version += 1;
    }

    /// Where the result of the running load of `key` will be. It will not be stopped any more.
    pub fn join(&mut self, key: Key) -> Option<Slot<V, E>> {
        let flight = self.in_flight.get_mut(&key)?;
        flight.wanted = true;
        flight.awaited = true;
        Some(Arc::clone(&flight.slot))
    }

    /// Forgets that `key` failed, so that it is loaded again when asked for.
    pub fn forget_failure(&mut self, key: Key) {
        if self.failed.remove(&key).is_some() {
            self.failed_order.retain(|failed| *failed != key);
            self.version += 1;
        }
    }

    // ---- working ------------------------------------------------------------------------

    /// The next thing for a worker to do.
    pub fn next_job(&mut self) -> Job<V, E> {
        if self.closed {
            return Job::Exit;
        }
        if let Some(key) = self.demand {
            match self.peek(key) {
                Lookup::Absent => {
                    self.demand = None;
                    return Job::Load(self.start(key, Purpose::Demand));
                }
                // It stops first, see `demand`.
                Lookup::Pending => {}
                Lookup::Ready(_) | Lookup::Failed(_) => {
                    self.demand = None;
                    self.version += 1;
                }
            }
        }
        if let Some(job) = self.plan_job() {
            return Job::Plan(job);
        }
        while self.planned == self.generation
            && let Some(&(key, score)) = self.plan.front()
        {
            if !matches!(self.peek(key), Lookup::Absent) {
                // It came as a by-product.
                self.plan.pop_front();
                self.version += 1;
                continue;
            }
            if self.make_room(self.expected_weight(), score) {
                self.plan.pop_front();
                return Job::Load(self.start(key, Purpose::Prefetch));
            }
            if self.in_flight.is_empty() {
                // Everything held is at least as likely as the best of the plan.
                self.plan.clear();
                self.version += 1;
            }
            return Job::Wait;
        }
        Job::Wait
    }

    /// Asks for a new plan where the last one is of an earlier navigation and nobody is at it.
    pub fn plan_job(&mut self) -> Option<PlanJob> {
        let stale = self.planned != self.generation && self.planning != Some(self.generation);
        let current = self.current.filter(|_| stale && !self.closed)?;
        self.planning = Some(self.generation);
        Some(PlanJob {
            generation: self.generation,
            current,
            history: self.history.iter().copied().collect(),
        })
    }

    /// Takes over what the predictor said. A plan of an earlier navigation is ignored.
    pub fn install_plan(&mut self, generation: u64, likelihoods: Likelihoods) {
        if generation != self.generation {
            return;
        }
        self.planned = generation;
        self.planning = None;
        self.likelihoods = likelihoods;
        self.likelihoods.retain(|_, score| score.is_finite());
        let mut wanted: Vec<(Key, f64)> = self
            .likelihoods
            .iter()
            .filter(|(key, score)| **score > 0.0 && matches!(self.peek(**key), Lookup::Absent))
            .map(|(key, score)| (*key, *score))
            .collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        wanted.truncate(self.limits.max_keys_prefetched);
        self.plan = wanted.into();
        self.stop_unwanted();
        self.version += 1;
    }

    /// Tells loads ahead to stop whose keys are no longer expected.
    fn stop_unwanted(&mut self) {
        for (key, flight) in &self.in_flight {
            let expected = self.likelihoods.get(key).is_some_and(|score| *score > 0.0);
            if !expected && !flight.wanted && self.current != Some(*key) {
                flight.interest.end();
            }
        }
    }

    /// Begins a load: from here on the key is in flight.
    pub fn start(&mut self, key: Key, purpose: Purpose) -> Ticket<V, E> {
        let reserved = self.expected_weight();
        if purpose == Purpose::Demand {
            self.make_room(reserved, f64::INFINITY);
        }
        let slot = Slot::default();
        let interest = Arc::new(Interest::default());
        let flight = Flight {
            reserved,
            slot: Arc::clone(&slot),
            interest: Arc::clone(&interest),
            wanted: purpose == Purpose::Demand,
            awaited: false,
            outdated: false,
        };
        self.in_flight.insert(key, flight);
        self.reserved += reserved;
        self.counters.loads += 1;
        self.version += 1;
        self.emit(match purpose {
            Purpose::Demand => Event::CacheLoadStart { key },
            Purpose::Prefetch => Event::PrefetchStart { key },
        });
        Ticket { key, purpose, interest, slot }
    }
}

#[cfg(test)]
mod account_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
