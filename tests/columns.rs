//! What the columns of a file are taken for, as the command line tells it.

use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Output},
};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_motscope")).args(arguments).output().expect("it starts")
}

fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(arguments);
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text.into_owned())
}

fn json_of(arguments: &[&str]) -> Value {
    let output = run(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

/// Five objects that move, on 20 frames.
fn lines(line: impl Fn(u32, u32, [u32; 4]) -> String) -> String {
    let all = (1..=20).flat_map(|frame| (1..=5).map(move |id| (frame, id)));
    let lines = all.map(|(frame, id)| {
        line(frame, id, [150 * id + 3 * frame, 80 * id + frame, 60, 130]) + "\n"
    });
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn a_header_is_followed_and_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = lines(|f, id, [l, t, w, h]| format!("{l},{t},{},{},2,0.9,{id},{f}", l + w, t + h));
    let text =
        format!("x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,frame_index\n{text}");
    let path = file(folder.path(), "sink.csv", &text);
    let boxes = json_of(&["frame", &path, "3", "--json"]);
    let first = json!({
        "id": 1, "left": 159.0, "top": 83.0, "width": 60.0, "height": 130.0, "confidence": 0.9,
        "class": 2, "visibility": null,
    });
    assert_eq!(
        (&boxes["detections"][0], boxes["detections"].as_array().map(Vec::len)),
        (&first, Some(5))
    );
    let info = json_of(&["info", &path, "--json"]);
    assert_eq!(
        (&info["detections"], &info["tracks"], &info["skipped_lines"]),
        (&json!(100), &json!(5), &json!(0))
    );
    let columns = "left,top,right,bottom,class,confidence,id,frame";
    let reading = json!({"columns": columns, "by": "header", "header_line": 1, "passed_over": []});
    assert_eq!(info["reading"], reading);
    let (_, text) = said(&["info", &path]);
    assert!(
        text.contains(
            "The header (line 1) names the columns: frame = frame_index, id = tracker_id"
        ),
        "{text}"
    );
    // What is said on the command line goes before it.
    let usual = "frame,id,left,top,width,height,...";
    assert_eq!(json_of(&["info", &path, "--json", "--columns", usual])["reading"]["by"], "chosen");

    let path = file(folder.path(), "no-frame.csv", "id,x,y,w,h\n1,2,3,4,5\n");
    let (code, text) = said(&["info", &path]);
    assert!(code == Some(1) && text.contains("but no column is named frame."), "{text}");
}

#[test]
fn columns_can_be_named_for_every_subcommand() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = lines(|f, id, [l, t, w, h]| format!("{id} {f} {} {} {w} {h}", l + w / 2, t + h / 2));
    let path = file(folder.path(), "middles.txt", &text);
    let columns = "id,frame,cx,cy,width,height";
    let left = |arguments: &[&str]| json_of(arguments)["detections"][0]["left"].clone();
    assert_eq!(left(&["frame", &path, "3", "--json", "--columns", columns]), 159.0);
    let info = json_of(&["info", &path, "--json", "--columns", columns]);
    assert_eq!((&info["frames"], &info["tracks"]), (&json!(20), &json!(5)));
    let profile = [
        "profile",
        &path,
        "--pattern",
        "sequential",
        "--operations",
        "5",
        "--json",
        "--columns",
        columns,
    ];
    assert_eq!(said(&profile).0, Some(0));
    let out = folder.path().join("frame.png").display().to_string();
    assert_eq!(
        said(&["render", &path, "--frame", "20", "--out", &out, "--columns", columns]).0,
        Some(0)
    );

    for (columns, reason) in [
        ("frame,id,left,top,width", "no column is named height (or bottom)"),
        ("frame,id,id,left,top,width,height", "two columns are named id"),
        ("frame,left,width,right,top,height", "left, width, right say the same thing twice"),
        ("frame,hat", "'hat' is no name of a column: there are frame, id, left, top"),
    ] {
        let (code, text) = said(&["info", &path, "--columns", columns]);
        assert!(code == Some(2) && text.contains(reason), "{text}");
    }
    assert_eq!(said(&["info", &path, "--columns", columns, "--corners"]).0, Some(2));
    let (_, help) = said(&["info", "--help"]);
    assert!(help.contains("--columns") && !help.contains("--corners"), "{help}");
}

#[test]
fn what_looks_odd_is_told_with_columns_that_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text, kind) in [
        (
            "swapped.txt",
            lines(|f, id, [l, t, w, h]| format!("{id},{f},{l},{t},{w},{h},0.9")),
            "swapped",
        ),
        (
            "third.txt",
            lines(|f, id, [l, t, w, h]| format!("{f},{id},{},{l},{t},{w},{h}", id % 2)),
            "class_third",
        ),
        (
            "camera.txt",
            lines(|f, id, [l, t, w, h]| format!("41 {id} {f} {l} {t} {w} {h} -1 -1")),
            "frame_third",
        ),
    ] {
        let path = file(folder.path(), name, &text);
        let info = json_of(&["info", &path, "--json"]);
        assert_eq!(info["doubt"], kind, "{info}");
        let columns = info["doubts"][0]["columns"].as_str().expect("columns that fit").to_owned();
        let read = json_of(&["info", &path, "--json", "--columns", &columns]);
        assert_eq!((&read["frames"], &read["tracks"]), (&json!(20), &json!(5)), "{columns}");
        assert_eq!(read["doubt"], Value::Null);
        let (_, text) = said(&["info", &path]);
        assert!(text.contains(&format!("--columns {columns} on the command line")), "{text}");
    }
}

#[test]
fn classes_have_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let gt = lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,{id},0.5"));
    let path = file(folder.path(), "seq/gt/gt.txt", &gt);
    let class = |frame: &Value| {
        let one = &frame["detections"][1];
        (one["class"].clone(), one["class_name"].clone())
    };
    assert_eq!(class(&json_of(&["frame", &path, "1", "--json"])), (json!(2), Value::Null));
    file(folder.path(), "seq/gt/labels.txt", "cat\ndog\n");
    assert_eq!(class(&json_of(&["frame", &path, "1", "--json"])), (json!(2), json!("dog")));
    assert!(said(&["frame", &path, "1"]).1.contains("2 dog"));
    assert!(
        said(&["info", &path])
            .1
            .contains("classes     1 cat, 2 dog (labels.txt); without a name: 3, 4, 5")
    );
    let words = lines(|f, id, [l, t, w, h]| format!("{f},{id},{l},{t},{w},{h},1,\u{1b}[31m{id}"));
    let path = file(folder.path(), "words.txt", &words);
    let told = class(&json_of(&["frame", &path, "1", "--json"]));
    assert_eq!(
        told,
        (Value::Null, json!("\\u{1b}[31m2")),
        "a name is no number, and steers nothing"
    );
}
