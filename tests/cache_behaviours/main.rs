//! What the Python library promises, and what this cache promises beyond it, through the public
//! interface. Loads wait at gates, so that nothing here depends on timing.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod source;
mod threads;

use motscope::cache::{
    AccessPredictor, Cache, DataProvider, Event, Key, KeyState, Largest, Likelihoods, Load,
    LoadError, NoPrediction, Request, Smallest, predictors::DynamicDistanceDecay,
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use source::{Ahead, MotFile, Shared, source, until};

#[test]
fn getting_twice_loads_once_and_counts_a_miss_and_a_hit() {
    let (source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, NoPrediction).build();
    let first = cache.get(4).unwrap();
    let second = cache.get(4).unwrap();
    assert!(*first == 40 && Arc::ptr_eq(&first, &second));
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, source.loads_of(4)), (1, 1, 1));
}

#[test]
fn a_miss_counts_even_when_the_load_fails_and_the_error_arrives() {
    let (_source, provider) =
        source(MotFile { failing: Mutex::new([3].into()), ..MotFile::default() });
    let cache = Cache::builder(provider, NoPrediction).build();
    let error = cache.get(3).unwrap_err();
    assert_eq!(error.to_string(), "key 3 is broken");
    assert_eq!(cache.stats().misses, 1);
}

#[test]
fn predicted_keys_are_loaded_behind_a_get_and_bounded() {
    let (_source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, Ahead(50)).max_keys_prefetched(7).build();
    cache.get(100).unwrap();
    until("seven keys ahead", || cache.stats().cache_keys == 8);
    assert_eq!(cache.snapshot().cached, (100..=107).collect::<Vec<_>>());
    cache.get(101).unwrap();
    assert_eq!(cache.stats().hits, 1);
}

#[test]
fn a_navigation_replaces_the_plan() {
    let (source, provider) = source(MotFile::default());
    source.gate(11..=20);
    let cache = Cache::builder(provider, Ahead(10)).build();
    cache.get(10).unwrap();
    until("the first prefetch", || source.loads_of(11) == 1);
    cache.get(500).unwrap();
    source.open();
    until("the new plan", || cache.key_state(510) == KeyState::Cached);
    assert_eq!(source.loads_of(12), 0, "a key of the old plan was loaded");
}

#[test]
fn a_failing_prefetch_is_counted_reported_and_does_not_stop_the_next() {
    let (_source, provider) = source(MotFile {
        failing: Mutex::new([2].into()),
        panicking: [3].into(),
        ..MotFile::default()
    });
    let (tell, told) = mpsc::channel();
    let cache = Cache::builder(provider, Ahead(4))
        .on_event(move |event| tell.send(event.clone()).unwrap())
        .build();
    cache.get(1).unwrap();
    until("the last prefetch", || cache.key_state(5) == KeyState::Cached);
    assert_eq!(cache.stats().prefetch_errors, 2);
    drop(cache);
    let errors: Vec<(Option<Key>, String)> = told
        .iter()
        .filter_map(|event| match &event {
            Event::PrefetchError { error, .. } => Some((event.key(), error.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(errors[0], (Some(2), "key 2 is broken".to_owned()));
    assert_eq!(errors[1].0, Some(3));
    assert!(errors[1].1.contains("key 3 is cursed"), "{}", errors[1].1);
}

#[test]
fn events_carry_their_fields_in_order() {
    let (_source, provider) =
        source(MotFile { failing: Mutex::new([9].into()), ..MotFile::default() });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let cache = Cache::builder(provider, NoPrediction)
        .max_keys_cached(1)
        .on_event(move |event| log.lock().unwrap().push((event.name(), event.key())))
        .build();
    cache.get(1).unwrap();
    cache.get(2).unwrap();
    cache.get(9).unwrap_err();
    let all = seen.lock().unwrap().clone();
    assert_eq!(
        all,
        [
            ("cache_load_start", Some(1)),
            ("cache_load_complete", Some(1)),
            ("cache_evict", Some(1)),
            ("cache_load_start", Some(2)),
            ("cache_load_complete", Some(2)),
            ("cache_evict", Some(2)),
            ("cache_load_start", Some(9)),
            ("cache_load_error", Some(9)),
        ]
    );
}

#[test]
fn a_predictor_that_panics_is_a_worker_error_and_nothing_more() {
    struct Broken;
    impl AccessPredictor for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }
        fn likelihoods(&self, _: Key, _: &[Key]) -> Likelihoods {
            panic!("no idea")
        }
    }
    let (_source, provider) = source(MotFile::default());
    let (tell, told) = mpsc::channel();
    let cache = Cache::builder(provider, Broken)
        .on_event(move |event| tell.send(event.clone()).unwrap())
        .build();
    assert_eq!(*cache.get(1).unwrap(), 10);
    let mut errors = told.iter().filter_map(|event| match event {
        Event::WorkerError { error } => Some(error),
        _ => None,
    });
    assert_eq!(errors.next().unwrap(), "the predictor broken panicked: no idea");
    assert_eq!(*cache.get(2).unwrap(), 20);
}

#[test]
fn a_callback_may_fail_and_may_use_the_cache() {
    let (_source, provider) = source(MotFile::default());
    let slot: Arc<Mutex<Option<Arc<Cache<Shared>>>>> = Arc::default();
    let inside = Arc::clone(&slot);
    let cache = Cache::builder(provider, NoPrediction)
        .max_keys_cached(1)
        .on_event(move |event| {
            let cache = inside.lock().unwrap().clone();
            if let (Event::CacheEvict { key: key @ ..1000 }, Some(cache)) = (event, cache) {
                cache.get(key + 1000).unwrap();
                panic!("callbacks fail sometimes");
            }
        })
        .build();
    let cache = Arc::new(cache);
    *slot.lock().unwrap() = Some(Arc::clone(&cache));
    cache.get(1).unwrap();
    cache.get(2).unwrap();
    assert_eq!(*cache.get(3).unwrap(), 30);
    *slot.lock().unwrap() = None;
}

#[test]
fn a_key_in_flight_is_joined_and_never_loaded_twice() {
    let (source, provider) = source(MotFile::default());
    source.gate([5]);
    let cache = Cache::builder(provider, NoPrediction).build();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(|| *cache.get(5).unwrap())).collect();
        until("four accesses", || cache.stats().misses == 4);
        source.open();
        for reader in readers {
            assert_eq!(reader.join().unwrap(), 50);
        }
    });
    assert_eq!(source.loads_of(5), 1);
}

#[test]
fn five_threads_reading_ten_keys_get_fifty_right_values() {
    let (_source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, DynamicDistanceDecay::default())
        .max_keys_cached(3)
        .workers(2)
        .build();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| (0..10).for_each(|key| assert_eq!(*cache.get(key).unwrap(), key * 10)));
        }
    });
    let stats = cache.stats();
    assert_eq!(stats.hits + stats.misses, 50);
}

#[test]
fn a_request_never_waits_and_repaints_count_nothing() {
    let (source, provider) = source(MotFile::default());
    source.gate([1]);
    let cache = Cache::builder(provider, NoPrediction).build();
    for _ in 0..100 {
        assert!(matches!(cache.request(1), Request::Pending));
    }
    source.open();
    until("the value", || matches!(cache.request(1), Request::Ready(value) if *value == 10));
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, source.loads_of(1)), (0, 1, 1));
    let _ = cache.request(2);
    until("the next", || cache.key_state(2) == KeyState::Cached);
    assert!(matches!(cache.request(1), Request::Ready(_)));
    assert_eq!(cache.stats().hits, 1);
}

#[test]
fn scrubbing_finishes_what_runs_and_loads_the_newest_next() {
    let (source, provider) = source(MotFile::default());
    source.gate([10]);
    let cache = Cache::builder(provider, NoPrediction).build();
    let _ = cache.request(10);
    until("the first load", || source.loads_of(10) == 1);
    for key in 11..50 {
        let _ = cache.request(key);
    }
    source.open();
    until("the newest", || cache.key_state(49) == KeyState::Cached);
    assert_eq!(*source.loads.lock().unwrap(), [10, 49]);
}

#[test]
fn a_failure_is_remembered_until_retried() {
    let (source, provider) =
        source(MotFile { failing: Mutex::new([1].into()), ..MotFile::default() });
    let cache = Cache::builder(provider, NoPrediction).build();
    until("the failure", || matches!(cache.request(1), Request::Failed(_)));
    for _ in 0..10 {
        assert!(matches!(cache.request(1), Request::Failed(LoadError::Provider(_))));
    }
    assert_eq!(source.loads_of(1), 1);
    source.failing.lock().unwrap().clear();
    cache.retry(1);
    until("the retry", || matches!(cache.request(1), Request::Ready(_)));
}

#[test]
fn bytes_are_bounded_and_the_policy_chooses_among_equals() {
    let weights: BTreeMap<Key, u64> = [(1, 10), (2, 60), (3, 20), (4, 30)].into();
    let evicted_with = |smallest: bool| {
        let (_source, provider) =
            source(MotFile { weights: weights.clone(), ..MotFile::default() });
        let builder = Cache::builder(provider, NoPrediction).max_bytes(110);
        let cache = if smallest {
            builder.eviction(Smallest).build()
        } else {
            builder.eviction(Largest).build()
        };
        (1..=4).for_each(|key| drop(cache.get(key).unwrap()));
        assert!(cache.stats().bytes <= 110);
        let cached = cache.snapshot().cached;
        (1..=4).filter(|key| !cached.contains(key)).collect::<Vec<Key>>()
    };
    assert_eq!(evicted_with(false), [2]);
    assert_eq!(evicted_with(true), [1]);
}

#[test]
fn the_oldest_insertion_goes_first_by_default() {
    let (_source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, NoPrediction).max_keys_cached(3).build();
    (1..=5).for_each(|key| drop(cache.get(key).unwrap()));
    assert_eq!(cache.snapshot().cached, [3, 4, 5]);
    assert_eq!(cache.stats().evictions, 2);
}

#[test]
fn keys_that_do_not_exist_are_never_prefetched() {
    let (source, provider) = source(MotFile { last: Some(12), ..MotFile::default() });
    let cache = Cache::builder(provider, Ahead(10)).build();
    cache.get(10).unwrap();
    until("the last key", || cache.key_state(12) == KeyState::Cached);
    cache.get(11).unwrap();
    until("a plan", || cache.snapshot().likelihoods.contains_key(&12));
    assert!(source.loads.lock().unwrap().iter().all(|key| *key <= 12));
}

#[test]
fn closing_returns_at_once_answers_waiters_and_may_be_repeated() {
    let (source, provider) = source(MotFile::default());
    source.gate([1]);
    let cache = Arc::new(Cache::builder(provider, NoPrediction).build());
    let _ = cache.request(1);
    until("the load", || source.loads_of(1) == 1);
    let waiter = {
        let cache = Arc::clone(&cache);
        thread::spawn(move || cache.get(1).map(|value| *value))
    };
    until("the waiter", || cache.stats().hits + cache.stats().misses == 2);
    cache.close();
    cache.close();
    assert!(matches!(waiter.join().unwrap(), Err(LoadError::Closed)));
    assert!(matches!(cache.get(2), Err(LoadError::Closed)));
    source.open();
}

#[test]
fn dropping_the_cache_ends_its_threads() {
    let (source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, Ahead(5)).workers(3).build();
    cache.get(1).unwrap();
    drop(cache);
    until("the workers let go of the provider", || Arc::strong_count(&source) == 1);
}

#[test]
fn the_defaults_are_those_of_the_python_library() {
    let (_source, provider) = source(MotFile::default());
    let limits = Cache::builder(provider, NoPrediction).build().limits();
    assert_eq!(limits.max_keys_cached, 100);
    assert_eq!(limits.max_keys_prefetched, 20);
    assert_eq!(limits.history_size, 30);
}

/// Hands over what it passes on its way from the last multiple of ten, and heeds being stopped.
struct Groups {
    asked: Arc<Mutex<Vec<Key>>>,
    stopped: Arc<Mutex<Vec<Key>>>,
    gate: Arc<AtomicBool>,
}

impl DataProvider for Groups {
    type Value = Key;
    type Error = &'static str;

    fn load(&self, key: Key) -> Result<Key, &'static str> {
        Ok(key)
    }

    fn load_with(&self, key: Key, load: &Load<'_, Key>) -> Result<Key, &'static str> {
        self.asked.lock().unwrap().push(key);
        for passed in (key / 10 * 10..key).filter(|passed| *passed < 1000) {
            load.also(passed, passed);
        }
        while self.gate.load(Ordering::SeqCst) && key >= 1000 {
            if load.is_stopped() {
                self.stopped.lock().unwrap().push(key);
                return Err("nobody wants it");
            }
            thread::yield_now();
        }
        Ok(key)
    }
}

fn groups(predictor: impl AccessPredictor) -> (Groups, Cache<Groups>) {
    let make = |gate: &Arc<AtomicBool>, lists: &[Arc<Mutex<Vec<Key>>>; 2]| Groups {
        asked: Arc::clone(&lists[0]),
        stopped: Arc::clone(&lists[1]),
        gate: Arc::clone(gate),
    };
    let (gate, lists) = (Arc::new(AtomicBool::new(true)), [Arc::default(), Arc::default()]);
    let cache = Cache::builder(make(&gate, &lists), predictor).build();
    (make(&gate, &lists), cache)
}

#[test]
fn by_products_are_hits_later_on() {
    let (source, cache) = groups(NoPrediction);
    cache.get(7).unwrap();
    (0..7).for_each(|key| assert_eq!(*cache.get(key).unwrap(), key));
    assert_eq!(*source.asked.lock().unwrap(), [7]);
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.loads, stats.by_products), (7, 1, 8, 7));
}

#[test]
fn a_load_that_nobody_wants_any_more_is_told_to_stop_and_is_no_failure() {
    // From 5 it expects 1005, which takes for ever; from 6 it expects 1006.
    struct Far;
    impl AccessPredictor for Far {
        fn name(&self) -> &'static str {
            "far"
        }
        fn likelihoods(&self, current: Key, _: &[Key]) -> Likelihoods {
            [(current + 1000, 1.0)].into()
        }
    }
    let (source, cache) = groups(Far);
    // By-products of it are 5 and 6, so that going there finds them.
    cache.get(7).unwrap();
    cache.get(5).unwrap();
    until("the load ahead", || source.asked.lock().unwrap().last() == Some(&1005));
    cache.get(6).unwrap();
    // It is the only worker: as long as it was at the first, it could not begin the second.
    until("the other load ahead", || source.asked.lock().unwrap().contains(&1006));
    assert!(source.stopped.lock().unwrap().ends_with(&[1005]));
    assert_eq!(cache.key_state(1005), KeyState::Absent);
    source.gate.store(false, Ordering::SeqCst);
    until("the load ahead", || cache.key_state(1006) == KeyState::Cached);
    let stats = cache.stats();
    assert_eq!(stats.load_errors, 0);
    assert!(stats.dropped >= 1);
}

#[test]
fn a_forgotten_key_is_loaded_anew() {
    let (source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, NoPrediction).build();
    (1..=3).for_each(|key| drop(cache.get(key).unwrap()));
    cache.forget(2);
    assert!(cache.peek(1).is_some() && cache.peek(2).is_none());
    cache.get(2).unwrap();
    assert_eq!(source.loads_of(2), 2);
}

#[test]
fn workers_come_and_go_while_it_runs() {
    let (source, provider) = source(MotFile::default());
    source.gate([10, 11, 12]);
    let cache = Cache::builder(provider, Ahead(3)).max_keys_prefetched(3).build();
    let _ = cache.request(9);
    until("one load ahead", || {
        cache.stats().in_flight == 1 && cache.key_state(9) == KeyState::Cached
    });
    cache.set_workers(3);
    until("three loads ahead", || cache.stats().in_flight == 3);
    cache.set_workers(1);
    source.open();
    until("rest", || cache.stats().idle);
    drop(cache);
    until("the workers let go of the provider", || Arc::strong_count(&source) == 1);
}
