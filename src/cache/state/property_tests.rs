//! The core against a naive reading of its promises, under any order of inputs.

use super::{
    tests::{TestCore, limits, loaded},
    *,
};
use proptest::prelude::*;
use std::{collections::HashSet, sync::Weak, time::Duration};

#[derive(Clone, Debug)]
enum Step {
    Request(Key),
    Join(Key),
    Job,
    Offer { which: usize, key: Key, weight: u64 },
    Finish { which: usize, weight: u64, fails: bool },
    Retry(Key),
    Forget(Key),
    Clear,
    Limits { keys: usize, bytes: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..30_u64).prop_map(Step::Request),
        1 => (0..30_u64).prop_map(Step::Join),
        6 => Just(Step::Job),
        2 => (any::<usize>(), 0..30_u64, 1..40_u64)
            .prop_map(|(which, key, weight)| Step::Offer { which, key, weight }),
        6 => (any::<usize>(), 1..40_u64, prop::bool::weighted(0.15))
            .prop_map(|(which, weight, fails)| Step::Finish { which, weight, fails }),
        1 => (0..30_u64).prop_map(Step::Retry),
        1 => (0..30_u64).prop_map(Step::Forget),
        1 => Just(Step::Clear),
        1 => (1..8_usize, 20..120_u64).prop_map(|(keys, bytes)| Step::Limits { keys, bytes }),
    ]
}

/// The core, and beside it what a naive reading of its promises keeps account of.
struct Model {
    core: TestCore,
    running: Vec<Ticket<Key, String>>,
    accesses: u64,
    inserted: u64,
    /// Values that came out of loads, whatever became of them.
    made: u64,
    /// Those of them that were not freed yet.
    alive: Vec<Weak<Key>>,
    /// Where the person is.
    current: Option<Key>,
    /// Keys among those that are loaded that somebody asked for.
    wanted: HashSet<Key>,
}

impl Model {
    fn new() -> Self {
        let core = TestCore::new(limits(6, 100, 8));
        Self {
            core,
            running: Vec::new(),
            accesses: 0,
            inserted: 0,
            made: 0,
            alive: Vec::new(),
            current: None,
            wanted: HashSet::new(),
        }
    }

    fn make(&mut self, key: Key, weight: u64) -> Loaded<Key> {
        self.inserted += 1;
        let loaded = loaded(key, weight, self.inserted);
        self.alive.push(Arc::downgrade(&loaded.value));
        loaded
    }

    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Request(key) => self.request(key),
            Step::Join(key) => {
                if self.core.join(key).is_some() {
                    self.wanted.insert(key);
                }
            }
            Step::Job => drop(self.work()?),
            Step::Offer { which, key, weight } if !self.running.is_empty() => {
                self.offer(which, key, weight)?;
            }
            Step::Finish { which, weight, fails } if !self.running.is_empty() => {
                self.finish(which, weight, fails);
            }
            Step::Offer { .. } | Step::Finish { .. } => {}
            Step::Retry(key) => self.core.forget_failure(key),
            Step::Forget(key) => self.core.forget(key),
            Step::Clear => self.core.clear(),
            Step::Limits { keys, bytes } => self.core.set_limits(limits(keys, bytes, 8)),
        }
        // What is out is freed at once.
        drop(self.core.take_dropped());
        Ok(())
    }

    fn request(&mut self, key: Key) {
        let navigated = self.core.navigate(key);
        self.accesses += u64::from(navigated);
        self.current = Some(key);
        let was_there = matches!(self.core.peek(key), Lookup::Ready(_));
        let hits = self.core.stats().hits;
        let found = if navigated { self.core.access(key) } else { self.core.peek(key) };
        assert_eq!(self.core.stats().hits - hits, u64::from(navigated && was_there));
        if navigated && let Some(entry) = self.core.entries.get(&key) {
            assert!(entry.read, "somebody got it");
        }
        if matches!(found, Lookup::Absent | Lookup::Pending) {
            self.core.demand(key);
            if self.running.iter().any(|ticket| ticket.key == key) {
                self.wanted.insert(key);
            }
        }
    }

    /// Answers whether there was anything to do.
    fn work(&mut self) -> Result<bool, TestCaseError> {
        let held: Vec<Key> = self.core.entries.keys().copied().collect();
        match self.core.next_job() {
            Job::Load(ticket) => {
                self.check_begun(&ticket, &held)?;
                self.running.push(ticket);
            }
            Job::Plan(PlanJob { generation, current, .. }) => {
                let mut scores: Likelihoods =
                    (1..10).map(|d| (current + d, 1.0 / d as f64)).collect();
                let no_scores =
                    [(current + 10, 0.0), (current + 11, -1.0), (current + 12, f64::NAN)];
                self.core.install_plan(
                    generation,
                    scores.iter().map(|(key, score)| (*key, *score)).chain(no_scores).collect(),
                );
                scores.retain(|_, score| *score > 0.0);
                for ticket in &self.running {
                    let key = ticket.key;
                    let wanted = self.wanted.contains(&key) || self.current == Some(key);
                    prop_assert!(
                        wanted || scores.contains_key(&key) || ticket.interest.is_ended(),
                        "nobody asked for {key}, nor is it expected any more"
                    );
                }
            }
            Job::Wait | Job::Exit => return Ok(false),
        }
        Ok(true)
    }

    /// What is loaded as asked for is what was asked for last; what is loaded ahead displaces
    /// nothing likelier.
    fn check_begun(
        &mut self,
        ticket: &Ticket<Key, String>,
        held: &[Key],
    ) -> Result<(), TestCaseError> {
        if ticket.purpose == Purpose::Demand {
            prop_assert_eq!(Some(ticket.key), self.current);
            self.wanted.insert(ticket.key);
            return Ok(());
        }
        let begun = self.core.likelihoods.get(&ticket.key);
        prop_assert!(begun.is_some_and(|score| *score > 0.0), "it is expected");
        let score = |key| self.core.likelihoods.get(key).copied().unwrap_or(0.0);
        for gone in held.iter().filter(|key| !self.core.entries.contains_key(key)) {
            prop_assert!(score(gone) < score(&ticket.key), "{gone} was likelier");
        }
        Ok(())
    }

    fn offer(&mut self, which: usize, key: Key, weight: u64) -> Result<(), TestCaseError> {
        let made = self.make(key, weight);
        self.made += 1;
        let ticket = &self.running[which % self.running.len()];
        let outdated = self.core.in_flight[&ticket.key].outdated;
        let failed = matches!(self.core.peek(key), Lookup::Failed(_));
        self.core.offer(ticket, key, made);
        if failed && !outdated {
            let kept = matches!(self.core.peek(key), Lookup::Ready(_));
            prop_assert!(!self.core.failed.contains_key(&key), "it is proved wrong");
            prop_assert!(kept || self.current != Some(key), "somebody looks at it");
        }
        Ok(())
    }

    fn finish(&mut self, which: usize, weight: u64, fails: bool) {
        let ticket = self.running.swap_remove(which % self.running.len());
        self.wanted.remove(&ticket.key);
        let made = self.make(ticket.key, weight);
        self.made += 1;
        // Half of those that are told to stop do.
        let stops = ticket.interest.is_ended() && self.inserted.is_multiple_of(2);
        let outcome = if fails || stops {
            Err(LoadError::Provider(Arc::new("no".to_owned())))
        } else {
            Ok(made)
        };
        self.core.finish(&ticket, outcome, Duration::ZERO);
    }

    /// What must be true after every step, whatever came before it.
    fn check(&mut self) -> Result<(), TestCaseError> {
        self.alive.retain(|value| value.strong_count() > 0);
        let core = &self.core;
        let values = core.entries.len() + usize::from(core.guest.is_some());
        prop_assert_eq!(self.alive.len(), values, "what is out is freed");
        for key in 0..50 {
            if let Lookup::Ready(value) = core.peek(key) {
                prop_assert_eq!(*value, key, "a value stands under its own key");
            }
        }
        let remembered: HashSet<Key> = core.failed_order.iter().copied().collect();
        prop_assert_eq!(remembered.len(), core.failed_order.len());
        prop_assert_eq!(remembered, core.failed.keys().copied().collect());
        let stats = core.stats();
        prop_assert_eq!(stats.hits + stats.misses, self.accesses);
        let held: u64 = core.entries.values().map(|entry| entry.weight).sum();
        prop_assert_eq!(held, stats.bytes);
        let only_current = core.entries.keys().all(|key| core.current == Some(*key));
        prop_assert!(only_current || stats.cache_keys <= stats.max_keys);
        prop_assert!(only_current || stats.bytes <= stats.max_bytes);
        let reserved: u64 = core.in_flight.values().map(|flight| flight.reserved).sum();
        prop_assert_eq!(reserved, stats.bytes_in_flight);
        let running: HashSet<Key> = self.running.iter().map(|ticket| ticket.key).collect();
        prop_assert_eq!(running.len(), self.running.len(), "one load a key at a time");
        prop_assert_eq!(running, core.in_flight.keys().copied().collect());
        prop_assert!(core.plan.len() <= 8);
        let unread = core.entries.values().filter(|entry| !entry.read).count() as u64;
        prop_assert_eq!(unread, stats.unread);
        prop_assert_eq!(stats.loads, self.made + self.running.len() as u64);
        let kept = (stats.cache_keys + stats.in_flight) as u64;
        let gone = stats.evictions + stats.load_errors + stats.refused + stats.dropped;
        prop_assert_eq!(stats.loads, kept + gone, "every load is accounted for: {:?}", stats);
        Ok(())
    }
}

/// Whether two snapshots show the same.
fn same_keys(one: &Snapshot, other: &Snapshot) -> bool {
    let keys = |s: &Snapshot| [&s.cached, &s.loading, &s.queued, &s.failed].map(Clone::clone);
    one.current == other.current && keys(one) == keys(other) && one.likelihoods == other.likelihoods
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn promises_hold_under_any_interleaving(
        steps in prop::collection::vec(step(), 1..200),
        last in 0..30_u64,
    ) {
        let mut model = Model::new();
        for step in steps {
            let before = model.core.current;
            let pinned = before.is_some_and(|key| model.core.entries.contains_key(&key));
            let drops = matches!(step, Step::Clear | Step::Forget(_) | Step::Request(_));
            let shown = model.core.snapshot();
            model.take(step)?;
            model.check()?;
            let shows = model.core.snapshot();
            prop_assert!(shows.version >= shown.version);
            prop_assert!(shows.version > shown.version || same_keys(&shown, &shows));
            let still = before.is_some_and(|key| model.core.entries.contains_key(&key));
            prop_assert!(!pinned || still || drops, "the current key is never evicted");
        }
        // What was asked for last is answered, whatever runs at the time.
        model.request(last);
        drop(model.core.take_dropped());
        for round in 0..1000 {
            let worked = model.work()?;
            drop(model.core.take_dropped());
            if !model.running.is_empty() {
                model.finish(round, 5, false);
                drop(model.core.take_dropped());
            } else if !worked {
                break;
            }
            model.check()?;
        }
        let answered = matches!(model.core.peek(last), Lookup::Ready(_) | Lookup::Failed(_));
        prop_assert!(answered && model.core.stats().idle);
    }
}
