//! The core against plain expectations.

use super::*;
use std::time::Duration;

pub(super) type TestCore = Core<Key, String>;

pub(super) fn limits(keys: usize, bytes: u64, plan: usize) -> Limits {
    Limits { max_keys_cached: keys, max_bytes: bytes, max_keys_prefetched: plan, history_size: 5 }
}

pub(super) fn loaded(key: Key, weight: u64, inserted: u64) -> Loaded<Key> {
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
fn a_by_product_of_a_key_on_its_way_is_used_and_the_load_need_not_go_on() {
    let mut core = TestCore::new(limits(10, u64::MAX, 0));
    core.navigate(5);
    let passing = core.start(5, Purpose::Demand);
    let late = core.start(3, Purpose::Prefetch);
    core.offer(&passing, 3, loaded(3, 1, 0));
    assert!(matches!(core.peek(3), Lookup::Ready(_)) && late.interest.is_ended());
    // It comes all the same, or stops: neither leaves anything.
    core.offer(&passing, 3, loaded(3, 1, 1));
    core.finish(&late, Ok(loaded(3, 7, 2)), Duration::ZERO);
    assert!(matches!(core.peek(3), Lookup::Ready(_)) && core.stats().bytes == 1);
    assert_eq!((core.stats().loads, core.stats().dropped), (4, 2));
    // Its own key is no by-product.
    core.offer(&passing, 5, loaded(5, 1, 3));
    assert!(matches!(core.peek(5), Lookup::Pending));
    // Of an earlier state of the source nothing is taken.
    let other = core.start(4, Purpose::Demand);
    core.clear();
    core.offer(&passing, 4, loaded(4, 1, 4));
    assert!(matches!(core.peek(4), Lookup::Pending) && other.interest.is_ended());
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

#[test]
fn a_demand_that_a_hit_overtook_is_not_loaded_as_one() {
    let mut core = TestCore::new(limits(2, u64::MAX, 5));
    core.navigate(3);
    put(&mut core, 3, 1, 0);
    core.navigate(1);
    core.demand(1);
    let Job::Load(first) = core.next_job() else { panic!("asked for is asked for") };
    assert_eq!((first.key, first.purpose), (1, Purpose::Demand));
    core.navigate(2);
    core.demand(2);
    core.navigate(3);
    assert!(matches!(core.access(3), Lookup::Ready(_)));
    assert!(!matches!(core.state(2), KeyState::Queued), "nobody asks for it any more");
    // Held are 3, the current one, and the load of 1: there is no room for what is less likely.
    replan(&mut core, [(1, 0.9), (2, 0.1)].into());
    core.finish(&first, Ok(loaded(1, 1, 1)), Duration::ZERO);
    assert!(matches!(core.next_job(), Job::Wait));
    assert_eq!((core.snapshot().cached, core.stats().evictions), (vec![1, 3], 0));
    // Where it is loaded, it is ahead of its time, and stops when it is no longer expected.
    core.set_limits(limits(3, u64::MAX, 5));
    replan_from(&mut core, 3, [(1, 0.9), (2, 0.1)].into());
    let Job::Load(ahead) = core.next_job() else { panic!("it is expected, and there is room") };
    assert_eq!((ahead.key, ahead.purpose), (2, Purpose::Prefetch));
    replan_from(&mut core, 3, Likelihoods::new());
    assert!(ahead.interest.is_ended());
}

#[test]
fn a_by_product_of_a_key_that_failed_is_kept_and_clears_the_failure() {
    let mut core = TestCore::new(limits(3, u64::MAX, 0));
    let broken = || Err(LoadError::Provider(Arc::new("broken".to_owned())));
    for key in [4, 6] {
        let ticket = core.start(key, Purpose::Demand);
        core.finish(&ticket, broken(), Duration::ZERO);
    }
    core.navigate(5);
    let ticket = core.start(5, Purpose::Demand);
    core.offer(&ticket, 4, loaded(4, 1, 0));
    assert!(matches!(core.peek(4), Lookup::Ready(value) if *value == 4));
    assert_eq!(core.snapshot().failed, [6]);
    // Also where there is no room for the value.
    core.set_limits(limits(2, u64::MAX, 0));
    replan(&mut core, [(4, 1.0)].into());
    core.offer(&ticket, 6, loaded(6, 1, 1));
    assert!(matches!(core.peek(6), Lookup::Absent));
    assert_eq!((core.stats().failed_keys, core.stats().refused), (0, 1));
}

#[test]
fn when_all_is_over_no_value_is_left() {
    let mut core = TestCore::new(limits(3, 100, 0));
    core.navigate(2);
    put(&mut core, 1, 1, 0);
    put(&mut core, 2, 101, 1);
    let ticket = core.start(3, Purpose::Demand);
    core.end();
    assert_eq!(core.take_dropped().len(), 2, "the one that is held, and the one too heavy to be");
    assert!(!core.is_over(), "a load still runs");
    core.finish(&ticket, Ok(loaded(3, 1, 2)), Duration::ZERO);
    assert!(core.is_over());
    assert_eq!(core.take_dropped().len(), 1);
}
