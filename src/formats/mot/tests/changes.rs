//! Files that are written on, cut, rewritten or deleted while they are open.

use super::*;
use std::io::Write as _;

fn on_disk(folder: &Path, text: &str) -> (std::path::PathBuf, Arc<MotFile>, Arc<Index>) {
    let path = folder.join("result.txt");
    std::fs::write(&path, text).expect("written");
    let source = Arc::new(MotFile::open(&path).expect("opens"));
    let index = Arc::new(Index::build(&source, &mut ()).expect("nobody cancels"));
    (path, source, index)
}

#[test]
fn a_file_that_is_cut_rewritten_or_deleted_while_open_harms_nobody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for order in [lines(300, 4), shuffled(&lines(300, 4))] {
        let (path, source, index) = on_disk(folder.path(), &order.join("\n"));
        let provider = MotProvider::new(Arc::clone(&source), index);
        assert_eq!(load(&provider, 250).detections.len(), 4);
        // Cut short in the middle of a line.
        let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
        file.set_len(source.len() / 3).expect("cut");
        let left: usize = (1..=300).map(|frame| load(&provider, frame).detections.len()).sum();
        assert!((300..500).contains(&left), "{left} boxes are left");
        file.set_len(0).expect("cut");
        assert!((1..=300).all(|frame| load(&provider, frame).detections.is_empty()));
        // Written anew with other frames: boxes never show under a frame that is not theirs.
        std::fs::write(&path, "9999,1,1,1,1,1\n".repeat(800)).expect("written");
        assert!((1..=300).all(|frame| load(&provider, frame).detections.is_empty()));
        std::fs::remove_file(&path).expect("deleted");
        let _ = load(&provider, 5);
        assert!(check(&source, &provider.index(), &mut ()).is_some());
    }
}

#[test]
fn a_large_file_of_small_frames_reads_the_same_once_it_is_prepared() {
    const FRAMES: u32 = 120_000;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, source, index) = on_disk(folder.path(), &lines(FRAMES, 5).join("\n"));
    assert!(source.len() > 16 << 20 && index.is_sorted());
    let provider = MotProvider::new(Arc::clone(&source), Arc::clone(&index));
    let frames = [1, 2, 4_321, 60_000, FRAMES - 1, FRAMES, FRAMES + 1];
    let before = frames.map(|frame| load(&provider, frame));
    assert_eq!(before.each_ref().map(|f| f.detections.len()), [5, 5, 5, 5, 5, 5, 0]);
    index.make_present();
    assert_eq!(frames.map(|frame| load(&provider, frame)), before);
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
    file.set_len(source.len() / 3).expect("cut");
    assert_eq!(frames.map(|frame| load(&provider, frame).detections.len()), [5, 5, 5, 0, 0, 0, 0]);
}

#[test]
fn a_file_may_be_cut_and_rewritten_while_every_core_reads_it() {
    // Of many pages, and of one, within which nobody is told of a cut.
    for (lines, rounds) in [(lines(500, 20), 200), (lines(12, 6), 4000)] {
        for order in [shuffled(&lines), lines] {
            cut_and_rewrite(&order.join("\n"), rounds);
        }
    }
}

fn cut_and_rewrite(text: &str, rounds: u64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, source, index) = on_disk(folder.path(), text);
    let frames = 0..=index.range().expect("there are some").1;
    let whole: Vec<FrameDetections> = {
        let provider = MotProvider::new(Arc::clone(&source), Arc::clone(&index));
        frames.clone().map(|frame| load(&provider, frame)).collect()
    };
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    // A mapping of its own, which can be lost.
                    let index = Index::build(&source, &mut ()).expect("nobody cancels");
                    let provider = MotProvider::new(Arc::clone(&source), Arc::new(index));
                    for frame in frames.clone() {
                        let loaded = load(&provider, frame);
                        let of_all = &whole[frame as usize].detections;
                        assert!(loaded.detections.iter().all(|found| of_all.contains(found)));
                        assert_eq!(loaded.unreadable, 0);
                    }
                }
            });
        }
        for round in 0..rounds {
            let mut file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
            file.set_len(source.len() * (round % 7) / 10).expect("cut");
            file.write_all(text.as_bytes()).expect("written");
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let provider = MotProvider::new(Arc::clone(&source), index);
    assert!(frames.clone().all(|frame| load(&provider, frame) == whole[frame as usize]));
}

/// Frames 1 to 3 with a box each, 2 the last of the file, in order or not.
const TWO_LAST: [&str; 2] =
    ["1,1,1,1,1,1\n2,1,10,20,30,40", "3,1,1,1,1,1\n1,1,1,1,1,1\n2,1,10,20,30,40"];

#[test]
fn a_line_that_is_written_on_is_read_to_its_end_and_one_that_is_cut_is_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let heights = |provider: &MotProvider| -> Vec<(f64, Option<f64>)> {
        load(provider, 2).detections.iter().map(|d| (d.height, d.confidence)).collect()
    };
    for text in TWO_LAST {
        let (path, source, index) = on_disk(folder.path(), text);
        let provider = MotProvider::new(source, index);
        assert_eq!(heights(&provider), [(40.0, None)]);
        std::fs::write(&path, format!("{text}5,0.9,-1,-1,-1\n")).expect("written");
        assert_eq!(heights(&provider), [(405.0, Some(0.9))], "{text}");
        let (path, source, index) = on_disk(folder.path(), &format!("{text}5\n"));
        let provider = MotProvider::new(source, index);
        assert_eq!(heights(&provider), [(405.0, None)]);
        let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
        file.set_len(text.len() as u64).expect("cut");
        assert_eq!(heights(&provider), [], "{text}");
    }
}

#[test]
fn the_rest_of_another_line_is_no_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for text in TWO_LAST {
        let text = format!("{text}\n");
        let (path, source, index) = on_disk(folder.path(), &text);
        let provider = MotProvider::new(source, index);
        assert_eq!(load(&provider, 2).detections.len(), 1);
        std::fs::write(&path, text.replace("\n2,", "02,")).expect("written");
        assert_eq!(load(&provider, 2).detections, [], "{text}");
    }
}

#[test]
fn the_rest_of_the_first_line_is_no_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for empty in ["\n", "\n\n"] {
        let text = format!("{empty}2,1,10,20,30,40\n");
        let (path, source, index) = on_disk(folder.path(), &text);
        let provider = MotProvider::new(source, index);
        assert_eq!(load(&provider, 2).detections.len(), 1);
        std::fs::write(&path, format!("{}2,1,10,20,30,40\n", &"11"[..empty.len()]))
            .expect("written");
        assert_eq!(load(&provider, 2).detections, [], "{empty:?}");
    }
}

#[test]
fn a_frame_of_any_size_is_read_with_as_much_care() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for boxes in [1000, 20_000] {
        let of_two: Vec<String> = (0..boxes).map(|id| format!("2,{id},10,20,30,4055\n")).collect();
        let text = format!("1,1,1,1,1,1\n{}", of_two.concat());
        let (path, source, index) = on_disk(folder.path(), &text);
        let provider = MotProvider::new(source, index);
        assert_eq!(load(&provider, 2).detections.len(), boxes);
        // Cut off within its last line: that is none.
        let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
        file.set_len(text.len() as u64 - 3).expect("cut");
        assert_eq!(load(&provider, 2).detections.len(), boxes - 1);
        // Its first line is another's now.
        std::fs::write(&path, text.replacen("\n2,", "02,", 1)).expect("written");
        let loaded = load(&provider, 2).detections;
        assert!(loaded.iter().all(|found| found.id != 0), "{boxes}");
    }
}

#[test]
fn a_line_feed_within_a_line_of_another_end_is_not_passed_over() {
    // As long as is read piece by piece.
    let filler = "1,2,1,1,1,1\r".repeat(30_000);
    for end in ["", "\r"] {
        let text = format!("{filler}1,777777,1,1,1,1\n1,3,1,1,1,1{end}");
        let (_, _, provider) = open(&text);
        let loaded = load(&provider, 1);
        assert_eq!((loaded.detections.len(), loaded.unreadable), (30_000, 1));
    }
}

#[test]
fn what_is_appended_is_indexed_as_if_it_had_been_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let all = lines(40, 6).join("\n") + "\n";
    // Also in the middle of a line, and of a number.
    for cut in [0, 1, 7, 400, 401, 402, 403, all.len() - 1] {
        let (path, source, index) = on_disk(folder.path(), &all[..cut]);
        std::fs::write(&path, &all).expect("written");
        let len = all.len() as u64;
        let extended = index.extended(&source, len, &mut ()).expect("nobody cancels");
        let (_, whole, _) = open(&all);
        assert!(extended.is_sorted() && extended.iter().eq(whole.iter()), "cut at {cut}");
        assert_eq!((extended.lines(), extended.memory()), (whole.lines(), whole.memory()));
        // An earlier frame once more: no longer sorted, and still right.
        let more = all.clone() + "3,77,1,1,1,1\n";
        std::fs::write(&path, &more).expect("written");
        let extended = extended.extended(&source, more.len() as u64, &mut ()).expect("no cancel");
        let provider = MotProvider::new(Arc::clone(&source), Arc::new(extended));
        assert_eq!(ids(&provider, 3), [3000, 3001, 3002, 3003, 3004, 3005, 77]);
        assert_eq!(ids(&provider, 40).len(), 6);
    }
}
