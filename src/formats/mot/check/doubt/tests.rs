use super::*;
use crate::formats::{
    lines::Index,
    mot::{MotFile, check},
};
use std::fmt::Write as _;

/// What is doubted of a file of 20 frames with 5 objects each.
fn doubts(line: impl Fn(u32, u32) -> String) -> Vec<Doubt> {
    let mut text = String::new();
    for frame in 1..=20 {
        for id in 0..5 {
            writeln!(text, "{}", line(frame, id)).expect("text");
        }
    }
    doubts_of(text)
}

fn doubts_of(text: String) -> Vec<Doubt> {
    let bytes: &'static [u8] = Box::leak(text.into_boxed_str()).as_bytes();
    let source = MotFile::from_memory("a.txt", bytes).and_then(|source| source.recognised(None));
    let source = source.expect("text");
    let index = Index::build(&source, &mut ()).expect("nothing cancels");
    check(&source, &index, &mut ()).expect("nothing cancels").doubts
}

fn kinds(doubts: &[Doubt]) -> Vec<(DoubtKind, Option<String>)> {
    doubts.iter().map(|doubt| (doubt.kind, doubt.columns.map(|c| c.to_string()))).collect()
}

fn at(frame: u32, id: u32) -> [f64; 4] {
    [f64::from(400 * id + 5 * frame), f64::from(150 * id + 2 * frame), 60.0, 150.0]
}

#[test]
fn shares_and_corners_are_told_from_pixels() {
    let doubt = |bounds: fn(u32, u32) -> [f64; 4]| {
        let doubts = doubts(|frame, id| {
            let [left, top, width, height] = bounds(frame, id);
            format!("{frame},{id},{left},{top},{width},{height},1")
        });
        doubts.first().map(|doubt| doubt.kind)
    };
    assert_eq!(doubt(at), None);
    let corners = |frame, id| {
        let [left, top, width, height] = at(frame, id);
        [left, top, left + width, top + height]
    };
    assert_eq!(doubt(corners), Some(DoubtKind::Corners));
    let shares = |frame, id| {
        let [left, top, width, height] = at(frame, id);
        [left / 1920.0, top / 1080.0, width / 1920.0, height / 1080.0]
    };
    assert_eq!(doubt(shares), Some(DoubtKind::Shares));
    // Large boxes at the upper left are that.
    assert_eq!(doubt(|frame, id| [f64::from(frame), f64::from(id), 300.0, 400.0]), None);
}

#[test]
fn columns_that_are_elsewhere_are_told_and_offered() {
    let of = |line: fn(u32, u32, [f64; 4]) -> String| {
        kinds(&doubts(|frame, id| line(frame, id, at(frame, id))))
    };
    let offered = |kind, columns: &str| vec![(kind, Some(columns.to_owned()))];
    assert_eq!(of(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},0.9,1,1")), []);
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{id},{f},{l},{t},{w},{h},0.9")),
        offered(DoubtKind::Swapped, "id,frame,left,top,width,height,...")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{id},{},{l},{t},{w},{h}", id % 3)),
        offered(DoubtKind::ClassThird, "frame,id,class,left,top,width,height")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{id},0,{l},{t},{w},{h},0.9")),
        offered(DoubtKind::ClassThird, "frame,id,class,left,top,width,height,confidence")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},1,{id},{l},{t},{w},{h}")),
        offered(DoubtKind::IdThird, "frame,_,id,left,top,width,height")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{l},{t},{w},{h},0.{}", 5 + id)),
        offered(DoubtKind::NoId, "frame,left,top,width,height,confidence")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{l},{t},{w},{h},0.9,{id}")),
        offered(DoubtKind::IdLast, "frame,left,top,width,height,confidence,id")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{l},{t},{w},{h},0.9,3,{id}")),
        offered(DoubtKind::IdLast, "frame,left,top,width,height,confidence,_,id")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,{},0,0", id + 1)),
        offered(DoubtKind::VisDrone, "frame,id,left,top,width,height,confidence,class")
    );
    assert_eq!(of(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,{},0,0", f % 9)), []);
    // As DarkLabel writes one object a line.
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},1,{id},{l},{t},{w},{h},person")),
        offered(DoubtKind::IdThird, "frame,_,id,left,top,width,height,class")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("41,{id},{f},{l},{t},{w},{h},-1,-1")),
        offered(DoubtKind::FrameThird, "_,id,frame,left,top,width,height")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{},{l},{t},{w},{h},0.9", id % 2)),
        offered(DoubtKind::ClassSecond, "frame,class,left,top,width,height,confidence")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},{}", id % 3)),
        offered(DoubtKind::ClassSeventh, "frame,id,left,top,width,height,class")
    );
    assert_eq!(
        of(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,{},1", 1 + f % 3)),
        offered(DoubtKind::Uavdt, "frame,id,left,top,width,height,_,_,class")
    );
}

#[test]
fn values_that_cannot_be_are_told() {
    let line = |further: &str| {
        let further = further.to_owned();
        move |frame, id| {
            let [l, t, w, h] = at(frame, id);
            let further = if frame == 20 { &*further } else { "1,1,1" };
            format!("{frame},{id},{l},{t},{w},{h},{further}")
        }
    };
    for (further, kind, columns) in [
        (
            "1700000000.5,1,1",
            DoubtKind::Confidence,
            "frame,id,left,top,width,height,_,class,visibility",
        ),
        ("1,123456,1", DoubtKind::Class, "frame,id,left,top,width,height,confidence,_,visibility"),
        ("1,1,55", DoubtKind::Visibility, "frame,id,left,top,width,height,confidence,class"),
    ] {
        let found = kinds(&doubts(line(further)));
        assert_eq!(found, [(kind, Some(columns.to_owned()))], "{further}");
    }
    for further in ["-1,-1,-1", "0,13,0.25", "98.5,1,2.6772e-05", "-0.4,1,1"] {
        assert_eq!(doubts(line(further)), [], "{further}");
    }
}

#[test]
fn confidences_beyond_every_scale_are_told_and_hide_no_other_column() {
    let told = |confidence: fn(u32, u32) -> f64, further: &str| {
        let found = doubts(|frame, id| {
            let [l, t, w, h] = at(frame, id);
            format!("{frame},{id},{l},{t},{w},{h},{}{further}", confidence(frame, id))
        });
        kinds(&found)
    };
    let without =
        |kind, columns: &str| (kind, Some(format!("frame,id,left,top,width,height,{columns}")));
    let odd = DoubtKind::Confidence;
    for confidence in [|_, _| 851.5, |_, _| 150.0, |f, id| f64::from(200 + f + id)] {
        let found = told(confidence, ",1,0.5");
        assert_eq!(found, [without(odd, "_,class,visibility")]);
    }
    let both = told(|_, _| 851.5, ",1,7");
    assert_eq!(both, [without(odd, "_,class"), without(DoubtKind::Visibility, "_,class")]);
    for confidence in [
        |_, _| -1.0,
        |f, id| f64::from(50 + (f * 7 + id) % 51),
        |f, id| f64::from(f) - 10.0 + 10.0 * f64::from(id),
        // Few detections of a detector are far out.
        |f, id| if (f, id) == (1, 1) { 112.4 } else { 65.117 },
    ] {
        assert_eq!(told(confidence, ",1,0.5"), []);
        assert_eq!(told(confidence, ""), []);
    }
}

/// Files that are right, as they are read.
#[test]
fn whole_pixels_and_percents_are_no_other_columns() {
    type Box4 = fn(u32, u32) -> [u32; 4];
    let boxes: [(&str, Box4); 7] = [
        ("a row that moves", |f, id| [400 + 3 * f + 100 * id, 300, 60, 150]),
        ("a crowd that stands", |_, id| [100 + 70 * id, 200 + id, 60, 90]),
        ("some at the edge", |f, id| [37 * id.saturating_sub(1), 100 + 4 * f + 70 * id, 60, 90]),
        ("closely together", |f, id| [100 + 20 * id + f % 3, 100 + 5 * id, 60, 90]),
        ("far apart, at a low rate", |f, id| [(f * 310 + 30 * id) % 1800, (f * 170) % 900, 50, 90]),
        ("near the corner, and large", |f, id| [20 + 12 * id + 5 * f, 10 + 9 * id + f, 300, 400]),
        ("up to the edge", |f, id| [10 * id + f % 2, 2 * id, 901 - 10 * id, 500]),
    ];
    let percents: [fn(u32, u32) -> u32; 3] =
        [|f, id| 60 + (f * 7 + id * 3) % 40, |_, id| 60 + id * 4 % 40, |_, _| 100];
    let mut wrong = Vec::new();
    for (name, bounds) in boxes {
        for percent in percents {
            for further in ["", ",-1,-1,-1", ",1,0.5", ",1"] {
                for (frames, ids) in
                    [(1..=60, 0..6), (1..=1, 1..90), (1..=90, 3..4), (7..=9, 0..20)]
                {
                    for id_of in [|_, id| i64::from(id), |_, _| -1, |f, _| i64::from(f)] {
                        // Several boxes that share an id are no such file.
                        if id_of(1, 5) == 1 && ids.len() > 1 {
                            continue;
                        }
                        let mut text = String::new();
                        for (frame, id) in
                            frames.clone().flat_map(|f| ids.clone().map(move |id| (f, id)))
                        {
                            let [l, t, w, h] = bounds(frame, id);
                            let (number, percent) = (id_of(frame, id), percent(frame, id));
                            writeln!(text, "{frame},{number},{l},{t},{w},{h},{percent}{further}")
                                .expect("text");
                        }
                        let source = MotFile::from_memory("a.txt", text.clone().into_bytes());
                        let source = source.and_then(|source| source.recognised(None));
                        let usual = source.is_ok_and(|source| source.reading().columns.is_usual());
                        if !usual {
                            wrong
                                .push(format!("{name}, {frames:?}, {ids:?}, {further}: not usual"));
                        }
                        let found = kinds(&doubts_of(text));
                        if !found.is_empty() {
                            wrong
                                .push(format!("{name}, {frames:?}, {ids:?}, {further}: {found:?}"));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lines_that_stand_twice_are_no_classes_and_classes_that_change_no_occlusion() {
    let line = |f: u32, id: u32| {
        let [l, t, w, h] = at(f, id);
        format!("{f},{id},{l},{t},{w},{h},0.9")
    };
    assert_eq!(doubts(|f, id| format!("{0}\n{0}", line(f, id))), []);
    // A tracker is not sure whether it is a car or a van.
    let changes = |f: u32, id: u32| {
        let [l, t, w, h] = at(f, id);
        format!("{f},{id},{l},{t},{w},{h},1,{},1", 3 + f % 2)
    };
    assert_eq!(doubts(changes), []);
}

#[test]
fn a_format_that_only_the_first_lines_are_in_is_doubted() {
    let mut text = String::new();
    for line in 0..600 {
        let place = match line {
            0..550 => ["4,1,0", "4,1,1"][line % 2],
            _ => "16.5,7,0",
        };
        writeln!(text, "{line},1,{},20,30,40,1,{place}", 10 + line).expect("text");
    }
    let found = kinds(&doubts_of(text));
    assert_eq!(found[0], (DoubtKind::Beginning, Some(Columns::USUAL.to_string())));
}

#[test]
fn a_still_crowd_and_detections_are_not_doubted() {
    // Neighbours that overlap, and hardly move.
    let still = |frame: u32, id: u32| {
        let left = f64::from(100 + 70 * id) + f64::from(frame % 2);
        format!("{frame},{id},{left},100,60,150,1")
    };
    assert_eq!(doubts(still), []);
    let detections = |frame: u32, id: u32| {
        let [left, top, width, height] = at(frame, (id * 7 + frame * 3) % 5);
        format!("{frame},-1,{left},{top},{width},{height},{}", 20 * id)
    };
    assert_eq!(doubts(detections), []);
}

#[test]
fn a_header_that_came_late_is_told() {
    for (header, told) in [
        ("id,frame,x,y,w,h", true),
        ("id,x,y,w,h", true),
        ("frame,id,x,y,w,h", false),
        ("a,b,c", false),
    ] {
        let text = format!("{header}\n1,2,3,4,5,6\n");
        // As a file that was empty when it was opened.
        let source = MotFile::from_memory("a.txt", text.into_bytes()).expect("text");
        let index = Index::build(&source, &mut ()).expect("nothing cancels");
        let findings = check(&source, &index, &mut ()).expect("nothing cancels");
        assert!(findings.header);
        let late = Doubt { kind: DoubtKind::LateHeader, columns: None };
        assert_eq!(findings.doubts, if told { vec![late] } else { vec![] }, "{header}");
    }
}

#[test]
fn a_header_further_down_that_names_other_columns_is_told() {
    let of = |first: &str, second: &str| {
        let lines = |from: u32| {
            let line = |f: u32| format!("{f},{},{},40,60,150", f % 3, 90 + f);
            (from..from + 20).map(line).collect::<Vec<_>>().join("\n") + "\n"
        };
        let text = format!("{first}{}{second}\n{}", lines(1), lines(21));
        kinds(&doubts_of(text)).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let [usual, other] = ["frame,id,left,top,width,height", "id,frame,left,top,width,height"];
    let told = |kinds: Vec<DoubtKind>| kinds.contains(&DoubtKind::SecondHeader);
    assert!(told(of("", other)));
    assert!(told(of(&format!("{usual}\n"), other)));
    assert!(!told(of(&format!("{usual}\n"), usual)));
    assert!(!told(of("", usual)));
}
