//! The counters and answers of the core, one by one.

use super::{
    tests::{TestCore, limits, loaded},
    *,
};
use std::time::Duration;

fn broken() -> Result<Loaded<Key>, LoadError<String>> {
    Err(LoadError::Provider(Arc::new("broken".to_owned())))
}

/// A core at key 1, which holds it, with a plan.
fn planned(scores: &[(Key, f64)]) -> TestCore {
    let mut core = TestCore::new(limits(3, 100, 5));
    core.navigate(1);
    let ticket = core.start(1, Purpose::Demand);
    core.finish(&ticket, Ok(loaded(1, 10, 0)), Duration::from_millis(3));
    let generation = core.plan_job().expect("a navigation asks for a plan").generation;
    core.install_plan(generation, scores.iter().copied().collect());
    core
}

#[test]
fn each_key_is_told_where_it_stands() {
    let mut core = planned(&[(2, 0.9), (3, 0.5), (4, 0.0)]);
    let Job::Load(ticket) = core.next_job() else { panic!("the plan is carried out") };
    let states: Vec<KeyState> = (1..6).map(|key| core.state(key)).collect();
    let expected =
        [KeyState::Cached, KeyState::Loading, KeyState::Queued, KeyState::Absent, KeyState::Absent];
    assert_eq!(states, expected);
    core.finish(&ticket, broken(), Duration::ZERO);
    core.demand(5);
    assert_eq!((core.state(2), core.state(5)), (KeyState::Failed, KeyState::Queued));
}

#[test]
fn failures_are_told_apart_by_who_asked() {
    let mut core = planned(&[(2, 0.9)]);
    let Job::Load(ahead) = core.next_job() else { panic!("the plan is carried out") };
    core.finish(&ahead, broken(), Duration::ZERO);
    assert_eq!((core.stats().load_errors, core.stats().prefetch_errors), (1, 1));
    let asked = core.start(5, Purpose::Demand);
    core.finish(&asked, broken(), Duration::ZERO);
    assert_eq!((core.stats().load_errors, core.stats().prefetch_errors), (2, 1));
}

#[test]
fn old_failures_are_forgotten_first() {
    let mut core = planned(&[]);
    for key in 0..=MAX_FAILURES as Key {
        let ticket = core.start(100 + key, Purpose::Demand);
        core.finish(&ticket, broken(), Duration::ZERO);
    }
    assert_eq!(core.stats().failed_keys, MAX_FAILURES);
    assert_eq!((core.state(100), core.state(101)), (KeyState::Absent, KeyState::Failed));
}

#[test]
fn what_goes_unread_is_wasted_and_what_was_read_is_not() {
    let mut core = planned(&[(2, 0.9), (3, 0.8)]);
    while let Job::Load(ticket) = core.next_job() {
        core.finish(&ticket, Ok(loaded(ticket.key, 10, ticket.key)), Duration::ZERO);
    }
    assert_eq!(core.stats().unread, 3);
    core.mark_read(2);
    core.mark_read(2);
    assert_eq!(core.stats().unread, 2);
    core.set_limits(limits(1, 100, 5));
    let stats = core.stats();
    assert_eq!((stats.evictions, stats.wasted, stats.unread), (2, 1, 1));
    core.forget(1);
    assert_eq!((core.stats().dropped, core.stats().unread, core.stats().bytes), (1, 0, 0));
}

#[test]
fn what_is_cleared_is_dropped_and_planned_anew() {
    let mut core = planned(&[(2, 0.9)]);
    core.clear();
    assert_eq!((core.stats().dropped, core.stats().cache_keys), (1, 0));
    assert!(core.plan_job().is_some());
}

#[test]
fn events_that_nobody_takes_are_counted() {
    let mut core = planned(&[]);
    while core.next_event().is_some() {}
    assert!(core.has_no_events());
    for key in 0..MAX_EVENTS as Key + 3 {
        core.emit(Event::CacheEvict { key });
    }
    assert!(!core.has_no_events());
    assert_eq!(core.stats().events_dropped, 3);
    assert_eq!(core.next_event().and_then(|event| event.key()), Some(3));
}

#[test]
fn nothing_is_to_be_done_when_all_is() {
    let mut core = TestCore::new(limits(3, 100, 5));
    assert!(core.stats().idle);
    core.navigate(1);
    assert!(!core.stats().idle, "there is no plan");
    let generation = core.plan_job().expect("a navigation asks for a plan").generation;
    core.install_plan(generation, [(2, 0.5)].into());
    assert!(!core.stats().idle, "it is not carried out");
    let Job::Load(ticket) = core.next_job() else { panic!("the plan is carried out") };
    assert!(!core.stats().idle, "a load runs");
    core.finish(&ticket, Ok(loaded(2, 1, 0)), Duration::ZERO);
    assert!(core.stats().idle);
    core.demand(1);
    assert!(!core.stats().idle, "somebody waits");
}

#[test]
fn workers_come_and_go_as_wanted() {
    let mut core = planned(&[]);
    assert_eq!((core.set_workers(3), core.set_workers(3), core.set_workers(5)), (3, 0, 2));
    assert!(!core.one_worker_too_many());
    assert_eq!(core.set_workers(4), 0);
    assert!(core.one_worker_too_many() && !core.one_worker_too_many());
    core.close();
    assert_eq!(core.set_workers(9), 0);
}

#[test]
fn what_is_out_is_counted_until_it_is_freed() {
    let mut core = planned(&[]);
    assert!(!core.has_dropped());
    assert_eq!(core.unfreed(), 0);
    core.forget(1);
    assert!(core.has_dropped());
    assert_eq!(core.unfreed(), 1);
    let values = core.take_dropped();
    assert_eq!((values.len(), core.unfreed(), core.has_dropped()), (1, 1, false));
    core.freed();
    assert_eq!(core.unfreed(), 0);
}

#[test]
fn room_is_made_for_what_is_expected_by_what_came() {
    let mut core = planned(&[(2, 0.9)]);
    assert_eq!(core.expected_weight(), 10);
    let ticket = core.start(7, Purpose::Demand);
    assert_eq!(core.stats().bytes_in_flight, 10);
    core.finish(&ticket, Ok(loaded(7, 30, 1)), Duration::ZERO);
    assert_eq!(core.expected_weight(), 20);
    assert_eq!(core.load_times().len(), 2);
    assert!(core.load_times().contains(&Duration::from_millis(3)));
    let kept = core.limits();
    assert_eq!((kept.max_keys_cached, kept.max_bytes, kept.max_keys_prefetched), (3, 100, 5));
}

#[test]
fn a_void_load_of_an_expected_key_is_planned_anew_and_others_are_not() {
    for (score, planned_anew) in [(0.9, true), (0.0, false), (-1.0, false)] {
        let mut core = planned(&[(2, 0.9)]);
        let Job::Load(ticket) = core.next_job() else { panic!("the plan is carried out") };
        core.clear();
        let generation = core.plan_job().expect("what is cleared is planned anew").generation;
        core.install_plan(generation, [(2, score)].into());
        core.finish(&ticket, Ok(loaded(2, 10, 1)), Duration::ZERO);
        assert_eq!(core.plan_job().is_some(), planned_anew);
    }
}

#[test]
fn what_fills_all_the_room_is_kept() {
    let mut core = TestCore::new(limits(3, 100, 5));
    let ticket = core.start(1, Purpose::Demand);
    core.finish(&ticket, Ok(loaded(1, 100, 0)), Duration::ZERO);
    assert_eq!((core.stats().bytes, core.stats().refused), (100, 0));
}
