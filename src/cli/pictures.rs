//! How fast pictures are decoded: one after the other on one thread, and on all cores together.

use super::{
    AlignArgument, Failure, Outcome, complain, opened::Opened, print, print_json,
    profile::median_of,
};
use crate::{
    cache::{DataProvider as _, Key},
    media::Pictures,
};
use serde::Serialize;
use std::{
    hint::black_box,
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

/// Pictures that are decoded, one by one and together, at least and at most.
const SAMPLE: (usize, usize) = (60, 300);

#[derive(Serialize)]
struct Report {
    pictures: usize,
    decode_ms: f64,
    decode_per_second: f64,
}

pub(super) fn run(opened: &Opened, align: &AlignArgument, json: bool) -> Outcome {
    let pictures = opened.pictures(align)?;
    opened.about(pictures.as_ref(), align).iter().for_each(|note| complain(note));
    let none = || Failure::Work("There are no pictures to decode.".to_owned());
    let pictures = pictures.ok_or_else(none)?;
    if let Some(video) = pictures.video() {
        // Its own work must not be in the way of what is measured.
        let _ = video.counted();
    }
    let frames = pictures.frames();
    if frames.is_empty() {
        return Err(none());
    }
    // Few pictures are gone through several times, once each being too soon over.
    let rounds = SAMPLE.0.div_ceil(frames.len());
    let sample = frames.iter().take(SAMPLE.1).copied();
    let sample: Vec<u32> = std::iter::repeat_n(sample, rounds).flatten().collect();
    let mut times = Vec::with_capacity(sample.len());
    for frame in &sample {
        times.push(decode(&pictures, *frame)?);
    }
    let decode_ms = median_of(times).as_secs_f64() * 1000.0;
    let decode_per_second = together(&pictures, &sample)?;
    let report = Report { pictures: frames.len(), decode_ms, decode_per_second };
    if json {
        return print_json(&report);
    }
    print(&format!(
        "pictures           {}\ndecode             {:.2} ms each on one thread\n\
         decode together    {:.1} a second on all cores",
        report.pictures, report.decode_ms, report.decode_per_second
    ))
}

fn decode(pictures: &Pictures, frame: u32) -> Result<Duration, Failure> {
    let began = Instant::now();
    black_box(pictures.load(Key::from(frame))?);
    Ok(began.elapsed())
}

/// Pictures a second. A video's decoder takes all cores by itself.
fn together(pictures: &Pictures, sample: &[u32]) -> Result<f64, Failure> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if pictures.video().is_some() { 1 } else { cores };
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    thread::scope(|scope| {
        let work = || -> Result<(), Failure> {
            while let Some(frame) = sample.get(next.fetch_add(1, Relaxed)) {
                decode(pictures, *frame)?;
            }
            Ok(())
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended.try_for_each(|ended| ended.unwrap_or(Ok(())))
    })?;
    Ok(sample.len() as f64 / began.elapsed().as_secs_f64())
}
