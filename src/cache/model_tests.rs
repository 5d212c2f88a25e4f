//! The locking under a model checker: each test runs under many random schedules, and a thread
//! that is left waiting is a deadlock that fails it.
//!
//! `cargo test --features shuttle --lib cache::model_tests`

use super::*;
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering::SeqCst},
};
use sync::thread;

const SCHEDULES: usize = 3000;

/// Loads give the scheduler a chance in their middle, so that anything may come between.
#[derive(Default)]
struct Source {
    running: Mutex<Vec<Key>>,
    loads: AtomicU64,
}

struct Counted(Arc<Source>);

impl DataProvider for Counted {
    type Value = Key;
    type Error = &'static str;

    fn load(&self, _: Key) -> Result<Key, &'static str> {
        unreachable!("the cache calls the other one")
    }

    fn load_with(&self, key: Key, load: &Load<'_, Key>) -> Result<Key, &'static str> {
        self.0.loads.fetch_add(1, SeqCst);
        {
            let mut running = self.0.running.lock().expect("no panic");
            assert!(!running.contains(&key), "one load a key at a time");
            running.push(key);
        }
        thread::yield_now();
        if key == 7 {
            load.also(8, 80);
        }
        let stopped = load.is_stopped();
        self.0.running.lock().expect("no panic").retain(|running| *running != key);
        match key {
            _ if stopped => Err("stopped"),
            13 => Err("bad luck"),
            666 => panic!("the source panics"),
            _ => Ok(key * 10),
        }
    }
}

/// Expects the next two keys.
struct Next;

impl AccessPredictor for Next {
    fn name(&self) -> &'static str {
        "next"
    }

    fn likelihoods(&self, current: Key, _: &[Key]) -> Likelihoods {
        [(current + 1, 1.0), (current + 2, 0.5)].into()
    }
}

fn cache(workers: usize) -> (Arc<Source>, Arc<Cache<Counted>>) {
    let source = Arc::new(Source::default());
    let builder = Cache::builder(Counted(Arc::clone(&source)), Next);
    (source, Arc::new(builder.max_keys_cached(3).workers(workers).build()))
}

fn balance(stats: &Stats) {
    let gone = stats.evictions + stats.load_errors + stats.refused + stats.dropped;
    assert_eq!(stats.loads, (stats.cache_keys + stats.in_flight) as u64 + gone, "{stats:?}");
}

fn both(one: impl FnOnce() + Send + 'static, other: impl FnOnce()) {
    let one = thread::spawn(one);
    other();
    one.join().expect("no panic");
}

#[test]
fn whoever_asks_for_a_key_joins_its_load() {
    shuttle::check_random(
        || {
            let (source, cache) = cache(1);
            let other = Arc::clone(&cache);
            both(
                move || assert_eq!(*other.get(5).expect("loads"), 50),
                || assert_eq!(*cache.get(5).expect("loads"), 50),
            );
            let stats = cache.stats();
            assert_eq!(stats.hits + stats.misses, 2);
            assert!(source.loads.load(SeqCst) <= 3, "5 once, 6 and 7 ahead");
            balance(&stats);
        },
        SCHEDULES,
    );
}

#[test]
fn walking_apart_stops_loads_and_answers_everybody() {
    shuttle::check_random(
        || {
            let (_, cache) = cache(2);
            let other = Arc::clone(&cache);
            both(
                move || {
                    for key in [1, 2, 40] {
                        assert_eq!(*other.get(key).expect("loads"), key * 10);
                    }
                },
                || {
                    for key in [3, 7, 2] {
                        assert_eq!(*cache.get(key).expect("loads"), key * 10);
                    }
                },
            );
            let stats = cache.stats();
            assert_eq!(stats.hits + stats.misses, 6);
            assert!(stats.cache_keys <= 3);
            balance(&stats);
        },
        SCHEDULES,
    );
}

#[test]
fn failures_and_panics_end_neither_worker_nor_waiter() {
    shuttle::check_random(
        || {
            let (_, cache) = cache(1);
            let other = Arc::clone(&cache);
            both(
                move || {
                    assert!(other.get(13).is_err());
                    assert_eq!(*other.get(12).expect("loads"), 120);
                },
                || {
                    assert!(matches!(cache.get(666), Err(LoadError::Panicked(_))));
                    assert!(cache.get(13).is_err());
                },
            );
            balance(&cache.stats());
        },
        SCHEDULES / 10,
    );
}

#[test]
fn clearing_and_forgetting_while_loads_run_loses_no_waiter() {
    shuttle::check_random(
        || {
            let (_, cache) = cache(1);
            let other = Arc::clone(&cache);
            both(
                move || {
                    assert_eq!(*other.get(1).expect("loads"), 10);
                    assert_eq!(*other.get(2).expect("loads"), 20);
                },
                || {
                    let _ = cache.request(2);
                    cache.forget(2);
                    cache.clear();
                    cache.set_limits(Limits { max_keys_cached: 1, ..cache.limits() });
                },
            );
            balance(&cache.stats());
        },
        SCHEDULES,
    );
}

#[test]
fn closing_answers_those_who_wait() {
    shuttle::check_random(
        || {
            let (_, cache) = cache(1);
            let other = Arc::clone(&cache);
            both(
                move || match other.get(5) {
                    Ok(value) => assert_eq!(*value, 50),
                    // The load was told to stop, or nobody is there to run it.
                    Err(LoadError::Closed | LoadError::Provider(_)) => {}
                    Err(LoadError::Panicked(message)) => panic!("{message}"),
                },
                || {
                    let _ = cache.request(5);
                    cache.close();
                },
            );
            assert!(matches!(cache.get(1), Err(LoadError::Closed)));
        },
        SCHEDULES,
    );
}

#[test]
fn events_come_in_order_and_a_callback_may_use_the_cache() {
    shuttle::check_random(
        || {
            let names = Arc::new(Mutex::new(Vec::new()));
            let heard = Arc::clone(&names);
            let handle: Arc<Mutex<std::sync::Weak<Cache<Counted>>>> = Arc::default();
            let inner = Arc::clone(&handle);
            let cache = Cache::builder(Counted(Arc::default()), NoPrediction)
                .max_keys_cached(2)
                .on_event(move |event| {
                    heard.lock().expect("no panic").push((event.name(), event.key()));
                    let cache = inner.lock().expect("no panic").upgrade();
                    if let (Some(cache), Event::CacheLoadComplete { key: 1 }) = (cache, event) {
                        assert_eq!(*cache.get(2).expect("loads"), 20);
                    }
                })
                .build();
            let cache = Arc::new(cache);
            *handle.lock().expect("no panic") = Arc::downgrade(&cache);
            let other = Arc::clone(&cache);
            both(move || drop(other.get(3)), || drop(cache.get(1)));
            // A worker may be the one that hands them out.
            let all_ended = || {
                let names = names.lock().expect("no panic");
                (1..=3).all(|key| names.contains(&("cache_load_complete", Some(key))))
            };
            while !all_ended() {
                thread::yield_now();
            }
            let names = names.lock().expect("no panic");
            let at = |name, key| names.iter().position(|event| *event == (name, Some(key)));
            for key in 1..=3 {
                let (began, ended) = (at("cache_load_start", key), at("cache_load_complete", key));
                assert!(began.is_some() && began < ended, "{names:?}");
            }
        },
        SCHEDULES,
    );
}
