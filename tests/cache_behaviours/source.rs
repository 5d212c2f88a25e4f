//! What the caches of these tests load from, and how to wait for them.

use motscope::cache::{AccessPredictor, DataProvider, Key, Likelihoods};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

/// Loads `key * 10`. Keys behind the gate wait until it opens; chosen keys fail or panic.
#[derive(Default)]
pub struct MotFile {
    pub gated: Mutex<BTreeSet<Key>>,
    pub opened: Condvar,
    pub failing: Mutex<BTreeSet<Key>>,
    pub panicking: BTreeSet<Key>,
    pub weights: BTreeMap<Key, u64>,
    pub last: Option<Key>,
    pub loads: Mutex<Vec<Key>>,
}

impl MotFile {
    pub fn gate(&self, keys: impl IntoIterator<Item = Key>) {
        self.gated.lock().unwrap().extend(keys);
    }

    pub fn open(&self) {
        self.gated.lock().unwrap().clear();
        self.opened.notify_all();
    }

    pub fn loads_of(&self, key: Key) -> usize {
        self.loads.lock().unwrap().iter().filter(|k| **k == key).count()
    }
}

#[derive(Clone)]
pub struct Shared(pub Arc<MotFile>);

impl DataProvider for Shared {
    type Value = u64;
    type Error = String;

    fn load(&self, key: Key) -> Result<u64, String> {
        self.0.loads.lock().unwrap().push(key);
        let gated = self.0.gated.lock().unwrap();
        drop(self.0.opened.wait_while(gated, |gated| gated.contains(&key)).unwrap());
        assert!(!self.0.panicking.contains(&key), "key {key} is cursed");
        if self.0.failing.lock().unwrap().contains(&key) {
            return Err(format!("key {key} is broken"));
        }
        Ok(key * 10)
    }

    fn contains(&self, key: Key) -> bool {
        self.0.last.is_none_or(|last| key <= last)
    }

    fn weight(&self, value: &u64) -> u64 {
        self.0.weights.get(&(value / 10)).copied().unwrap_or(1)
    }
}

/// Predicts the next `n` keys, nearest first.
pub struct Ahead(pub u64);

impl AccessPredictor for Ahead {
    fn name(&self) -> &'static str {
        "ahead"
    }

    fn likelihoods(&self, current: Key, _history: &[Key]) -> Likelihoods {
        (1..=self.0).map(|d| (current + d, 1.0 / d as f64)).collect()
    }
}

pub fn source(source: MotFile) -> (Arc<MotFile>, Shared) {
    let source = Arc::new(source);
    (Arc::clone(&source), Shared(source))
}

/// Waits for something that another thread is bound to do.
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < patience, "never happened: {what}");
        thread::yield_now();
    }
}
