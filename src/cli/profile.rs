use super::{AlignArgument, Failure, Outcome, opened::Opened, print, print_json};
use crate::{
    cache::{AccessPredictor as _, Cache, Key, predictors::DynamicData},
    formats::{lines::Index, mot::MotProvider},
    session::Request,
};
use serde::Serialize;
use std::{
    fmt::Write as _,
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// The jumps that the Python library's profiler tells its predictor.
const JUMPS: [i64; 7] = [-15, -5, -1, 1, 5, 15, 30];
/// Seconds that something may be measured.
const LONGEST: f64 = 24.0 * 3600.0;
/// Runs of each component; their median is told.
const RUNS: usize = 9;
/// Hits in a run, over so many frames.
const HITS: usize = 10_000;
const HELD: usize = 20;
/// Frames that a run loads or predicts at.
const SAMPLE: usize = 200;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A MOT file or a sequence folder
    #[arg(required_unless_present_any = ["trace", "soak"])]
    path: Option<PathBuf>,
    /// The order in which frames are asked for
    #[arg(long, value_enum, default_value = "all")]
    pattern: Pattern,
    /// How many frames are asked for, at most twice as many as there are
    #[arg(long, default_value_t = 1000, value_name = "N")]
    operations: usize,
    /// Replay recorded walks instead, over a source that only takes its time
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "path")]
    trace: Vec<PathBuf>,
    #[command(flatten)]
    replay: super::replay::Setup,
    /// Hammer a cache from every core for so long, before a source that fails, panics and stalls
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["path", "trace"], value_parser = super::number(0.0, LONGEST))]
    soak: Option<f64>,
    /// Measure how fast the pictures are decoded
    #[arg(long, conflicts_with_all = ["trace", "soak"])]
    pictures: bool,
    /// Play at so many frames a second, without a window, and count the frames that come late
    #[arg(long, value_name = "FPS", conflicts_with_all = ["trace", "soak", "pictures"], value_parser = super::number(0.001, 1000.0))]
    play: Option<f64>,
    /// How long to play
    #[arg(long, default_value_t = 5.0, value_parser = super::number(0.0, LONGEST))]
    seconds: f64,
    /// The folder of the pictures, where it is not found by itself
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The video, where it is not found by itself
    #[arg(long, value_name = "FILE", conflicts_with = "images")]
    video: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    columns: super::ColumnsArgument,
    #[command(flatten)]
    align: AlignArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Pattern {
    Sequential,
    Random,
    Jumps,
    Mixed,
    All,
}

impl Pattern {
    const EACH: [Self; 4] = [Self::Sequential, Self::Random, Self::Jumps, Self::Mixed];

    fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Random => "random",
            Self::Jumps => "jumps",
            Self::Mixed => "mixed",
            Self::All => "all",
        }
    }

    /// The frame of an operation, as in the Python library's profiler.
    fn frame(self, operation: usize, frames: &[u32]) -> Key {
        let at = |place: usize| Key::from(frames[place % frames.len()]);
        match self {
            Self::Random => at(operation * 17),
            Self::Jumps if operation.is_multiple_of(5) => at(operation * 15),
            Self::Jumps => at(operation - 1) + 1,
            Self::Mixed if operation.is_multiple_of(3) => at(operation * 7),
            Self::Sequential | Self::Mixed | Self::All => at(operation),
        }
    }
}

#[derive(Serialize)]
struct Report {
    patterns: Vec<PatternReport>,
    components: Components,
}

#[derive(Serialize)]
struct PatternReport {
    pattern: &'static str,
    accesses: u64,
    hits: u64,
    misses: u64,
    hit_rate: f64,
    p50_us: f64,
    p99_us: f64,
    max_us: f64,
}

#[derive(Serialize)]
struct Components {
    index_ms: f64,
    index_bytes: u64,
    load_frame_us: f64,
    load_detection_ns: f64,
    predict_us: f64,
    hit_us: f64,
    /// Memory of the process itself; null where the system does not say.
    resident_bytes: Option<u64>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if let Some(seconds) = arguments.soak {
        return soak(seconds, arguments.json);
    }
    let Some(path) = &arguments.path else {
        return super::replay::run(&arguments.trace, &arguments.replay, arguments.json);
    };
    let (images, video) = (arguments.images.as_deref(), arguments.video.as_deref());
    if let Some(rate) = arguments.play {
        let images = images.map(PathBuf::from);
        let columns = arguments.columns.chosen();
        let (video, alignment) = (video.map(PathBuf::from), arguments.align.alignment());
        let request = Request { images, video, alignment, columns, ..Request::path(path) };
        return super::play::run(request, rate, arguments.seconds, arguments.json);
    }
    let opened = Opened::open(path, images, video, arguments.columns.chosen())?.warned();
    if arguments.pictures {
        return super::pictures::run(&opened, &arguments.align, arguments.json);
    }
    let frames: Vec<u32> = opened.index.iter().map(|(frame, _)| frame).collect();
    if frames.is_empty() {
        return Err(Failure::Work(format!(
            "{} has no frames to profile.",
            crate::text::path(path)
        )));
    }
    let chosen = |pattern: &Pattern| [*pattern, Pattern::All].contains(&arguments.pattern);
    let patterns = Pattern::EACH
        .into_iter()
        .filter(chosen)
        .map(|pattern| profile_pattern(pattern, arguments.operations, &opened, &frames))
        .collect();
    let components = components(&opened, &frames);
    let report = Report { patterns, components };
    if arguments.json {
        return print_json(&report);
    }
    print(&describe(&report))
}

fn cache(opened: &Opened) -> Cache<MotProvider> {
    opened.index.make_present();
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    let predictor = DynamicData { possible_jumps: JUMPS.into(), ..DynamicData::default() };
    Cache::builder(provider, predictor).build()
}

fn profile_pattern(
    pattern: Pattern,
    operations: usize,
    opened: &Opened,
    frames: &[u32],
) -> PatternReport {
    let cache = cache(opened);
    let mut times: Vec<Duration> = Vec::new();
    for operation in 0..operations.min(frames.len() * 2) {
        let began = Instant::now();
        // A frame without lines is an answer too; loading boxes can't fail.
        let _ = black_box(cache.get(pattern.frame(operation, frames)));
        times.push(began.elapsed());
    }
    times.sort_unstable();
    let at = |share: f64| {
        let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, micros)
    };
    let stats = cache.stats();
    PatternReport {
        pattern: pattern.name(),
        accesses: stats.hits + stats.misses,
        hits: stats.hits,
        misses: stats.misses,
        hit_rate: stats.hit_rate().unwrap_or(0.0),
        p50_us: at(0.50),
        p99_us: at(0.99),
        max_us: at(1.0),
    }
}

fn components(opened: &Opened, frames: &[u32]) -> Components {
    let index = median(RUNS, || {
        black_box(Index::build(&opened.source, &mut ()));
    });
    let provider = MotProvider::new(Arc::clone(&opened.source), Arc::clone(&opened.index));
    // Spread over the whole file.
    let step = frames.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<u32> = frames.iter().copied().step_by(step).collect();
    let boxes: usize = sample
        .iter()
        .filter_map(|frame| provider.load_frame(*frame).ok())
        .map(|loaded| loaded.detections.len())
        .sum();
    let load = median(RUNS, || {
        for frame in &sample {
            let _ = black_box(provider.load_frame(*frame));
        }
    });
    let predictor = DynamicData { possible_jumps: JUMPS.into(), ..DynamicData::default() };
    let history: Vec<Key> = frames.iter().take(10).map(|frame| Key::from(*frame)).collect();
    let predict = median(RUNS, || {
        for frame in &sample {
            black_box(predictor.likelihoods(Key::from(*frame), &history));
        }
    });
    let cache = cache(opened);
    // Loaded now, so that what follows are hits: another frame each time, as somebody walks.
    let held: Vec<Key> = frames.iter().take(HELD).map(|frame| Key::from(*frame)).collect();
    for key in &held {
        let _ = cache.get(*key);
    }
    let hit = median(RUNS, || {
        for key in held.iter().cycle().take(HITS) {
            let _ = black_box(cache.get(*key));
        }
    });
    Components {
        index_ms: micros(&index) / 1000.0,
        index_bytes: opened.index.memory(),
        load_frame_us: micros(&load) / sample.len() as f64,
        load_detection_ns: micros(&load) * 1000.0 / boxes.max(1) as f64,
        predict_us: micros(&predict) / sample.len() as f64,
        hit_us: micros(&hit) / HITS as f64,
        resident_bytes: resident_bytes(),
    }
}

fn micros(time: &Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    let times = (0..runs)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    median_of(times)
}

pub(super) fn median_of(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Anonymous memory of this process.
pub(super) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn describe(report: &Report) -> String {
    let mut text = format!(
        "{:<12} {:>9} {:>8} {:>8} {:>9} {:>10} {:>10} {:>10}",
        "pattern", "accesses", "hits", "misses", "hit rate", "p50 us", "p99 us", "max us"
    );
    for p in &report.patterns {
        // Writing into a string can't fail.
        let _ = write!(
            text,
            "\n{:<12} {:>9} {:>8} {:>8} {:>8.1}% {:>10.2} {:>10.2} {:>10.2}",
            p.pattern,
            p.accesses,
            p.hits,
            p.misses,
            p.hit_rate * 100.0,
            p.p50_us,
            p.p99_us,
            p.max_us
        );
    }
    let c = &report.components;
    let resident = c.resident_bytes.map_or("unknown".to_owned(), |bytes| bytes.to_string());
    let _ = write!(
        text,
        "\n\nindex            {:.2} ms, {} bytes\nload a frame     {:.2} us\nload a box       {:.1} ns\n\
         predict          {:.2} us\nhit              {:.3} us\nresident         {resident} bytes",
        c.index_ms, c.index_bytes, c.load_frame_us, c.load_detection_ns, c.predict_us, c.hit_us
    );
    text
}
/// Random walks for so many seconds.
#[cfg(feature = "generate")]
fn soak(seconds: f64, json: bool) -> Outcome {
    super::soak::run(seconds, json)
}

/// A build without it says so.
#[cfg(not(feature = "generate"))]
fn soak(_: f64, _: bool) -> Outcome {
    Err(Failure::Usage("This build has no --soak: it lacks the feature 'generate'.".into()))
}
