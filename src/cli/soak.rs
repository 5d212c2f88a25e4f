//! A cache under fire: readers on every core, a source that fails, panics and stalls at random,
//! tiny limits. What must hold all the same is counted, and told.

use super::{Failure, Outcome, print, print_json};
use crate::cache::{Cache, DataProvider, Event, Key, Limits, Load, Stats, predictors::Adaptive};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::{
    fmt,
    panic::{self, PanicHookInfo},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

const KEYS: Key = 200;
/// What the source says when it panics, so that nothing else is silenced.
const PANIC: &str = "the source panics on purpose";
/// How long the cache may take to come to rest, and its threads to end.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct Report {
    seconds: f64,
    readers: usize,
    workers: usize,
    /// As the readers counted them.
    accesses: u64,
    hits: u64,
    misses: u64,
    loads: u64,
    kept: u64,
    evicted: u64,
    failed: u64,
    refused: u64,
    dropped: u64,
    by_products: u64,
    panics: u64,
    worker_errors: u64,
    most_bytes: u64,
    max_bytes: u64,
    /// Threads of the process more than before, once the cache was dropped.
    threads_left: i64,
    /// Values that still live, once the cache was dropped.
    values_left: u64,
    bytes_before: Option<u64>,
    bytes_after: Option<u64>,
    /// What did not hold; empty where all did.
    broken: Vec<String>,
}

#[derive(Default)]
struct Count {
    loads: AtomicU64,
    alive: AtomicU64,
    panics: AtomicU64,
    worker_errors: AtomicU64,
    accesses: AtomicU64,
    most_bytes: AtomicU64,
}

/// A value that is missed when it is not given back.
struct Value {
    bytes: Vec<u8>,
    count: Arc<Count>,
}

impl Value {
    fn new(key: Key, count: &Arc<Count>) -> Self {
        count.alive.fetch_add(1, Relaxed);
        // One in a hundred is larger than all the room there is.
        let size = if key % 100 == 99 { 200_000 } else { 500 + key * 37 % 6000 };
        Self { bytes: vec![key as u8; size as usize], count: Arc::clone(count) }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        self.count.alive.fetch_sub(1, Relaxed);
    }
}

/// Fails one load in ten, panics in one of fifty, stalls in one of thirty.
struct Unreliable(Arc<Count>);

#[derive(Debug)]
struct BadLuck;

impl fmt::Display for BadLuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bad luck")
    }
}

impl DataProvider for Unreliable {
    type Value = Value;
    type Error = BadLuck;

    fn load(&self, key: Key) -> Result<Value, BadLuck> {
        Ok(Value::new(key, &self.0))
    }

    fn load_with(&self, key: Key, load: &Load<'_, Value>) -> Result<Value, BadLuck> {
        let turn = self.0.loads.fetch_add(1, Relaxed);
        let mut random = ChaCha8Rng::seed_from_u64(turn);
        if random.random_ratio(1, 30) {
            for _ in 0..random.random_range(1..20) {
                thread::sleep(Duration::from_millis(1));
                if load.is_stopped() {
                    return Err(BadLuck);
                }
            }
        }
        if random.random_ratio(1, 50) {
            self.0.panics.fetch_add(1, Relaxed);
            panic!("{PANIC}");
        }
        if random.random_ratio(1, 5) {
            let also = random.random_range(0..KEYS);
            load.also(also, Value::new(also, &self.0));
        }
        if random.random_ratio(1, 10) { Err(BadLuck) } else { self.load(key) }
    }

    fn contains(&self, key: Key) -> bool {
        key < KEYS
    }

    fn weight(&self, value: &Value) -> u64 {
        value.bytes.len() as u64
    }
}

type UnderFire = Arc<Cache<Unreliable>>;

const LIMITS: [Limits; 3] = [
    Limits { max_keys_cached: 12, max_bytes: 40_000, max_keys_prefetched: 6, history_size: 30 },
    Limits { max_keys_cached: 3, max_bytes: 100_000, max_keys_prefetched: 20, history_size: 5 },
    Limits { max_keys_cached: 100, max_bytes: 9000, max_keys_prefetched: 0, history_size: 1 },
];

/// One reader's life: walks, jumps, and now and then something rude.
fn read(cache: &UnderFire, count: &Count, seed: u64, until: Instant) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut key = random.random_range(0..KEYS);
    while Instant::now() < until {
        key = match random.random_range(0..10) {
            0 => random.random_range(0..KEYS),
            1 => key.saturating_sub(5),
            _ => (key + 1) % KEYS,
        };
        match random.random_range(0..200) {
            0 => cache.clear(),
            1 => cache.forget(key),
            2 => cache.retry(key),
            3 => cache.set_limits(LIMITS[random.random_range(0..LIMITS.len())]),
            4 => cache.replan(),
            5..40 => drop(cache.peek(key)),
            _ => {
                count.accesses.fetch_add(1, Relaxed);
                // Whatever comes of it: it must come.
                drop(cache.get(key));
            }
        }
        let stats = cache.stats();
        count.most_bytes.fetch_max(stats.bytes, Relaxed);
    }
}

pub(super) fn run(seconds: f64, json: bool) -> Outcome {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        if info.payload_as_str() != Some(PANIC) {
            usual(info);
        }
    }));
    let report = soak(Duration::from_secs_f64(seconds));
    if json {
        print_json(&report)?;
    } else {
        print(&describe(&report))?;
    }
    if report.broken.is_empty() { Ok(()) } else { Err(Failure::Work(report.broken.join("; "))) }
}

fn soak(time: Duration) -> Report {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let (threads_before, bytes_before) = (threads(), super::profile::resident_bytes());
    let count = Arc::new(Count::default());
    let heard = Arc::clone(&count);
    let cache: UnderFire = Arc::new(
        Cache::builder(Unreliable(Arc::clone(&count)), Adaptive::default())
            .max_keys_cached(LIMITS[0].max_keys_cached)
            .max_bytes(LIMITS[0].max_bytes)
            .workers(cores)
            .on_event(move |event| {
                if matches!(event, Event::WorkerError { .. }) {
                    heard.worker_errors.fetch_add(1, Relaxed);
                }
            })
            .build(),
    );
    let readers = cores * 2;
    thread::scope(|scope| {
        for reader in 0..readers {
            let (cache, count) = (&cache, &count);
            scope.spawn(move || read(cache, count, reader as u64, Instant::now() + time));
        }
    });
    wait(|| cache.stats().idle);
    let stats = cache.stats();
    drop(cache);
    let left = || threads().zip(threads_before).map_or(0, |(now, before)| now - before);
    wait(|| left() == 0 && count.alive.load(Relaxed) == 0);
    let broken = broken(&stats, &count, left());
    Report {
        seconds: time.as_secs_f64(),
        readers,
        workers: cores,
        accesses: count.accesses.load(Relaxed),
        hits: stats.hits,
        misses: stats.misses,
        loads: stats.loads,
        kept: stats.cache_keys as u64,
        evicted: stats.evictions,
        failed: stats.load_errors,
        refused: stats.refused,
        dropped: stats.dropped,
        by_products: stats.by_products,
        panics: count.panics.load(Relaxed),
        worker_errors: count.worker_errors.load(Relaxed),
        most_bytes: count.most_bytes.load(Relaxed),
        max_bytes: LIMITS.iter().map(|limits| limits.max_bytes).max().unwrap_or(0),
        threads_left: left(),
        values_left: count.alive.load(Relaxed),
        bytes_before,
        bytes_after: super::profile::resident_bytes(),
        broken,
    }
}

/// What should hold and does not.
fn broken(stats: &Stats, count: &Count, threads_left: i64) -> Vec<String> {
    let mut broken = Vec::new();
    let mut hold = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    let accesses = count.accesses.load(Relaxed);
    let answered = stats.hits + stats.misses;
    hold(answered == accesses, format!("{accesses} accesses, but {answered} hits and misses"));
    let gone = stats.evictions + stats.load_errors + stats.refused + stats.dropped;
    let accounted = stats.cache_keys as u64 + gone;
    hold(stats.loads == accounted, format!("{} loads, of which {accounted} ended", stats.loads));
    hold(stats.idle && stats.in_flight == 0, "the cache does not come to rest".to_owned());
    hold(threads_left == 0, format!("{threads_left} threads are left"));
    let alive = count.alive.load(Relaxed);
    hold(alive == 0, format!("{alive} values are left"));
    broken
}

fn wait(mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !done() && Instant::now() < patience {
        thread::sleep(Duration::from_millis(5));
    }
}

/// Threads of this process, where the system says.
fn threads() -> Option<i64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    i64::try_from(tasks.count()).ok()
}

fn describe(r: &Report) -> String {
    let memory = |bytes: Option<u64>| {
        bytes.map_or("unknown".to_owned(), |bytes| format!("{} kB", bytes / 1024))
    };
    format!(
        "{} readers and {} workers for {} s\n\
         accesses {} = hits {} + misses {}\n\
         loads {} = kept {} + evicted {} + failed {} + refused {} + dropped {}\n\
         by-products {}, panics {}, worker errors {}, most bytes held {} of {}\n\
         threads left {}, values left {}, memory before {} and after {}",
        r.readers,
        r.workers,
        r.seconds,
        r.accesses,
        r.hits,
        r.misses,
        r.loads,
        r.kept,
        r.evicted,
        r.failed,
        r.refused,
        r.dropped,
        r.by_products,
        r.panics,
        r.worker_errors,
        r.most_bytes,
        r.max_bytes,
        r.threads_left,
        r.values_left,
        memory(r.bytes_before),
        memory(r.bytes_after)
    )
}
