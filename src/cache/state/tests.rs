//! The core against plain expectations, and against a naive reading of its promises.

use super::*;
use proptest::prelude::*;
use std::{collections::HashSet, time::Duration};

type TestCore = Core<Key, String>;

fn limits(keys: usize, bytes: u64, plan: usize) -> Limits {
    Limits { max_keys_cached: keys, max_bytes: bytes, max_keys_prefetched: plan, history_size: 5 }
}

fn loaded(key: Key, weight: u64, inserted: u64) -> Loaded<Key> {
    Loaded { value: Arc::new(key), weight, rank: inserted }
}

fn put(core: &mut TestCore, key: Key, weight: u64, inserted: u64) {
    let ticket = core.start(key, Purpose::Demand);
    core.finish(&ticket, Ok(loaded(key, weight, inserted)), Duration::ZERO);
}

fn drain(core: &mut TestCore) -> Vec<(&'static str, Option<Key>)> {
    std::iter::from_fn(|| core.next_event().map(|event| (event.name(), event.key()))).collect()
}

#[test]
fn the_least_likely_goes_first_and_rank_breaks_ties() {
    let mut core = TestCore::new(limits(3, u64::MAX, 0));
    core.navigate(1);
    for (order, key) in [1, 2, 3].into_iter().enumerate() {
        put(&mut core, key, 1, order as u64);
    }
    let Some(PlanJob { generation, .. }) = core.plan_job() else {
        panic!("a navigation asks for a plan");
    };
    core.install_plan(generation, [(1, 0.0), (2, 0.5), (3, 0.9)].into());
    put(&mut core, 4, 1, 9);
    // 4 was not predicted at all, but 2 goes before it: room is made before a load begins.
    assert_eq!(core.snapshot().cached, [1, 3, 4]);
    assert_eq!(core.stats().evictions, 1);
    assert!(drain(&mut core).contains(&("cache_evict", Some(2))));
}

#[test]
fn the_current_key_stays_even_where_it_is_the_least_likely() {
    let mut core = TestCore::new(limits(1, u64::MAX, 0));
    core.navigate(7);
    put(&mut core, 7, 1, 0);
    put(&mut core, 8, 1, 1);
    assert_eq!(core.snapshot().cached, [7]);
}

#[test]
fn an_oversize_value_is_served_while_current_and_not_kept() {
    let mut core = TestCore::new(limits(10, 100, 0));
    core.navigate(1);
    put(&mut core, 1, 101, 0);
    assert!(matches!(core.peek(1), Lookup::Ready(_)));
    assert_eq!((core.stats().bytes, core.stats().refused), (0, 1));
    core.navigate(2);
    assert!(matches!(core.peek(1), Lookup::Absent));
}

#[test]
fn a_load_from_before_a_clear_is_not_kept() {
    let mut core = TestCore::new(limits(10, 100, 0));
    core.navigate(1);
    let ticket = core.start(1, Purpose::Demand);
    core.clear();
    core.finish(&ticket, Ok(loaded(1, 1, 0)), Duration::ZERO);
    assert!(matches!(core.peek(1), Lookup::Absent));
    assert_eq!(core.stats().dropped, 1);
}

#[test]
fn a_forgotten_key_is_loaded_anew_and_an_older_load_of_it_is_not_kept() {
    let mut core = TestCore::new(limits(10, 100, 0));
    core.navigate(1);
    let older = core.start(1, Purpose::Demand);
    core.forget(1);
    core.demand(1);
    assert!(!matches!(core.next_job(), Job::Load(_)), "one load a key at a time");
    core.finish(&older, Ok(loaded(1, 7, 0)), Duration::ZERO);
    assert!(matches!(older.slot().get(), Some(None)), "whoever waits asks anew");
    let Job::Load(newer) = core.next_job() else { panic!("asked for is asked for") };
    core.finish(&newer, Ok(loaded(1, 9, 1)), Duration::ZERO);
    assert_eq!(core.stats().bytes, 9);
    core.forget(1);
    assert!(matches!(core.peek(1), Lookup::Absent));
    assert_eq!((core.stats().dropped, core.stats().bytes), (2, 0));
}

/// A core at key 1 with a load ahead of key 2 under way.
fn looking_ahead() -> (TestCore, Ticket<Key, String>) {
    let mut core = TestCore::new(limits(10, 100, 5));
    core.navigate(1);
    let generation = core.plan_job().map(|job| job.generation);
    core.install_plan(generation.expect("a navigation asks for a plan"), [(2, 1.0)].into());
    let Job::Load(ticket) = core.next_job() else { panic!("the plan is carried out") };
    (core, ticket)
}

fn replan_from(core: &mut TestCore, current: Key, scores: Likelihoods) {
    core.replan();
    let job = core.plan_job().expect("it was asked for");
    assert_eq!(job.current, current);
    core.install_plan(job.generation, scores);
}

fn replan(core: &mut TestCore, scores: Likelihoods) {
    let job = core.plan_job().expect("a navigation asks for a plan");
    core.install_plan(job.generation, scores);
}

#[test]
fn a_load_that_fell_out_of_the_plan_is_told_to_stop() {
    let (mut core, ticket) = looking_ahead();
    core.navigate(50);
    assert!(!ticket.interest.is_ended(), "nobody knows yet");
    replan(&mut core, [(51, 1.0)].into());
    assert!(ticket.interest.is_ended());
    core.finish(&ticket, Err(LoadError::Provider(Arc::new("stopped".to_owned()))), Duration::ZERO);
    let stats = core.stats();
    assert_eq!((stats.dropped, stats.load_errors, stats.failed_keys), (1, 0, 0));
    assert!(matches!(core.peek(2), Lookup::Absent));
}

#[test]
fn a_load_that_ends_in_spite_of_being_told_to_stop_is_kept() {
    let (mut core, ticket) = looking_ahead();
    core.navigate(50);
    replan(&mut core, [(51, 1.0)].into());
    core.finish(&ticket, Ok(loaded(2, 1, 0)), Duration::ZERO);
    assert!(matches!(core.peek(2), Lookup::Ready(_)));
}

#[test]
fn a_load_that_somebody_waits_for_is_not_stopped() {
    let (mut core, ticket) = looking_ahead();
    assert!(core.join(2).is_some());
    core.navigate(50);
    replan(&mut core, [(51, 1.0)].into());
    assert!(!ticket.interest.is_ended());
}

#[test]
fn a_key_asked_for_while_its_load_stops_is_loaded_again_and_not_twice_at_once() {
    let (mut core, ticket) = looking_ahead();
    core.navigate(50);
    replan(&mut core, Likelihoods::new());
    core.navigate(2);
    core.demand(2);
    replan(&mut core, Likelihoods::new());
    assert!(matches!(core.next_job(), Job::Wait), "the first load still runs");
    core.finish(&ticket, Err(LoadError::Provider(Arc::new("stopped".to_owned()))), Duration::ZERO);
    let Job::Load(again) = core.next_job() else { panic!("asked for is asked for") };
    assert_eq!((again.key, again.purpose), (2, Purpose::Demand));
}

#[test]
fn whoever_goes_on_leaves_what_they_asked_for_and_a_waiting_thread_does_not() {
    let mut core = TestCore::new(limits(10, 100, 0));
    let ask = |core: &mut TestCore, key| {
        core.navigate(key);
        core.demand(key);
        replan(core, Likelihoods::new());
        let Job::Load(ticket) = core.next_job() else { panic!("asked for is asked for") };
        ticket
    };
    let (left, awaited) = (ask(&mut core, 1), ask(&mut core, 2));
    assert!(left.interest.is_left() && !left.interest.is_ended());
    assert!(core.join(2).is_some());
    core.navigate(3);
    assert!(!awaited.interest.is_left());
    // Given up and asked for once more, it is begun again.
    core.navigate(1);
    core.demand(1);
    left.interest.end();
    core.finish(&left, Err(LoadError::Provider(Arc::new("left".to_owned()))), Duration::ZERO);
    assert_eq!((core.stats().dropped, core.stats().load_errors), (1, 0));
    replan(&mut core, Likelihoods::new());
    assert!(matches!(core.next_job(), Job::Load(Ticket { key: 1, .. })));
}

#[test]
fn what_came_as_a_by_product_leaves_the_plan_and_that_is_news() {
    let (mut core, ticket) = looking_ahead();
    replan_from(&mut core, 1, [(2, 1.0), (3, 0.5)].into());
    core.offer(&ticket, 3, loaded(3, 1, 0));
    core.finish(&ticket, Ok(loaded(2, 1, 1)), Duration::ZERO);
    let before = core.version();
    assert!(matches!(core.next_job(), Job::Wait));
    assert!(core.stats().idle && core.version() > before, "whoever looks at it sees it");
}

#[test]
fn by_products_are_kept_where_they_displace_nothing_likelier() {
    let mut core = TestCore::new(limits(3, u64::MAX, 0));
    core.navigate(1);
    put(&mut core, 1, 1, 0);
    replan(&mut core, [(2, 0.5), (5, 0.9)].into());
    put(&mut core, 2, 1, 1);
    let ticket = core.start(5, Purpose::Demand);
    // There is no room besides for what nobody expects.
    core.offer(&ticket, 4, loaded(4, 1, 2));
    assert_eq!((core.snapshot().cached, core.stats().refused), (vec![1, 2], 1));
    // What is there already is not replaced.
    core.offer(&ticket, 2, loaded(2, 9, 3));
    core.finish(&ticket, Ok(loaded(5, 1, 4)), Duration::ZERO);
    assert_eq!((core.snapshot().cached, core.stats().dropped), (vec![1, 2, 5], 1));
    // A load that is over has nothing to offer.
    core.offer(&ticket, 4, loaded(4, 1, 5));
    assert_eq!((core.stats().by_products, core.stats().dropped), (3, 2));
}

#[test]
fn the_newest_demand_replaces_the_one_that_waits() {
    let mut core = TestCore::new(limits(10, 100, 5));
    for key in [10, 20, 30] {
        core.navigate(key);
        core.demand(key);
    }
    let Job::Load(ticket) = core.next_job() else {
        panic!("a demand goes before a plan");
    };
    assert_eq!((ticket.key, ticket.purpose), (30, Purpose::Demand));
}

#[test]
fn a_plan_of_an_earlier_place_is_ignored() {
    let mut core = TestCore::new(limits(10, 100, 5));
    core.navigate(1);
    let Some(PlanJob { generation, .. }) = core.plan_job() else {
        panic!("a navigation asks for a plan");
    };
    core.navigate(50);
    core.install_plan(generation, [(2, 1.0)].into());
    assert!(core.snapshot().queued.is_empty());
}

#[test]
fn history_is_bounded_and_repeats_add_nothing() {
    let mut core = TestCore::new(limits(10, 100, 5));
    for key in [1, 1, 2, 2, 3, 4, 5, 6, 7] {
        core.navigate(key);
    }
    let Some(PlanJob { history, .. }) = core.plan_job() else {
        panic!("a navigation asks for a plan");
    };
    assert_eq!(history, [3, 4, 5, 6, 7]);
}

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
}

impl Model {
    fn new() -> Self {
        let core = TestCore::new(limits(6, 100, 8));
        Self { core, running: Vec::new(), accesses: 0, inserted: 0, made: 0 }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Request(key) => self.request(key),
            Step::Join(key) => drop(self.core.join(key)),
            Step::Job => drop(self.work()),
            Step::Offer { which, key, weight } if !self.running.is_empty() => {
                self.inserted += 1;
                self.made += 1;
                let ticket = &self.running[which % self.running.len()];
                self.core.offer(ticket, key, loaded(key, weight, self.inserted));
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
    }

    fn request(&mut self, key: Key) {
        let navigated = self.core.navigate(key);
        self.accesses += u64::from(navigated);
        let found = if navigated { self.core.access(key) } else { self.core.peek(key) };
        if matches!(found, Lookup::Absent | Lookup::Pending) {
            self.core.demand(key);
        }
    }

    /// Answers whether there was anything to do.
    fn work(&mut self) -> bool {
        match self.core.next_job() {
            Job::Load(ticket) => self.running.push(ticket),
            Job::Plan(PlanJob { generation, current, .. }) => {
                let scores = (1..10).map(|d| (current + d, 1.0 / d as f64)).collect();
                self.core.install_plan(generation, scores);
            }
            Job::Wait | Job::Exit => return false,
        }
        true
    }

    fn finish(&mut self, which: usize, weight: u64, fails: bool) {
        let ticket = self.running.swap_remove(which % self.running.len());
        self.inserted += 1;
        self.made += 1;
        // Half of those that are told to stop do.
        let stops = ticket.interest.is_ended() && self.inserted.is_multiple_of(2);
        let outcome = if fails || stops {
            Err(LoadError::Provider(Arc::new("no".to_owned())))
        } else {
            Ok(loaded(ticket.key, weight, self.inserted))
        };
        self.core.finish(&ticket, outcome, Duration::ZERO);
    }

    /// What must be true after every step, whatever came before it.
    fn check(&self) -> Result<(), TestCaseError> {
        let core = &self.core;
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
            model.take(step);
            model.check()?;
            let still = before.is_some_and(|key| model.core.entries.contains_key(&key));
            prop_assert!(!pinned || still || drops, "the current key is never evicted");
        }
        // What was asked for last is answered, whatever runs at the time.
        model.request(last);
        for round in 0..1000 {
            let worked = model.work();
            if !model.running.is_empty() {
                model.finish(round, 5, false);
            } else if !worked {
                break;
            }
            model.check()?;
        }
        let answered = matches!(model.core.peek(last), Lookup::Ready(_) | Lookup::Failed(_));
        prop_assert!(answered && model.core.stats().idle);
    }
}
