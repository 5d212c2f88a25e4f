//! The engine: reader, cache and predictors. `cargo bench --bench engine`

use divan::{Bencher, black_box, counter::ItemsCount};
use motscope::{
    cache::{
        AccessPredictor, Cache, DataProvider, Key, NoPrediction,
        predictors::{Adaptive, DistanceDecay, DynamicData, DynamicDistanceDecay, Hints},
    },
    formats::{
        lines::Index,
        mot::{MotFile, MotProvider, parse_line},
    },
};
use std::{
    convert::Infallible,
    fmt::Write as _,
    io::{BufWriter, Write as _},
    sync::{Arc, OnceLock},
};

fn main() {
    divan::main();
}

const FRAMES: u32 = 2000;
const BOXES: u32 = 100;
const JUMPS: [i64; 6] = [-15, -5, -1, 1, 5, 15];

fn lines() -> &'static [String] {
    static LINES: OnceLock<Vec<String>> = OnceLock::new();
    LINES.get_or_init(|| {
        let line = |frame: u32, id: u32| {
            let (left, top) = (f64::from(id) * 17.3 % 1900.0, f64::from(frame * id) * 0.7 % 1000.0);
            let mut line = String::new();
            let numbers = format_args!("{frame},{id},{left:.2},{top:.2},57.31,130.05,0.87");
            write!(line, "{numbers},-1,-1,-1").expect("text");
            line
        };
        (1..=FRAMES).flat_map(|frame| (1..=BOXES).map(move |id| line(frame, id))).collect()
    })
}

fn source(by_track: bool) -> Arc<MotFile> {
    let mut lines: Vec<&str> = lines().iter().map(String::as_str).collect();
    if by_track {
        lines.sort_by_key(|line| line.split(',').nth(1).and_then(|id| id.parse::<u32>().ok()));
    }
    let text = lines.join("\n").into_boxed_str();
    Arc::new(MotFile::from_memory("lines", Box::leak(text).as_bytes()).expect("plain text"))
}

#[divan::bench(args = [false, true])]
fn index(bencher: Bencher, by_track: bool) {
    let source = source(by_track);
    bencher
        .counter(ItemsCount::new(FRAMES * BOXES))
        .bench(|| Index::build(black_box(&source), &mut ()));
}

/// Items are boxes.
#[divan::bench(args = [false, true])]
fn frame_load(bencher: Bencher, by_track: bool) {
    let source = source(by_track);
    let index = Index::build(&source, &mut ()).expect("nobody cancels");
    let provider = MotProvider::new(source, Arc::new(index));
    let mut frame = 0;
    bencher.counter(ItemsCount::new(BOXES)).bench_local(|| {
        frame = frame % FRAMES + 1;
        provider.load_frame(black_box(frame))
    });
}

/// The order of a file's lines.
#[derive(Clone, Copy, Debug)]
enum Order {
    Frame,
    Track,
    None,
}

/// A file larger than any processor's own memory: 2,000,000 lines, 100 MB.
fn large_file(order: Order) -> tempfile::NamedTempFile {
    const LARGE: u64 = 20_000;
    /// No divisor of the number of lines: steps of it come by every line.
    const STEP: u64 = 1_234_577;
    let lines = LARGE * u64::from(BOXES);
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut out = BufWriter::new(&file);
    for at in 0..lines {
        let (frame, id) = match order {
            Order::Frame => (at / u64::from(BOXES), at % u64::from(BOXES)),
            Order::Track => (at % LARGE, at / LARGE),
            Order::None => (at * STEP % lines % LARGE, at * STEP % lines / LARGE),
        };
        let (left, top) = (at % 1900, at % 1000);
        writeln!(out, "{},{id},{left}.25,{top}.50,57.31,130.05,0.87,-1,-1,-1", frame + 1)
            .expect("room on the disk");
    }
    out.flush().expect("room on the disk");
    drop(out);
    file
}

/// Frames from all over a large file; items are boxes.
#[divan::bench(args = [Order::Frame, Order::Track, Order::None])]
fn frame_load_large(bencher: Bencher, order: Order) {
    let file = large_file(order);
    let source = Arc::new(MotFile::open(file.path()).expect("it was just written"));
    let index = Index::build(&source, &mut ()).expect("nobody cancels");
    index.make_present();
    let provider = MotProvider::new(source, Arc::new(index));
    let mut frame = 0;
    bencher.counter(ItemsCount::new(BOXES)).bench_local(|| {
        frame = (frame + 7919) % 20_000;
        provider.load_frame(black_box(frame + 1))
    });
}

#[divan::bench]
fn line(bencher: Bencher) {
    let mut lines = lines().iter().cycle();
    bencher.bench_local(|| parse_line(black_box(lines.next().expect("endless").as_bytes())));
}

struct Squares;

impl DataProvider for Squares {
    type Value = Key;
    type Error = Infallible;

    fn load(&self, key: Key) -> Result<Key, Infallible> {
        Ok(key * key)
    }
}

const HELD: u64 = 100;

fn filled(predictor: impl AccessPredictor) -> Cache<Squares> {
    let cache = Cache::builder(Squares, predictor).max_keys_cached(HELD as usize).build();
    (0..HELD).for_each(|key| drop(cache.get(key)));
    cache
}

#[divan::bench]
fn peek(bencher: Bencher) {
    let cache = filled(NoPrediction);
    let mut key = 0;
    bencher.bench_local(|| {
        key = (key + 37) % HELD;
        cache.peek(black_box(key))
    });
}

/// What `peek` is held against.
#[divan::bench]
fn quick_cache_get(bencher: Bencher) {
    let cache = quick_cache::sync::Cache::new(10 * HELD as usize);
    (0..HELD).for_each(|key| cache.insert(key, Arc::new(key * key)));
    let mut key = 0;
    bencher.bench_local(|| {
        key = (key + 37) % HELD;
        cache.get(&black_box(key))
    });
}

/// The same key again: no navigation.
#[divan::bench]
fn hit_again(bencher: Bencher) {
    let cache = filled(Adaptive::default());
    bencher.bench_local(|| cache.get(black_box(5)));
}

/// Another key each time: the history grows, and a worker plans.
#[divan::bench]
fn hit_walking(bencher: Bencher) {
    let cache = filled(Adaptive { max_span: 2, ..Adaptive::default() });
    let mut key = 0;
    bencher.bench_local(|| {
        key = (key + 1) % HELD;
        cache.get(black_box(key))
    });
}

/// A load of nothing: what the cache itself costs.
#[divan::bench]
fn miss(bencher: Bencher) {
    let cache = filled(NoPrediction);
    let mut key = HELD;
    bencher.bench_local(|| {
        key += 1;
        cache.get(black_box(key))
    });
}

fn predict(bencher: Bencher, predictor: &dyn AccessPredictor, history: &[Key]) {
    let current = history.last().copied().unwrap_or(0);
    bencher.bench_local(|| predictor.likelihoods(black_box(current), black_box(history)));
}

fn walk(step: u64) -> Vec<Key> {
    (0..30).map(|n| 5000 + n * step).collect()
}

#[divan::bench]
fn predict_distance_decay(bencher: Bencher) {
    predict(bencher, &DistanceDecay::default(), &walk(1));
}

#[divan::bench]
fn predict_dynamic_distance_decay(bencher: Bencher) {
    predict(bencher, &DynamicDistanceDecay::default(), &walk(1));
}

#[divan::bench]
fn predict_dynamic_data(bencher: Bencher) {
    let possible_jumps = JUMPS.into();
    predict(bencher, &DynamicData { possible_jumps, ..DynamicData::default() }, &walk(1));
}

fn adaptive() -> Adaptive {
    let hints = Hints::from((0..1000).map(|n| n * 37).collect::<Vec<Key>>());
    Adaptive { possible_jumps: JUMPS.into(), hints, ..Adaptive::default() }
}

#[divan::bench]
fn predict_adaptive_playing(bencher: Bencher) {
    predict(bencher, &adaptive(), &walk(4));
}

#[divan::bench]
fn predict_adaptive_dragging(bencher: Bencher) {
    let speeds =
        [1, 1, 2, 3, 3, 4, 4, 5, 5, 4, 4, 3, 3, 2, 2, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 7, 6, 6];
    let mut at = 5000;
    let dragged = speeds.map(|speed| {
        at += 25 * speed;
        at
    });
    predict(bencher, &adaptive(), &dragged);
}
