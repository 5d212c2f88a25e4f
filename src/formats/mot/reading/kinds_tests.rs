//! Kinds of tables that once were read wrong without a word.

use crate::{
    formats::{
        lines::Index,
        mot::{DoubtKind, MotError, MotFile, check},
    },
    model::Detection,
};
use std::fmt::Write as _;

/// 40 frames of 3 objects, each line by its frame, its number and its box.
fn text(header: &str, line: impl Fn(u32, u32, [f64; 4]) -> String) -> String {
    let mut text = String::from(header);
    for frame in 1..=40 {
        for id in 1..=3 {
            let (x, y) = (f64::from(200 * id + 3 * frame) + 0.25, f64::from(90 * id + frame) + 0.5);
            writeln!(text, "{}", line(frame, id, [x, y, 40.5, 80.25])).expect("text");
        }
    }
    text
}

fn opened(text: String) -> Result<MotFile, MotError> {
    MotFile::from_memory("a.csv", text.into_bytes())?.recognised(None)
}

fn first(file: &MotFile, text: &str) -> (u32, Detection) {
    let line = text.lines().find(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let (frame, detection, _) = file.parse_line(line.expect("a line").as_bytes()).expect("a box");
    (frame, detection)
}

/// What is doubted of a file, and the columns that are offered.
fn doubts(text: String) -> Vec<(DoubtKind, Option<String>)> {
    let file = opened(text).expect("reads");
    let index = Index::build(&file, &mut ()).expect("nothing cancels");
    let doubts = check(&file, &index, &mut ()).expect("nothing cancels").doubts;
    doubts.iter().map(|doubt| (doubt.kind, doubt.columns.map(|c| c.to_string()))).collect()
}

#[test]
fn a_header_in_any_script_is_one() {
    for header in ["帧,编号,y,x,h,w\n", "кадр,номер,y,x,h,w\n", "1st,2nd,y,x,h,w\n"] {
        let text = text(header, |f, id, [x, y, w, h]| format!("{f},{id},{y},{x},{h},{w}"));
        let refused = opened(text).expect_err(header).to_string();
        assert!(refused.contains("has a header (line 1") && refused.contains("frame"), "{refused}");
    }
    let named =
        text("frame,id,y,x,h,w\n", |f, id, [x, y, w, h]| format!("{f},{id},{y},{x},{h},{w}"));
    let (_, detection) = first(&opened(named.clone()).expect("reads"), &named);
    assert_eq!((detection.left, detection.width), (203.25, 40.5));
}

#[test]
fn polygons_of_four_corners_are_refused_by_their_name() {
    let corners = |f: u32, id: u32, [x, y, w, h]: [f64; 4]| {
        let (r, b) = (x + w, y + h);
        format!("{f},{id},{x},{y},{r},{y},{r},{b},{x},{b}")
    };
    let refused = opened(text("", corners)).expect_err("polygons").to_string();
    assert!(refused.contains("polygons of four corners"), "{refused}");
    let named = text("frame,id,x1,y1,x2,y2,x3,y3,x4,y4\n", corners);
    let refused = opened(named).expect_err("polygons").to_string();
    assert!(refused.contains("polygons of four corners"), "{refused}");
    // A place in the world is none.
    let world = text("", |f, id, [x, y, w, h]| {
        format!("{f},{id},{x},{y},{w},{h},1,{},{},0", x / 50.0, y / 50.0)
    });
    assert!(opened(world).is_ok());
}

#[test]
fn a_class_before_the_confidence_is_read_as_one() {
    let text = text("", |f, id, [x, y, w, h]| {
        format!("{f},{id},{x},{y},{w},{h},{},0.{}", [0, 2, 7][id as usize - 1], 300 + 7 * f + id)
    });
    let file = opened(text.clone()).expect("reads");
    let (_, detection) = first(&file, &text);
    assert_eq!((detection.class, detection.confidence), (Some(0), Some(0.308)));
    assert!(!file.reading().notes().is_empty(), "it is said");
}

#[test]
fn a_visibility_behind_a_word_is_kept() {
    let text = text("", |f, id, [x, y, w, h]| {
        format!(
            "{f},{id},{x},{y},{w},{h},1,{},0.{}",
            ["car", "bus", "car"][id as usize - 1],
            10 + f
        )
    });
    let file = opened(text.clone()).expect("reads");
    let (_, detection) = first(&file, &text);
    assert_eq!(detection.visibility, Some(0.11));
    assert_eq!(file.reading().classes.title(detection.class.expect("a class")), "car");
}

#[test]
fn one_object_a_line_behind_its_number_is_offered() {
    let mut text = String::new();
    for frame in 1..=60 {
        writeln!(text, "{frame},1,7,{}.5,{}.25,40,83", 100 + 3 * frame, 50 + frame).expect("text");
    }
    let offered = Some("frame,_,id,left,top,width,height".to_owned());
    assert_eq!(doubts(text), [(DoubtKind::IdThird, offered)]);
}

#[test]
fn a_class_and_a_score_before_the_box_are_offered_as_such() {
    let text = text("", |f, id, [x, y, w, h]| {
        format!("{f},{id},{},0.{},{x},{y},{w},{h}", [1, 3, 5][id as usize - 1], 400 + f)
    });
    let offered = Some("frame,id,class,confidence,left,top,width,height".to_owned());
    assert_eq!(doubts(text).first(), Some(&(DoubtKind::ClassThird, offered)));
}

#[test]
fn a_header_that_exchanges_frame_and_id_is_doubted() {
    let swapped = text("frame,id,left,top,width,height\n", |f, id, [x, y, w, h]| {
        format!("{id},{f},{x},{y},{w},{h}")
    });
    assert_eq!(doubts(swapped).first().map(|(kind, _)| *kind), Some(DoubtKind::Swapped));
    let right = text("frame,id,left,top,width,height\n", |f, id, [x, y, w, h]| {
        format!("{f},{id},{x},{y},{w},{h}")
    });
    assert_eq!(doubts(right), []);
}

#[test]
fn commas_inside_and_between_numbers_are_refused() {
    let text = text("", |f, id, [x, y, w, h]| {
        let number = |n: f64| {
            format!("{},{:02}", n.trunc(), (n.fract() * 100.0 + f64::from(f % 9)) as u32 % 100)
        };
        format!("{f},{id},{},{},{},{},1", number(x), number(y), number(w - 0.5), number(h))
    });
    let refused = opened(text).expect_err("which are which?").to_string();
    assert!(refused.contains("commas both inside and between"), "{refused}");
}
