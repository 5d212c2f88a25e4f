//! On which thread things happen, and when values are freed.

use crate::source::{MotFile, source, until};
use motscope::cache::{
    AccessPredictor, Cache, DataProvider, Key, Likelihoods, Limits, NoPrediction, Request,
};
use std::{
    sync::{Arc, Mutex},
    thread,
};

/// Loads values that tell which thread freed them.
#[derive(Clone, Default)]
struct Mortal {
    freed: Arc<Mutex<Vec<(Key, thread::ThreadId)>>>,
    /// Where the loads of keys from 1000 on wait, and where all values wait to be freed.
    loading: Arc<Mutex<()>>,
    freeing: Arc<Mutex<()>>,
    /// Looked at by values that go.
    cache: Arc<Mutex<std::sync::Weak<Cache<Mortal>>>>,
}

impl Mortal {
    fn is_freed(&self, key: Key) -> bool {
        self.freed.lock().unwrap().iter().any(|(freed, _)| *freed == key)
    }
}

struct Life {
    key: Key,
    of: Mortal,
}

impl Drop for Life {
    fn drop(&mut self) {
        drop(self.of.freeing.lock().unwrap());
        if let Some(cache) = self.of.cache.lock().unwrap().upgrade() {
            // Under a lock of the cache, this would never come back.
            let _ = cache.stats();
        }
        self.of.freed.lock().unwrap().push((self.key, thread::current().id()));
    }
}

impl DataProvider for Mortal {
    type Value = Life;
    type Error = String;

    fn load(&self, key: Key) -> Result<Life, String> {
        if key >= 1000 {
            drop(self.loading.lock().unwrap());
        }
        Ok(Life { key, of: self.clone() })
    }
}

#[test]
fn what_is_out_is_freed_at_once_and_never_by_whoever_asks() {
    let source = Mortal::default();
    let cache = Cache::builder(source.clone(), NoPrediction).max_keys_cached(1).build();
    let cache = Arc::new(cache);
    *source.cache.lock().unwrap() = Arc::downgrade(&cache);
    drop(cache.get(1).unwrap());
    // The only worker is at the load that 1 had to make room for, and nobody calls the cache.
    let gate = source.loading.lock().unwrap();
    assert!(matches!(cache.request(1000), Request::Pending));
    until("1 is freed", || source.is_freed(1));
    drop(gate);
    until("1000 is there", || matches!(cache.request(1000), Request::Ready(_)));
    drop(cache.get(2).unwrap());
    until("1000 is freed", || source.is_freed(1000));
    cache.clear();
    until("2 is freed", || source.is_freed(2));
    drop(cache.get(3).unwrap());
    cache.forget(3);
    until("3 is freed", || source.is_freed(3));
    cache.set_limits(Limits { max_keys_cached: 2, ..cache.limits() });
    (4..6).for_each(|key| drop(cache.get(key).unwrap()));
    cache.set_limits(Limits { max_keys_cached: 1, ..cache.limits() });
    until("4 is freed", || source.is_freed(4));
    drop(cache);
    until("5 is freed", || source.is_freed(5));
    let freed = source.freed.lock().unwrap();
    assert_eq!(freed.len(), 6);
    assert!(freed.iter().all(|(_, by)| *by != thread::current().id()));
}

#[test]
fn nobody_waits_for_a_value_to_go_until_too_many_do() {
    let source = Mortal::default();
    let cache = Cache::builder(source.clone(), NoPrediction).max_keys_cached(1).build();
    let gate = source.freeing.lock().unwrap();
    for key in 0..20 {
        drop(cache.get(key).unwrap());
    }
    assert!(source.freed.lock().unwrap().is_empty());
    thread::scope(|scope| {
        scope.spawn(|| (20..200).for_each(|key| drop(cache.get(key).unwrap())));
        // Memory is bounded, however slowly it is given back.
        until("a load waits", || cache.stats().in_flight == 1 && cache.stats().evictions > 30);
        assert!(cache.stats().evictions < 40);
        drop(gate);
    });
    assert_eq!(cache.stats().misses, 200);
}

#[test]
fn the_predictor_is_never_asked_on_a_thread_that_asks() {
    struct Asked(Arc<Mutex<Vec<thread::ThreadId>>>);
    impl AccessPredictor for Asked {
        fn name(&self) -> &'static str {
            "asked"
        }
        fn likelihoods(&self, current: Key, _: &[Key]) -> Likelihoods {
            self.0.lock().unwrap().push(thread::current().id());
            [(current + 1, 1.0)].into()
        }
    }
    let asked: Arc<Mutex<Vec<thread::ThreadId>>> = Arc::default();
    let (_source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, Asked(Arc::clone(&asked))).max_keys_cached(2).build();
    let settled = || until("rest", || cache.stats().idle);
    for key in (0..200).step_by(3) {
        drop(cache.get(key).unwrap());
        let _ = cache.request(key + 1);
    }
    cache.set_predictor(Asked(Arc::clone(&asked)));
    settled();
    cache.replan();
    settled();
    cache.set_limits(Limits { max_keys_prefetched: 3, ..cache.limits() });
    cache.clear();
    settled();
    cache.forget(1);
    cache.retry(1);
    settled();
    let asked = asked.lock().unwrap();
    assert!(asked.len() > 3 && !asked.contains(&thread::current().id()));
}

#[test]
fn what_was_asked_for_and_passed_over_is_not_loaded() {
    let (source, provider) = source(MotFile::default());
    let cache = Cache::builder(provider, NoPrediction).max_keys_cached(2).build();
    cache.get(3).unwrap();
    source.gate([1]);
    assert!(matches!(cache.request(1), Request::Pending));
    until("the load of 1", || source.loads_of(1) == 1);
    assert!(matches!(cache.request(2), Request::Pending));
    assert!(matches!(cache.request(3), Request::Ready(_)));
    source.open();
    until("rest", || cache.stats().idle);
    assert_eq!(*source.loads.lock().unwrap(), [3, 1]);
    assert_eq!(cache.snapshot().cached, [1, 3]);
}
