//! Two files against each other: shifts and overlapping tracks.

use motscope::{
    analysis::{better_shift, overlapping},
    formats::{
        lines::Index,
        mot::{MotFile, MotProvider},
    },
    model::{AnnotationSource as _, TrackId},
};
use std::{fmt::Write as _, sync::Arc};

fn source(text: String, shift: i32) -> MotProvider {
    let file = MotFile::from_memory("a.txt", text.into_bytes()).expect("text").with_shift(shift);
    let file = Arc::new(file);
    let index = Arc::new(Index::build(&file, &mut ()).expect("nothing cancels"));
    MotProvider::new(file, index)
}

/// Two people who walk, on 100 frames from `first` on; `noise` is how far boxes lie beside them.
fn walk(first: u32, ids: [u32; 2], noise: f64) -> String {
    let mut text = String::new();
    for step in 0..100_u32 {
        let wiggle = f64::from(step * 7 % 5) / 5.0 * noise;
        let left = 100.0 + 4.0 * f64::from(step) + wiggle;
        let frame = first + step;
        writeln!(text, "{frame},{},{left},50,40,80,1,-1,-1,-1", ids[0]).expect("text");
        let left = 900.0 - 4.0 * f64::from(step) - wiggle;
        writeln!(text, "{frame},{},{left},300,40,80,1,-1,-1,-1", ids[1]).expect("text");
    }
    text
}

#[test]
fn a_file_that_counts_from_elsewhere_fits_better_shifted() {
    let truth = source(walk(1, [1, 2], 0.0), 0);
    let shift = |first, shift| {
        let other = source(walk(first, [5, 6], 3.0), shift);
        better_shift(&truth, &other).expect("reads")
    };
    assert_eq!(shift(1, 0), None);
    assert_eq!((shift(0, 0), shift(2, 0)), (Some(1), Some(-1)));
    assert_eq!((shift(0, 1), shift(2, -1)), (None, None), "it is shifted already");
    assert_eq!(shift(5, 0), Some(-1), "a step on the way");
}

#[test]
fn who_does_not_move_fits_as_well_on_any_frame() {
    let still = |first: u32| {
        let lines = (first..first + 100).map(|frame| format!("{frame},1,10,10,40,80,1,-1,-1,-1\n"));
        source(lines.collect(), 0)
    };
    assert_eq!(better_shift(&still(1), &still(0)).expect("reads"), None);
    let few = source("1,1,0,0,9,9\n2,1,5,0,9,9\n3,1,9,0,9,9\n".to_owned(), 0);
    assert_eq!(better_shift(&few, &still(0)).expect("reads"), None);
}

#[test]
fn a_shifted_file_has_its_frames_elsewhere_and_none_below_0() {
    let file = source(walk(1, [1, 2], 0.0), -3);
    let index = file.index();
    assert_eq!((index.range(), index.frames()), (Some((0, 97)), 98));
    let boxes = file.load(97).expect("reads").detections;
    assert_eq!((boxes.len(), boxes[0].left), (2, 100.0 + 4.0 * 99.0));
    assert!(file.load(98).expect("reads").detections.is_empty());
    let error = file.file().parse_line(b"2,1,0,0,9,9").expect_err("below 0");
    assert_eq!(error.to_string(), "column 1 (frame) is outside 0..4294967294: '-1'");
}

#[test]
fn tracks_that_lie_over_each_other_are_found_by_how_often_they_do() {
    let truth = source(walk(1, [1, 2], 0.0), 0);
    // The id changes after frame 60.
    let text = walk(1, [7, 8], 1.0);
    let switched = text.lines().map(|line| {
        let (frame, rest) = line.split_once(',').expect("a frame");
        let frame: u32 = frame.parse().expect("a number");
        let rest = if frame > 60 { rest.replacen("7,", "9,", 1) } else { rest.to_owned() };
        format!("{frame},{rest}\n")
    });
    let other = source(switched.collect(), 0);
    let frames: Vec<u32> = (1..=100).collect();
    let of = |track: u32| {
        let found = overlapping((&truth, TrackId::from(track)), &other, &frames).expect("reads");
        found.iter().map(|o| (o.id.number(), o.share)).collect::<Vec<_>>()
    };
    assert_eq!(of(1), [(7, 0.6), (9, 0.4)]);
    assert_eq!(of(2), [(8, 1.0)]);
    assert_eq!(of(3), [], "it is on no frame");
}
