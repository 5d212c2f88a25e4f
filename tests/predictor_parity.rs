//! Scores must agree with the ones that the Python library computed, to 1e-9 relative.

use motscope::cache::{AccessPredictor, Key, predictors};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    predictor: String,
    params: Value,
    current: Key,
    history: Vec<Key>,
    likelihoods: Vec<(i64, f64)>,
}

fn predictor(case: &Case) -> Box<dyn AccessPredictor> {
    let params = case.params.clone();
    match case.predictor.as_str() {
        "distance_decay" => Box::new(
            serde_json::from_value::<predictors::DistanceDecay>(params).expect("parameters"),
        ),
        "dynamic_distance_decay" => Box::new(
            serde_json::from_value::<predictors::DynamicDistanceDecay>(params).expect("parameters"),
        ),
        "dynamic_data" => {
            Box::new(serde_json::from_value::<predictors::DynamicData>(params).expect("parameters"))
        }
        other => panic!("unknown predictor {other}"),
    }
}

#[test]
fn all_cases_agree_with_the_python_library() {
    let text = include_str!("fixtures/predictors.json");
    let fixture: Fixture = serde_json::from_str(text).expect("the fixture is JSON");
    assert_eq!(fixture.cases.len(), 150);
    for (number, case) in fixture.cases.iter().enumerate() {
        let scores = predictor(case).likelihoods(case.current, &case.history);
        // Keys below zero do not exist here.
        let existing = case.likelihoods.iter();
        let expected: Vec<(Key, f64)> =
            existing.filter_map(|(key, score)| Some((Key::try_from(*key).ok()?, *score))).collect();
        let keys: Vec<Key> = scores.keys().copied().collect();
        let expected_keys: Vec<Key> = expected.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, expected_keys, "keys of case {number}");
        for (key, score) in expected {
            let ours = scores[&key];
            assert!(
                (ours - score).abs() <= 1e-9 * score.abs(),
                "case {number}, key {key}: {ours} is not {score}"
            );
        }
    }
}
