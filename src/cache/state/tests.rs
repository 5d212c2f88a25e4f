//! The core against plain expectations, and against a naive reading of its promises.

use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

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
    let Some(Job::Plan { generation, .. }) = core.plan_job() else {
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
    assert_eq!(core.stats().refused, 1);
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
    let Some(Job::Plan { generation, .. }) = core.plan_job() else {
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
    let Some(Job::Plan { history, .. }) = core.plan_job() else {
        panic!("a navigation asks for a plan");
    };
    assert_eq!(history, [3, 4, 5, 6, 7]);
}

#[derive(Clone, Debug)]
enum Step {
    Request(Key),
    Job,
    Finish { which: usize, weight: u64, fails: bool },
    Retry(Key),
    Clear,
    Limits { keys: usize, bytes: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..30_u64).prop_map(Step::Request),
        6 => Just(Step::Job),
        6 => (any::<usize>(), 1..40_u64, prop::bool::weighted(0.15))
            .prop_map(|(which, weight, fails)| Step::Finish { which, weight, fails }),
        1 => (0..30_u64).prop_map(Step::Retry),
        1 => Just(Step::Clear),
        1 => (1..8_usize, 20..120_u64).prop_map(|(keys, bytes)| Step::Limits { keys, bytes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn promises_hold_under_any_interleaving(steps in prop::collection::vec(step(), 1..200)) {
        let mut core = TestCore::new(limits(6, 100, 8));
        let mut running: Vec<Ticket<Key, String>> = Vec::new();
        let (mut inserted, mut accesses, mut epoch) = (0, 0, 0);
        for step in steps {
            match step {
                Step::Request(key) => {
                    let navigated = core.navigate(key);
                    accesses += u64::from(navigated);
                    let found = if navigated { core.access(key) } else { core.peek(key) };
                    if matches!(found, Lookup::Absent) {
                        core.demand(key);
                    }
                }
                Step::Job => match core.next_job() {
                    Job::Load(ticket) => running.push(ticket),
                    Job::Plan { generation, current, .. } => {
                        let scores = (1..10).map(|d| (current + d, 1.0 / d as f64)).collect();
                        core.install_plan(generation, scores);
                    }
                    Job::Wait | Job::Exit => {}
                },
                Step::Finish { which, weight, fails } if !running.is_empty() => {
                    let ticket = running.swap_remove(which % running.len());
                    inserted += 1;
                    let outcome = if fails {
                        Err(LoadError::Provider(Arc::new("no".to_owned())))
                    } else {
                        Ok(loaded(ticket.key, weight, inserted))
                    };
                    core.finish(&ticket, outcome, Duration::ZERO);
                }
                Step::Finish { .. } => {}
                Step::Retry(key) => core.forget_failure(key),
                Step::Clear => {
                    core.clear();
                    epoch += 1;
                }
                Step::Limits { keys, bytes } => core.set_limits(limits(keys, bytes, 8)),
            }
            check(&core, &running, epoch, accesses)?;
        }
    }
}

/// What must be true after every step, whatever came before it.
fn check(
    core: &TestCore,
    running: &[Ticket<Key, String>],
    epoch: u64,
    accesses: u64,
) -> Result<(), TestCaseError> {
    let stats = core.stats();
    prop_assert_eq!(stats.hits + stats.misses, accesses);
    let held: u64 = core.entries.values().map(|entry| entry.weight).sum();
    prop_assert_eq!(held, stats.bytes);
    let only_current = core.entries.keys().all(|key| core.current == Some(*key));
    prop_assert!(only_current || stats.cache_keys <= stats.max_keys);
    prop_assert!(only_current || stats.bytes <= stats.max_bytes);
    let reserved: u64 = core.in_flight.values().map(|flight| flight.reserved).sum();
    prop_assert_eq!(reserved, stats.bytes_in_flight);
    let mut seen = HashSet::new();
    let once = running.iter().filter(|t| t.epoch == epoch).all(|t| seen.insert(t.key));
    prop_assert!(once, "one load a key at a time");
    prop_assert_eq!(seen.len(), core.in_flight.len());
    prop_assert!(core.plan.len() <= 8);
    Ok(())
}
