use super::*;
use proptest::prelude::*;

fn ranked(predictor: &Adaptive, history: &[Key]) -> Vec<Key> {
    let current = history.last().copied().unwrap_or(0);
    let mut scores: Vec<(Key, f64)> = predictor.likelihoods(current, history).into_iter().collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    scores.into_iter().map(|(key, _)| key).collect()
}

fn buttons() -> Adaptive {
    Adaptive { possible_jumps: vec![-15, -5, -1, 1, 5, 15], ..Adaptive::default() }
}

#[test]
fn every_offered_jump_is_expected_from_the_first_key_on() {
    let expected = ranked(&buttons(), &[100]);
    for key in [85, 95, 99, 101, 105, 115] {
        assert!(expected.contains(&key), "{key} in {expected:?}");
    }
    assert_eq!(expected[0], 101);
}

#[test]
fn a_stride_of_any_size_is_learned_from_its_second_step() {
    for stride in [-37_i64, -2, 3, 4, 8, 250] {
        let key = |n: i64| Key::try_from(10_000 + n * stride).expect("above zero");
        let history: Vec<Key> = (0..4).map(key).collect();
        assert_eq!(ranked(&Adaptive::default(), &history)[..2], [key(4), key(5)], "{stride}");
    }
}

#[test]
fn a_long_run_is_looked_ahead_further_and_offers_no_buttons() {
    let history: Vec<Key> = (0..30).map(|n| 1000 + 4 * n).collect();
    let expected = ranked(&buttons(), &history);
    assert!(expected.contains(&(1116 + 4 * 15)), "{expected:?}");
    assert!(expected.iter().all(|key| (key - 1000) % 4 == 0), "{expected:?}");
}

#[test]
fn a_jump_that_was_not_offered_is_learned() {
    let history = [100, 133, 132, 165, 164, 197, 196];
    assert!(ranked(&buttons(), &history)[..2].contains(&229));
}

#[test]
fn a_drag_keeps_to_the_quantum_and_the_velocity_of_the_slider() {
    let history = [5000, 5025, 5075, 5150, 5250, 5350, 5450, 5550];
    let expected = ranked(&Adaptive::default(), &history);
    assert_eq!(expected[0], 5650);
    let near = expected.iter().filter(|key| [5625, 5675].contains(key)).count();
    assert_eq!(near, 2, "{expected:?}");
    let off = expected.iter().filter(|key| *key % 25 != 0).count();
    assert_eq!(off, 2, "only the neighbours: {expected:?}");
}

#[test]
fn hints_are_followed_both_ways_and_shared_by_clones() {
    let predictor = Adaptive::default();
    predictor.clone().hints.set([70, 10, 4000, 900]);
    assert!(ranked(&predictor, &[10, 70])[..2].contains(&900));
    let expected = ranked(&predictor, &[10, 70, 900, 70, 900]);
    assert!(expected[..3].contains(&4000) && expected[..3].contains(&70), "{expected:?}");
}

#[test]
fn after_something_new_the_old_walk_counts_little() {
    let mut history: Vec<Key> = (1..=29).collect();
    history.push(15_000);
    let expected = ranked(&buttons(), &history);
    assert!(expected.contains(&14_999) && expected.contains(&14_985), "{expected:?}");
}

#[test]
fn parameters_are_read_and_written() {
    let text = r#"{"possible_jumps": [3], "hints": [9, 4]}"#;
    let read: Adaptive = serde_json::from_str(text).expect("read");
    assert_eq!((read.possible_jumps.as_slice(), &*read.hints.get()), (&[3][..], &[4, 9][..]));
    assert!(serde_json::to_string(&read).expect("written").contains("[4,9]"));
}

proptest! {
    #[test]
    fn no_walk_is_too_odd(
        history in prop::collection::vec(
            prop_oneof![0..50_u64, any::<u64>(), Just(0), Just(u64::MAX)], 0..40),
        jumps in prop::collection::vec(any::<i64>(), 0..8),
        hints in prop::collection::vec(any::<u64>(), 0..8),
    ) {
        let predictor = Adaptive {
            possible_jumps: jumps,
            hints: Hints::from(hints),
            ..Adaptive::default()
        };
        let current = history.last().copied().unwrap_or(7);
        let scores = predictor.likelihoods(current, &history);
        prop_assert!(scores.values().all(|score| score.is_finite() && *score > 0.0));
        prop_assert!(!scores.contains_key(&current) && scores.len() < 500);
    }
}
