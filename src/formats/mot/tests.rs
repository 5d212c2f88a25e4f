//! The reader as a whole, on texts made here.

mod changes;

use super::*;
use crate::{
    formats::lines::{Index, Observer},
    model::{Detection, FrameDetections},
};
use std::{ops::ControlFlow, path::Path, sync::Arc};

fn made(text: &str) -> MotFile {
    let bytes: &'static [u8] = Box::leak(text.to_owned().into_boxed_str()).as_bytes();
    MotFile::from_memory("test.txt", bytes).expect("plain text")
}

fn source(text: &str) -> Arc<MotFile> {
    Arc::new(made(text))
}

fn open(text: &str) -> (Arc<MotFile>, Arc<Index>, MotProvider) {
    let source = source(text);
    let index = Arc::new(Index::build(&source, &mut ()).expect("nobody cancels"));
    let provider = MotProvider::new(Arc::clone(&source), Arc::clone(&index));
    (source, index, provider)
}

fn load(provider: &MotProvider, frame: u32) -> FrameDetections {
    provider.load_frame(frame).expect("it can be read")
}

fn ids(provider: &MotProvider, frame: u32) -> Vec<i128> {
    load(provider, frame).detections.iter().map(|d| d.id.number()).collect()
}

/// `frames` x `boxes` lines, sorted by frame; the id tells frame and box.
fn lines(frames: u32, boxes: u32) -> Vec<String> {
    let line = |f: u32, b: u32| format!("{f},{},{b},{f},10,20,1,-1,-1,-1", f * 1000 + b);
    (1..=frames).flat_map(|f| (0..boxes).map(move |b| line(f, b))).collect()
}

#[test]
fn any_order_of_lines_gives_the_same_frames() {
    let sorted = lines(40, 7);
    let mut by_box = sorted.clone();
    by_box.sort_by_key(|line| line.split(',').nth(2).map(str::to_owned));
    let mut shuffled = sorted.clone();
    let mut seed = 12345_u64;
    for place in (1..shuffled.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        shuffled.swap(place, (seed >> 33) as usize % (place + 1));
    }
    let reversed: Vec<String> = sorted.iter().rev().cloned().collect();
    let (_, plain_index, plain) = open(&sorted.join("\n"));
    assert!(plain_index.is_sorted() && plain_index.memory() <= 24 * 40);
    for order in [by_box, shuffled, reversed] {
        let (_, index, provider) = open(&order.join("\n"));
        assert!(!index.is_sorted());
        assert!(index.memory() <= 24 * 40 + 8 * 280, "{} bytes", index.memory());
        assert_eq!((index.frames(), index.lines()), (40, 280));
        for frame in 0..=41 {
            let (mut ours, mut expected) = (ids(&provider, frame), ids(&plain, frame));
            ours.sort_unstable();
            expected.sort_unstable();
            assert_eq!(ours, expected, "frame {frame}");
        }
    }
}

#[test]
fn every_line_end_and_mark_reads_the_same() {
    let plain = lines(5, 3).join("\n");
    let variants = [
        plain.clone() + "\n",
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\n\n"),
        format!("# made by a tracker\n{plain}\n# the end"),
        format!("frame,id,left,top,width,height,conf,x,y,z\n{plain}"),
    ];
    for text in variants {
        let (source, index, provider) = open(&text);
        let findings = check(&source, &index, &mut ()).expect("nobody cancels");
        let head: String = text.chars().take(30).collect();
        assert_eq!((index.frames(), findings.detections), (5, 15), "{head:?}");
        assert_eq!(findings.skipped_lines, 0, "{head:?}: {:?}", findings.skipped);
        assert_eq!(ids(&provider, 3), [3000, 3001, 3002], "{head:?}");
    }
}

#[test]
fn absent_frames_load_as_empty_and_batches_answer_all() {
    let (_, _, provider) = open("0,1,1,1,1,1\n5,1,1,1,1,1\n900,2,1,1,1,1\n");
    assert_eq!(ids(&provider, 0), [1]);
    assert_eq!(ids(&provider, 3), [] as [i128; 0]);
    let batch = provider.load_batch(&[0, 4, 900]).expect("it can be read");
    let counts: Vec<usize> = batch.values().map(|frame| frame.detections.len()).collect();
    assert_eq!(counts, [1, 0, 1]);
    let statistics = provider.statistics();
    assert_eq!((statistics.total_frames, statistics.total_indexed_lines), (3, 3));
}

#[test]
fn lines_that_cannot_be_read_are_named_and_the_others_stay() {
    let text = "1,1,1,1,1,1\n1,x,1,1,1,1\n\n2,2,1,1,nan,1\n3,3,1,1,1,1\n3,4\n";
    let (source, index, provider) = open(text);
    let findings = check(&source, &index, &mut ()).expect("nobody cancels");
    let found: Vec<(u64, String)> =
        findings.skipped.iter().map(|s| (s.line, s.error.to_string())).collect();
    assert_eq!(
        found,
        [
            (2, "column 2 (id) is not a number: 'x'".to_owned()),
            (4, "column 5 (width) is not a finite number: 'nan'".to_owned()),
            (6, "column 3 (left) is missing".to_owned()),
        ]
    );
    assert_eq!((findings.detections, findings.tracks, findings.empty_frames), (2, 2, 1));
    assert_eq!(load(&provider, 1).unreadable, 1);
    assert_eq!(ids(&provider, 3), [3]);
}

#[test]
fn something_else_is_refused_with_its_first_reasons() {
    for text in ["Car 0 0 -1.79\nVan 1 1 2\n", "<?xml version='1.0'?>\n<track/>\n", "Van,0,what\n"]
    {
        let error = made(text).recognised(None).expect_err(text);
        let format = text.starts_with('<').then_some(" is XML (as CVAT");
        assert_eq!(error.to_string().contains(format.unwrap_or(" is XML")), format.is_some());
        assert!(
            format.is_some() || error.to_string().contains("does not look like a MOT file"),
            "{error}"
        );
    }
    let error = made("a b\nc d\n").recognised(None).expect_err("refused");
    assert!(error.to_string().contains("line 2: column 1 (frame) is not a number: 'c'"), "{error}");
}

#[test]
fn a_line_that_is_read_once_more_keeps_its_place() {
    let text = "2,9,1,2,3,4\n1,1,10,20,30,40,1,-1,-1,-1,\0\n1,2,50,60,30,40\n1,3,50,60,30,40\n";
    let source = Arc::new(MotFile::from_memory("odd.txt", text.as_bytes()).expect("text"));
    let index = Arc::new(Index::build(&source, &mut ()).expect("nothing cancels it"));
    assert!(!index.is_sorted());
    let boxes = MotProvider::new(source, index).load_frame(1).expect("it is there").detections;
    let lefts: Vec<f64> = boxes.iter().map(|detection| detection.left).collect();
    assert_eq!(lefts, [10.0, 50.0, 50.0]);
}

#[test]
fn a_zero_byte_costs_one_line_and_a_binary_file_is_named_as_one() {
    let (source, index, _) = open("1,1,1,1,1,1\n\0\0\0\n2,1,1,1,1,1\n");
    made("1,1,1,1,1,1\n\0\0\0\n2,1,1,1,1,1\n").recognised(None).expect("most of it can be read");
    let findings = check(&source, &index, &mut ()).expect("nobody cancels");
    assert_eq!((findings.detections, findings.skipped_lines), (2, 1));
    let error = made("ab\0cd\n").recognised(None).expect_err("refused");
    assert!(error.to_string().contains("is no text file"), "{error}");
}

#[test]
fn an_empty_file_opens_with_no_frames() {
    for text in ["", "\n\n", "# nothing yet\n"] {
        let (source, index, provider) = open(text);
        assert_eq!(made(text).recognised(None).expect("an empty file is fine").len(), source.len());
        assert_eq!((index.frames(), ids(&provider, 1).len()), (0, 0));
    }
}

#[test]
fn utf_16_is_refused_by_its_name() {
    for (bytes, name) in [
        (&b"\xFF\xFE1\x00,\x00"[..], "UTF-16 (little endian)"),
        (&b"\xFE\xFF\x001\x00,"[..], "UTF-16 (big endian)"),
        (&b"1\x00,\x002\x00"[..], "UTF-16 (little endian)"),
    ] {
        let error = MotFile::from_memory("odd.txt", bytes).expect_err("refused");
        assert_eq!(
            error.to_string(),
            format!("odd.txt is {name} text; save it as UTF-8 and open it again.")
        );
    }
}

#[test]
fn columns_are_told_only_where_all_lines_agree() {
    let columns = |text: &str| {
        let (source, index, _) = open(text);
        check(&source, &index, &mut ()).expect("nobody cancels").columns
    };
    assert_eq!(columns("1,1,1,1,1,1\n2,1,1,1,1,1\n"), Some(6));
    assert_eq!(columns("1,1,1,1,1,1\n2,1,1,1,1,1,1\n"), None);
    assert_eq!(columns(""), None);
}

struct Watcher {
    partials: Vec<Index>,
    calls: u32,
    stop_at: u32,
}

impl Observer for Watcher {
    fn progress(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        assert!(done <= total);
        self.calls += 1;
        if self.calls >= self.stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn partial(&mut self, index: Index) {
        self.partials.push(index);
    }
}

#[test]
fn the_first_frames_are_usable_before_the_last_are_known_and_work_can_be_cancelled() {
    let text = lines(60_000, 5).join("\n");
    let source = source(&text);
    let mut watcher = Watcher { partials: Vec::new(), calls: 0, stop_at: u32::MAX };
    let whole = Index::build(&source, &mut watcher).expect("nobody cancels");
    assert_eq!(whole.frames(), 60_000);
    assert!(watcher.partials.len() > 2 && watcher.partials.len() < 10);
    for part in &watcher.partials {
        assert!(!part.is_complete() && part.frames() > 0);
        assert!(part.iter().all(|(_, lines)| lines == 5), "only whole frames");
        let provider = MotProvider::new(Arc::clone(&source), Arc::new(part.clone()));
        let (_, last) = part.range().expect("frames");
        assert_eq!(ids(&provider, last).len(), 5);
    }
    let mut watcher = Watcher { partials: Vec::new(), calls: 0, stop_at: 2 };
    assert!(Index::build(&source, &mut watcher).is_none());
}

/// Every line of `text` in the order of a hash of its place.
fn shuffled(lines: &[String]) -> Vec<String> {
    let mut order: Vec<(u64, &String)> = (0_u64..).zip(lines).collect();
    order.sort_by_key(|(place, _)| place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    order.into_iter().map(|(_, line)| line.clone()).collect()
}

#[test]
fn a_large_file_is_indexed_by_several_threads_whatever_its_order() {
    let lines = lines(60_000, 5);
    let (_, _, plain) = open(&lines.join("\n"));
    let (_, index, provider) = open(&shuffled(&lines).join("\n"));
    assert!(!index.is_sorted());
    assert_eq!((index.frames(), index.lines()), (60_000, 300_000));
    assert!(index.memory() <= 24 * 60_000 + 8 * 300_000);
    for frame in (1..=60_000).step_by(997) {
        let (mut ours, mut expected) = (ids(&provider, frame), ids(&plain, frame));
        ours.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ours, expected, "frame {frame}");
    }
}

#[test]
fn frames_far_apart_and_lines_without_end_are_read() {
    let far = 4_000_000_000_u32;
    let long = format!("7,1,1,1,1,1,1,{}", "9,".repeat(2_000_000));
    let text = format!("{far},1,1,1,1,1\n7,2,1,1,1,1\n{long}\n7,3,1,1,1,1\n2000000,4,1,1,1,1");
    let (_, index, provider) = open(&text);
    assert_eq!((index.frames(), index.is_sorted()), (3, false));
    assert_eq!((ids(&provider, far), ids(&provider, 2_000_000)), (vec![1], vec![4]));
    // What is cut off has too many columns to matter.
    assert_eq!(ids(&provider, 7), [2, 1, 3]);
}

proptest::proptest! {
    /// Whatever the text, the frames are those that reading every line one by one gives.
    #[test]
    fn the_index_agrees_with_reading_every_line(
        lines in proptest::collection::vec(
            proptest::prop_oneof![
                8 => "[0-9]{1,2},[0-9]{1,3},[0-9]{1,3}\\.[0-9],1,5,6,0\\.5",
                2 => "[0-9]{1,2} [0-9] 1 2 3 4",
                1 => "[0-9]{1,2},[a-z]{1,4},1,1,1,1",
                1 => "#[ -~]{0,10}",
                1 => "[ -~]{0,20}",
            ],
            0..60,
        ),
        end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
        sort in proptest::bool::ANY,
    ) {
        let mut lines = lines;
        if sort {
            lines.sort_by_key(|line| parse_frame(line.as_bytes()).unwrap_or(0));
        }
        let (source, index, provider) = open(&lines.join(end));
        let mut expected = std::collections::BTreeMap::<u32, Vec<Detection>>::new();
        let mut unreadable = 0;
        for line in &lines {
            match parse_line(line.as_bytes()) {
                Ok((frame, detection, _)) => expected.entry(frame).or_default().push(detection),
                Err(_) if line::is_blank_or_comment(line.as_bytes()) => {}
                Err(_) => unreadable += 1,
            }
        }
        for (frame, _) in index.iter() {
            let loaded = load(&provider, frame).detections;
            let wanted = expected.remove(&frame).unwrap_or_default();
            proptest::prop_assert_eq!(loaded, wanted, "frame {}", frame);
        }
        proptest::prop_assert!(expected.is_empty(), "frames left out: {:?}", expected.keys());
        let findings = check(&source, &index, &mut ()).expect("nobody cancels");
        let header = u64::from(findings.header);
        proptest::prop_assert_eq!(findings.skipped_lines + header, unreadable);
    }
}
