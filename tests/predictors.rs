//! What the Python library promises of its predictors, besides exact scores.

use motscope::cache::{
    AccessPredictor as _, Key,
    predictors::{DistanceDecay, DynamicData, DynamicDistanceDecay},
};
use proptest::prelude::*;

fn with_jumps(jumps: &[i64]) -> DynamicData {
    DynamicData { possible_jumps: jumps.to_vec(), ..DynamicData::default() }
}

#[test]
fn jump_targets_lie_above_their_neighbours_and_those_above_what_is_far() {
    let scores = with_jumps(&[-15, -5, 5, 15]).likelihoods(1000, &[]);
    for target in [985, 995, 1005, 1015] {
        assert!(scores[&target] > scores[&(target + 1)] && scores[&target] > scores[&(target - 1)]);
    }
    assert!(scores[&1014] > scores[&1024]);
    assert!(!scores.contains_key(&1100));
}

#[test]
fn a_streak_forward_lifts_what_lies_ahead() {
    let predictor = with_jumps(&[]);
    let calm = predictor.likelihoods(50, &[90, 20, 50]);
    let streak = predictor.likelihoods(50, &[48, 49, 50]);
    assert!(streak[&51] > calm[&51] && streak[&49] == calm[&49]);
    let calm = DynamicDistanceDecay::default().likelihoods(50, &[51, 50]);
    let streak = DynamicDistanceDecay::default().likelihoods(50, &[49, 50]);
    assert!(streak[&51] > calm[&51] && streak[&48] == calm[&48]);
}

#[test]
fn nothing_below_zero_nor_at_or_past_the_length() {
    let predictor = DynamicData { length: Some(100), ..with_jumps(&[-15, 15]) };
    for current in [0, 3, 95, 99] {
        let scores = predictor.likelihoods(current, &[current]);
        assert!(scores.keys().all(|key| *key < 100), "at {current}");
    }
    assert!(DistanceDecay::default().likelihoods(2, &[]).keys().all(|key| *key <= 62));
}

#[test]
fn an_empty_history_and_no_jumps_work() {
    assert!(!with_jumps(&[]).likelihoods(0, &[]).is_empty());
    assert!(!DynamicDistanceDecay::default().likelihoods(0, &[]).is_empty());
}

proptest! {
    #[test]
    fn any_place_has_finite_scores(
        current in any::<Key>(),
        history in prop::collection::vec(any::<Key>(), 0..6),
        jumps in prop::collection::vec(any::<i64>(), 0..6),
    ) {
        let all = [
            with_jumps(&jumps).likelihoods(current, &history),
            DistanceDecay::default().likelihoods(current, &history),
            DynamicDistanceDecay::default().likelihoods(current, &history),
        ];
        for scores in all {
            prop_assert!(scores.values().all(|score| score.is_finite() && *score >= 0.0));
        }
    }
}
