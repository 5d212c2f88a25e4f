use super::*;
use crate::model::{FrameDetections, WorldPoint};
use proptest::prelude::*;
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// Boxes by frame, in memory.
struct Boxes(BTreeMap<u32, Vec<Detection>>);

impl AnnotationSource for Boxes {
    fn path(&self) -> &Path {
        Path::new("tracks.txt")
    }

    fn frame_count(&self) -> usize {
        self.0.len()
    }

    fn frame_at(&self, rank: usize) -> Option<u32> {
        self.0.keys().nth(rank).copied()
    }

    fn rank_of(&self, frame: u32) -> usize {
        self.0.range(..frame).count()
    }

    fn load(&self, frame: u32) -> Result<FrameDetections, ReadError> {
        let detections = self.0.get(&frame).cloned().unwrap_or_default();
        Ok(FrameDetections { detections, unreadable: 0 })
    }
}

/// The box of a line `frame,id,left,top,width,height`, perhaps with a confidence, and its frame.
fn read(line: &str) -> (u32, Detection) {
    let fields = line.trim_end().split(',');
    let numbers: Vec<f64> = fields.map(|number| number.parse().expect("a number")).collect();
    let [frame, id, left, top, width, height, ref rest @ ..] = numbers[..] else {
        panic!("six numbers: {line}")
    };
    let (id, confidence, world) =
        (TrackId::from(id as i64), rest.first().copied(), WorldPoint::NONE);
    let detection = Detection {
        id,
        left,
        top,
        width,
        height,
        confidence,
        class: None,
        visibility: None,
        world,
    };
    (frame as u32, detection)
}

/// The tracks of such lines.
fn table_of(text: &str) -> TrackTable {
    let mut boxes = BTreeMap::<u32, Vec<Detection>>::new();
    for line in text.lines() {
        let (frame, detection) = read(line);
        boxes.entry(frame).or_default().push(detection);
    }
    TrackTable::read(&Boxes(boxes), &mut ()).expect("reads").expect("nothing cancels")
}

/// Walks to the right by 4 pixels a frame; 40 by 80 pixels.
fn line(frame: u32, id: i64, x: f64) -> String {
    format!("{frame},{id},{x},200,40,80,0.5,-1,-1,-1\n")
}

/// Boxes in the corners, so that there is an inside.
fn corners(frames: u32) -> String {
    let mut text = String::new();
    for frame in 1..=frames {
        for (id, [x, y]) in [[0, 0], [1000, 600]].iter().enumerate() {
            let id = 900 + id;
            writeln!(text, "{frame},{id},{x},{y},40,80,0.5,-1,-1,-1").expect("text");
        }
    }
    text
}

#[test]
fn a_life_with_a_gap_is_told_in_pieces() {
    let mut text = corners(20);
    for frame in (1..=8).chain(12..=20) {
        text += &line(frame, 7, 100.0 + 4.0 * f64::from(frame));
    }
    let table = table_of(&text);
    let track = table.get(7).expect("is there");
    assert_eq!((track.first, track.last, track.frames), (1, 20, 17));
    assert_eq!((track.gaps, track.missing, track.confidence), (1, 3, Some(0.5)));
    assert!((track.path - 76.0).abs() < 1e-6, "{}", track.path);
    let pieces = table.pieces(track);
    assert_eq!(pieces, [Piece { first: 1, last: 8 }, Piece { first: 12, last: 20 }]);
    assert!(table.suspicions().is_empty(), "{:?}", table.suspicions());
}

#[test]
fn frames_that_the_file_leaves_out_are_no_gaps() {
    let text: String = (0..10).map(|n| line(1 + 5 * n, 7, 100.0)).collect();
    let table = table_of(&text);
    assert_eq!(table.get(7).map(|track| (track.frames, track.gaps, track.last)), Some((10, 0, 46)));
}

#[test]
fn jumps_resizes_switches_and_doubles_are_found_and_nothing_else() {
    let mut text = corners(60);
    for frame in 1..=60 {
        let x = 100.0 + 4.0 * f64::from(frame);
        // 1 jumps at frame 30; 2 grows at frame 40; 3 goes on as 4 from frame 21; 5 is there twice.
        text += &line(frame, 1, if frame < 30 { x } else { x + 300.0 });
        let height = if frame < 40 { 80 } else { 200 };
        writeln!(text, "{frame},2,{x},{},40,{height},0.5,-1,-1,-1", 400 - height / 2)
            .expect("text");
        if frame != 20 {
            text += &line(frame, if frame < 20 { 3 } else { 4 }, x + 400.0);
        }
        text += &line(frame, 5, x + 600.0);
    }
    text += &line(50, 5, 120.0);
    let table = table_of(&text);
    let found: Vec<_> = table
        .suspicions()
        .iter()
        .map(|s| (s.kind, s.frame, s.id.number(), s.other.map(TrackId::number)))
        .collect();
    assert_eq!(
        found,
        [
            (SuspicionKind::Handover, 21, 3, Some(4)),
            (SuspicionKind::Jump, 30, 1, None),
            (SuspicionKind::Resize, 40, 2, None),
            (SuspicionKind::DuplicateId, 50, 5, None),
        ]
    );
    let former: Vec<_> = table.suspicions().iter().map(|s| s.former).collect();
    let at = |frame, left, top| Some(PreviousBox { frame, bounds: [left, top, 40.0, 80.0] });
    assert_eq!(former, [at(19, 576.0, 200.0), at(29, 216.0, 200.0), at(39, 256.0, 360.0), None]);
    assert!(table.suspicions().iter().all(|s| s.certainty > 0.3 && s.certainty <= 1.0));
    assert_eq!(table.suspected(SuspicionKind::Jump), 1);
}

#[test]
fn scores_are_what_the_formulas_say() {
    let certainty = |text: &str| {
        let table = table_of(text);
        let all: Vec<_> = table.suspicions().iter().map(|s| (s.kind, s.certainty)).collect();
        all
    };
    // Boxes of 40 by 80 pixels: those that touch do not lie apart.
    let doubles = |x: f64| certainty(&(line(1, 7, 100.0) + &line(1, 7, x)));
    assert_eq!(doubles(140.0), [(SuspicionKind::DuplicateId, 0.6)]);
    assert_eq!(doubles(141.0), [(SuspicionKind::DuplicateId, 1.0)]);
    assert_eq!(doubles(59.0), [(SuspicionKind::DuplicateId, 1.0)]);
    // As fast before, over and after a gap: where it is expected, however far that is.
    let fast = |frames: [u32; 6]| -> String {
        frames.iter().map(|frame| line(*frame, 7, 60.0 * f64::from(*frame))).collect()
    };
    let others = corners(12);
    assert_eq!(certainty(&(others.clone() + &fast([1, 2, 3, 4, 8, 9]))), []);
    // 200 pixels away from there, in boxes whose side is the root of 3,200: that is how many sides?
    let jump = fast([1, 2, 3, 4, 5, 6]) + &line(7, 7, 60.0 * 7.0 + 200.0);
    let expected = 1.0 - 0.4 / (200.0 / f64::from(3200).sqrt());
    assert_eq!(certainty(&(others.clone() + &jump)), [(SuspicionKind::Jump, expected as f32)]);
    let grown = line(1, 7, 100.0) + "2,7,100,140,40,200,0.5,-1,-1,-1\n";
    assert_eq!(certainty(&(others + &grown)), [(SuspicionKind::Resize, 1.0 - 1.6 / 2.5)]);
}

#[test]
fn boxes_without_identity_are_no_track() {
    let table = table_of("1,-1,1,1,5,5\n2,-1,300,300,5,5\n2,0,1,1,5,5\n");
    assert_eq!(table.tracks().iter().map(|track| track.id).collect::<Vec<_>>(), [0]);
}

#[test]
fn odd_numbers_do_no_harm() {
    let table = table_of("1,1,-1e300,1e300,0,-5\n2,1,1e300,-1e300,1e-300,1e300\n3,1,0,0,0,0\n");
    assert_eq!(table.tracks().len(), 1);
}

proptest! {
    #[test]
    fn any_order_of_lines_and_any_pause_give_the_same_table(
        rows in prop::collection::btree_map((1..30_u32, 0..6_i64), 0..500_u32, 1..80),
        pause in 0..30_u32,
    ) {
        let text = |rows: Vec<(&(u32, i64), &u32)>| -> String {
            rows.into_iter().map(|((frame, id), x)| line(*frame, *id, f64::from(*x))).collect()
        };
        let sorted = table_of(&text(rows.iter().collect()));
        let mut by_id: Vec<_> = rows.iter().collect();
        by_id.sort_by_key(|((frame, id), _)| (*id, *frame));
        let other = table_of(&text(by_id));
        prop_assert_eq!(sorted.tracks(), other.tracks());
        prop_assert_eq!(sorted.suspicions(), other.suspicions());

        let mut by_frame: BTreeMap<u32, Vec<(i64, f64)>> = BTreeMap::new();
        for ((frame, id), x) in &rows {
            by_frame.entry(*frame).or_default().push((*id, f64::from(*x)));
        }
        let mut follower = Follower::default();
        for (frame, boxes) in &by_frame {
            if *frame > pause {
                // To look at the table in between changes nothing.
                let _ = follower.table();
            }
            let text: Vec<Detection> = boxes
                .iter()
                .map(|(id, x)| read(&line(*frame, *id, *x)).1)
                .collect();
            follower.frame(*frame, &text);
        }
        let followed = follower.table();
        prop_assert_eq!(followed.tracks(), sorted.tracks());
        for track in sorted.tracks() {
            let on: Vec<u32> = by_frame.iter().filter(|(_, b)| b.iter().any(|(id, _)| track.id == *id)).map(|(f, _)| *f).collect();
            prop_assert_eq!(track.frames as usize, on.len());
            let pieces = sorted.pieces(track);
            prop_assert_eq!(pieces.len() as u32, track.gaps + 1);
            prop_assert_eq!((pieces[0].first, pieces[pieces.len() - 1].last), (on[0], on[on.len() - 1]));
        }
    }
}
