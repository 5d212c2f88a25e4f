//! Recorded walks, replayed through the cache over a source that only takes its time.

use super::{Failure, Outcome, print, print_json};
use crate::cache::{
    Access, AccessPredictor, Asking, Cache, DataProvider, Key, Limits, NoPrediction, Oldest,
    Scenario,
    predictors::{Adaptive, DistanceDecay, DynamicData, DynamicDistanceDecay, Hints},
    simulate,
};
use serde::{Deserialize, Serialize};
use std::{
    fmt::Write as _,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// The jumps that the Python library's demo tells its predictor.
const JUMPS: [i64; 6] = [-15, -5, -1, 1, 5, 15];
/// Walks are over the frames 1 to this at least.
const LAST: Key = 20_000;

/// How walks are replayed.
#[derive(Debug, clap::Args)]
pub(super) struct Setup {
    /// How long a load takes on average, with --trace
    #[arg(long, default_value_t = 12.0, value_name = "MS", value_parser = super::number(0.0, 60_000.0))]
    provider_latency_ms: f64,
    /// Threads that load, with --trace
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: u16,
    /// Keys in memory, with --trace
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_keys_cached: u32,
    /// Keys planned ahead, with --trace
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    max_keys_prefetched: u32,
    /// Which predictor, with --trace
    #[arg(long, value_enum, default_value = "adaptive", value_name = "NAME")]
    predictor: Chosen,
    /// Replay on a simulated clock, which takes no time, with --trace
    #[arg(long)]
    simulated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum Chosen {
    Adaptive,
    DistanceDecay,
    DynamicDistanceDecay,
    DynamicData,
    None,
    All,
}

impl Chosen {
    const EACH: [Self; 5] = [
        Self::None,
        Self::DistanceDecay,
        Self::DynamicDistanceDecay,
        Self::DynamicData,
        Self::Adaptive,
    ];

    fn predictor(self, events: &[Key]) -> Arc<dyn AccessPredictor> {
        match self {
            Self::Adaptive | Self::All => Arc::new(Adaptive {
                possible_jumps: JUMPS.into(),
                hints: Hints::from(events.to_vec()),
                ..Adaptive::default()
            }),
            Self::DistanceDecay => Arc::new(DistanceDecay::default()),
            Self::DynamicDistanceDecay => Arc::new(DynamicDistanceDecay::default()),
            Self::DynamicData => {
                let possible_jumps = JUMPS.into();
                Arc::new(DynamicData { possible_jumps, ..DynamicData::default() })
            }
            Self::None => Arc::new(NoPrediction),
        }
    }
}

/// A recorded walk.
#[derive(Deserialize)]
struct Trace {
    /// Frames that the application knew to be of interest.
    #[serde(default)]
    events: Vec<Key>,
    /// Milliseconds from the beginning, and the frame asked for.
    accesses: Vec<(f64, Key)>,
}

#[derive(Serialize)]
struct Report {
    traces: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    trace: String,
    predictor: &'static str,
    accesses: u64,
    hits: u64,
    misses: u64,
    hit_rate: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    loads: u64,
    /// Loads that were never read.
    wasted: u64,
}

pub(super) fn run(files: &[PathBuf], setup: &Setup, json: bool) -> Outcome {
    let traces = files.iter().map(|file| Ok((name(file), read(file)?)));
    let traces = traces.collect::<Result<Vec<_>, Failure>>()?;
    let all = setup.predictor == Chosen::All;
    let chosen = if all { &Chosen::EACH[..] } else { std::slice::from_ref(&setup.predictor) };
    let mut rows = Vec::new();
    for (name, trace) in &traces {
        for chosen in chosen {
            let predictor = chosen.predictor(&trace.events);
            rows.push(if setup.simulated {
                simulated(name, trace, setup, predictor)
            } else {
                replay(name, trace, setup, predictor)
            });
        }
    }
    if json { print_json(&Report { traces: rows }) } else { print(&table(&rows)) }
}

fn name(file: &Path) -> String {
    let name = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy();
    crate::text::line(&name).into_owned()
}

fn read(file: &Path) -> Result<Trace, Failure> {
    let told = |reason: String| Failure::Work(format!("{} {reason}.", crate::text::path(file)));
    let text =
        std::fs::read_to_string(file).map_err(|error| told(format!("can't be read: {error}")))?;
    let trace: Trace =
        serde_json::from_str(&text).map_err(|error| told(format!("is no trace: {error}")))?;
    let sane = |time: f64| (0.0..1e9).contains(&time);
    let ascending = trace.accesses.is_sorted_by(|a, b| a.0 <= b.0);
    if trace.accesses.iter().any(|(time, _)| !sane(*time)) || !ascending {
        return Err(told("is no trace: its times must ascend from 0 on".to_owned()));
    }
    Ok(trace)
}

/// Takes a different time for each key, the same in every run.
struct Sleeper {
    latency: Duration,
    frames: RangeInclusive<Key>,
}

fn load_time(latency: Duration, key: Key) -> Duration {
    let place = key.wrapping_mul(2_654_435_761) % 1000;
    latency.mul_f64(0.6 + 0.8 * place as f64 / 1000.0)
}

/// The frames that there are: 1 to 20,000, or as far as the walk goes.
fn frames(trace: &Trace) -> RangeInclusive<Key> {
    let keys = || trace.accesses.iter().map(|(_, key)| *key).chain(trace.events.iter().copied());
    let (lowest, highest) = (keys().min().unwrap_or(1), keys().max().unwrap_or(LAST));
    lowest.min(1)..=highest.max(LAST)
}

impl DataProvider for Sleeper {
    type Value = ();
    type Error = std::convert::Infallible;

    fn load(&self, key: Key) -> Result<(), Self::Error> {
        thread::sleep(load_time(self.latency, key));
        Ok(())
    }

    fn contains(&self, key: Key) -> bool {
        self.frames.contains(&key)
    }
}

fn limits(setup: &Setup) -> Limits {
    Limits {
        max_keys_cached: setup.max_keys_cached as usize,
        max_keys_prefetched: setup.max_keys_prefetched as usize,
        ..Limits::default()
    }
}

/// In real time, through the threads of a cache.
fn replay(name: &str, trace: &Trace, setup: &Setup, predictor: Arc<dyn AccessPredictor>) -> Row {
    let predictor_name = predictor.name();
    let latency = Duration::from_secs_f64(setup.provider_latency_ms / 1000.0);
    let limits = limits(setup);
    let cache = Cache::builder(Sleeper { latency, frames: frames(trace) }, predictor)
        .max_keys_cached(limits.max_keys_cached)
        .max_keys_prefetched(limits.max_keys_prefetched)
        .workers(setup.workers.into())
        .build();
    let began = Instant::now();
    let mut waits = Vec::with_capacity(trace.accesses.len());
    for (at, key) in &trace.accesses {
        let due = began + Duration::from_secs_f64(at / 1000.0);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let asked = Instant::now();
        // Sleeping can't fail.
        let _ = cache.get(*key);
        waits.push(asked.elapsed());
    }
    row(name, predictor_name, &cache.stats(), waits)
}

/// At once, on a simulated clock; waits are not told apart from hits there.
fn simulated(name: &str, trace: &Trace, setup: &Setup, predictor: Arc<dyn AccessPredictor>) -> Row {
    let latency = Duration::from_secs_f64(setup.provider_latency_ms / 1000.0);
    let at = |ms: f64| Duration::from_secs_f64(ms / 1000.0);
    let walk: Vec<Access> =
        trace.accesses.iter().map(|(ms, key)| Access { at: at(*ms), key: *key }).collect();
    let existing = frames(trace);
    let scenario = Scenario {
        asking: Asking::Waits,
        limits: limits(setup),
        workers: setup.workers.into(),
        predictor: &*predictor,
        eviction: &Oldest,
        load_time: &|key| load_time(latency, key),
        weight: &|_| 0,
        exists: &|key| existing.contains(&key),
    };
    let outcome = simulate(&walk, &scenario);
    row(name, predictor.name(), &outcome.stats, outcome.waits)
}

fn row(
    name: &str,
    predictor: &'static str,
    stats: &crate::cache::Stats,
    mut waits: Vec<Duration>,
) -> Row {
    waits.sort_unstable();
    let at = |share: f64| {
        let index = ((waits.len() as f64 * share) as usize).min(waits.len().saturating_sub(1));
        waits.get(index).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
    };
    Row {
        trace: name.to_owned(),
        predictor,
        accesses: stats.hits + stats.misses,
        hits: stats.hits,
        misses: stats.misses,
        hit_rate: stats.hit_rate().unwrap_or(0.0),
        p50_ms: at(0.50),
        p95_ms: at(0.95),
        p99_ms: at(0.99),
        max_ms: at(1.0),
        loads: stats.loads,
        wasted: stats.wasted + stats.unread,
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<10} {:<22} {:>8} {:>6} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6}",
        "trace",
        "predictor",
        "accesses",
        "hits",
        "misses",
        "hit rate",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "max ms",
        "loads",
        "wasted"
    );
    for r in rows {
        // Writing into a string can't fail.
        let _ = write!(
            text,
            "\n{:<10} {:<22} {:>8} {:>6} {:>6} {:>7.1}% {:>8.3} {:>8.3} {:>8.3} {:>8.3} {:>6} {:>6}",
            r.trace,
            r.predictor,
            r.accesses,
            r.hits,
            r.misses,
            r.hit_rate * 100.0,
            r.p50_ms,
            r.p95_ms,
            r.p99_ms,
            r.max_ms,
            r.loads,
            r.wasted
        );
    }
    text
}
