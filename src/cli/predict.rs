use super::{Failure, Outcome, print, print_json};
use crate::cache::{
    AccessPredictor, Key,
    predictors::{Adaptive, DistanceDecay, DynamicData, DynamicDistanceDecay},
};
use serde::{Serialize, de::DeserializeOwned};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which predictor
    #[arg(long, value_name = "NAME")]
    predictor: Name,
    /// Its parameters, as a JSON object; those left out have their defaults
    #[arg(long, value_name = "JSON", default_value = "{}")]
    params: String,
    /// The key asked for last
    #[arg(long, value_name = "N")]
    current: Key,
    /// The keys asked for lately, newest last
    #[arg(long, value_name = "A,B,..", value_delimiter = ',')]
    history: Vec<Key>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    DistanceDecay,
    DynamicDistanceDecay,
    DynamicData,
    Adaptive,
}

#[derive(Serialize)]
struct Report {
    likelihoods: Vec<(Key, f64)>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let predictor = predictor(arguments.predictor, &arguments.params)?;
    let scores = predictor.likelihoods(arguments.current, &arguments.history);
    let likelihoods: Vec<(Key, f64)> = scores.into_iter().collect();
    if likelihoods.iter().any(|(_, score)| !score.is_finite()) {
        let text = "--params: with these numbers, scores are beyond what can be counted.";
        return Err(Failure::Usage(text.to_owned()));
    }
    if arguments.json {
        return print_json(&Report { likelihoods });
    }
    let lines = likelihoods.iter().map(|(key, score)| format!("{key:>12} {score:.6}"));
    print(&lines.collect::<Vec<String>>().join("\n"))
}

fn predictor(name: Name, params: &str) -> Result<Box<dyn AccessPredictor>, Failure> {
    Ok(match name {
        Name::DistanceDecay => Box::new(read::<DistanceDecay>(params)?),
        Name::DynamicDistanceDecay => Box::new(read::<DynamicDistanceDecay>(params)?),
        Name::DynamicData => Box::new(read::<DynamicData>(params)?),
        Name::Adaptive => Box::new(read::<Adaptive>(params)?),
    })
}

fn read<T: DeserializeOwned>(params: &str) -> Result<T, Failure> {
    /// A span that any machine can score.
    const WIDEST: u64 = 1_000_000;
    let values: serde_json::Value = serde_json::from_str(params).unwrap_or_default();
    for name in ["max_span", "proximity_range"] {
        if values[name].as_u64().is_some_and(|span| span > WIDEST) {
            return Err(Failure::Usage(format!("--params: {name} is above {WIDEST}.")));
        }
    }
    serde_json::from_str(params)
        .map_err(|error| Failure::Usage(format!("--params can't be understood: {error}.")))
}
