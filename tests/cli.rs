//! The command line as scripts use it.

mod common;

use serde_json::{Value, json};
use std::{
    io::Read as _,
    path::Path,
    process::{Command, Output, Stdio},
};

fn motscope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motscope"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn run(arguments: &[&str]) -> Output {
    motscope().args(arguments).output().expect("it starts")
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

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn info_says_all_that_scripts_rely_on() {
    let folder = folder();
    let path = file(
        folder.path(),
        "gt/gt.txt",
        "2,7,1,2,3,4,1,1,0.5\n1,7,1,2,3,4,1,1,1\n1,-1,1,2,3,4,0,2,1\nx,1,1\n",
    );
    file(folder.path(), "seqinfo.ini", "[Sequence]\nname=S\nframeRate=12.5\nimWidth=640\n");
    std::fs::create_dir(folder.path().join("img1")).expect("a folder");
    std::fs::write(folder.path().join("img1/000001.jpg"), b"").expect("written");
    let info = json_of(&["info", &folder.path().display().to_string(), "--json"]);
    let expected = json!({
        "path": path, "format": "mot", "columns": 9, "bytes": 63, "frames": 2, "first_frame": 1,
        "last_frame": 2, "detections": 3, "tracks": 1, "skipped_lines": 1,
        "skipped": [{"line": 4, "reason": "column 1 (frame) is not a number: 'x'"}],
        "sequence": {"name": "S", "frame_rate": 12.5, "length": null, "width": 640, "height": null},
        "images": {"dir": folder.path().join("img1"), "count": 1},
    });
    assert_eq!(info, expected);
}

#[test]
fn info_of_an_empty_file_is_empty() {
    let folder = folder();
    let info = json_of(&["info", &file(folder.path(), "empty.txt", ""), "--json"]);
    for (key, value) in [
        ("frames", json!(0)),
        ("first_frame", json!(null)),
        ("columns", json!(null)),
        ("images", json!(null)),
    ] {
        assert_eq!(info[key], value, "{key}");
    }
    assert_eq!(info["sequence"]["name"], json!(null));
}

#[test]
fn frame_lists_boxes_in_file_order() {
    let folder = folder();
    let path = file(
        folder.path(),
        "a.txt",
        "3,9,1.5,2,3,4\n1,1,1,1,1,1\n3,2,5,6,7,8,0.25\n3,4,1,1,1,1,1,2,0.5\n",
    );
    let frame = json_of(&["frame", &path, "3", "--json"]);
    let expected = json!({"frame": 3, "detections": [
        {"id": 9, "left": 1.5, "top": 2.0, "width": 3.0, "height": 4.0, "confidence": null, "class": null, "visibility": null},
        {"id": 2, "left": 5.0, "top": 6.0, "width": 7.0, "height": 8.0, "confidence": 0.25, "class": null, "visibility": null},
        {"id": 4, "left": 1.0, "top": 1.0, "width": 1.0, "height": 1.0, "confidence": 1.0, "class": 2, "visibility": 0.5},
    ]});
    assert_eq!(frame, expected);
    assert_eq!(json_of(&["frame", &path, "99", "--json"])["detections"], json!([]));
}

#[test]
fn predict_scores_keys() {
    let arguments = [
        "predict",
        "--predictor",
        "distance_decay",
        "--params",
        r#"{"max_span": 1, "decay": 1.0}"#,
        "--current",
        "5",
        "--history",
        "3,4,5",
        "--json",
    ];
    assert_eq!(json_of(&arguments), json!({"likelihoods": [[4, 0.5], [5, 1.0], [6, 0.5]]}));
}

#[test]
fn profile_measures_patterns_and_components() {
    let report = json_of(&["profile", "assets/demo", "--operations", "60", "--json"]);
    let patterns = report["patterns"].as_array().expect("patterns");
    let names: Vec<&str> = patterns.iter().filter_map(|p| p["pattern"].as_str()).collect();
    assert_eq!(names, ["sequential", "random", "jumps", "mixed"]);
    for pattern in patterns {
        let number = |key: &str| pattern[key].as_f64().expect("a number");
        assert_eq!((number("accesses"), number("hits") + number("misses")), (60.0, 60.0));
        assert!(number("p50_us") <= number("p99_us") && number("p99_us") <= number("max_us"));
    }
    for key in
        ["index_ms", "index_bytes", "load_frame_us", "load_detection_ns", "predict_us", "hit_us"]
    {
        assert!(report["components"][key].as_f64().expect(key) > 0.0, "{key}");
    }
    let one =
        json_of(&["profile", "assets/demo", "--pattern", "random", "--operations", "10", "--json"]);
    assert_eq!(one["patterns"].as_array().map(Vec::len), Some(1));
}

#[test]
fn generate_is_reproducible_and_readable() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let make = |name: &str, more: &[&str]| {
        let out = path(name);
        let mut arguments = vec!["generate", &out, "--frames", "50"];
        arguments.extend(more);
        assert!(run(&arguments).status.success(), "{arguments:?}");
        std::fs::read(&out).expect("written")
    };
    let first = make("a.txt", &["--density", "5"]);
    assert_eq!(first, make("b.txt", &["--density", "5"]));
    assert_ne!(first, make("c.txt", &["--density", "5", "--seed", "1"]));
    let info = json_of(&["info", &path("a.txt"), "--json"]);
    assert_eq!(
        (&info["frames"], &info["detections"], &info["columns"]),
        (&json!(50), &json!(250), &json!(10))
    );
    assert_eq!(info["bytes"].as_u64(), Some(first.len() as u64));
    make("d.txt", &["--tracks", "20", "--column-count", "9"]);
    let info = json_of(&["info", &path("d.txt"), "--json"]);
    assert_eq!((&info["columns"], &info["skipped_lines"]), (&json!(9), &json!(0)));
}

#[test]
fn a_whole_sequence_is_generated_and_rendered() {
    let folder = folder();
    let out = folder.path().join("square").display().to_string();
    let images = folder.path().join("square/img1").display().to_string();
    let made = run(&[
        "generate",
        &out,
        "--images",
        &images,
        "--frames",
        "3",
        "--density",
        "4",
        "--width",
        "320",
        "--height",
        "180",
    ]);
    assert!(made.status.success());
    let info = json_of(&["info", &out, "--json"]);
    assert_eq!((&info["images"]["count"], &info["sequence"]["width"]), (&json!(3), &json!(320)));
    let picture = folder.path().join("frame.png");
    let rendered = run(&["render", &out, "--frame", "2", "--out", &picture.display().to_string()]);
    assert!(rendered.status.success(), "{}", String::from_utf8_lossy(&rendered.stderr));
    let drawn = image::open(&picture).expect("a picture").into_rgb8();
    let plain =
        image::open(folder.path().join("square/img1/000002.jpg")).expect("a picture").into_rgb8();
    assert_eq!(drawn.dimensions(), (320, 180));
    let changed = drawn.pixels().zip(plain.pixels()).filter(|(a, b)| a != b).count();
    assert!(changed > 200, "boxes are drawn over the picture: {changed} pixels");
}

#[test]
fn render_without_pictures_draws_on_a_canvas_of_the_boxes_size() {
    let folder = folder();
    let path = file(folder.path(), "a.txt", "1,1,10,20,30,40\n2,1,100,50,60,70\n");
    let out = folder.path().join("a.png");
    assert!(
        run(&["render", &path, "--frame", "1", "--out", &out.display().to_string()])
            .status
            .success()
    );
    assert_eq!(image::open(&out).expect("a picture").into_rgb8().dimensions(), (160, 120));
}

#[test]
fn errors_are_one_sentence_on_standard_error() {
    let folder = folder();
    let odd = file(folder.path(), "odd.txt", "Car 1 2 3\nVan 2 3 4\n");
    let cases: [(&[&str], i32, &str); 5] = [
        (&["info", "/no/such/file"], 1, "/no/such/file can't be opened"),
        (&["info", &odd], 1, "does not look like a MOT file"),
        (
            &["render", "assets/demo", "--frame", "1", "--out", "/no/such/folder/a.png"],
            1,
            "can't be written",
        ),
        (
            &["predict", "--predictor", "distance_decay", "--current", "1", "--params", "{oops"],
            2,
            "--params can't be understood",
        ),
        (&["info"], 2, "required arguments"),
    ];
    for (arguments, code, text) in cases {
        let output = run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(text), "{arguments:?}: {errors}");
        assert!(output.stdout.is_empty());
        assert!(code == 2 || errors.lines().count() == 1, "{errors}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = motscope()
        .args(["frame", "assets/demo", "1", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut errors).expect("read");
    assert!(child.wait().expect("it ends").success());
    assert_eq!(errors, "");
}

#[test]
fn every_command_of_the_readme_runs() {
    let folder = folder();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&assets, folder.path().join("assets")).expect("a link");
    #[cfg(not(unix))]
    drop(assets);
    // And once more, over what was made before.
    for command in [common::readme_commands(), common::readme_commands()].concat() {
        if common::opens_window(&command) {
            continue;
        }
        let output =
            motscope().current_dir(folder.path()).args(&command).output().expect("it starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {errors}");
    }
    let made = |name: &str| std::fs::read(folder.path().join(name)).expect("written");
    assert!(!made("frame.png").is_empty());
    let demo = |name: &str| std::fs::read(Path::new("assets/demo").join(name)).expect("read");
    // The README's command makes the demo, to the byte.
    for name in
        ["gt/gt.txt", "det/det.txt", "results/tracker.txt", "seqinfo.ini", "img1/000050.jpg"]
    {
        assert_eq!(made(&format!("made/demo/{name}")), demo(name), "{name}");
    }
}

#[test]
fn names_without_a_folder_find_their_sequence() {
    let folder = folder();
    let truth = file(folder.path(), "gt/gt.txt", "1,1,1,1,1,1\n");
    file(folder.path(), "seqinfo.ini", "[Sequence]\nname=Here\n");
    file(folder.path(), "img1/000001.jpg", "");
    for (inside, path) in
        [("", "img1"), ("", "gt/gt.txt"), ("", "."), ("gt", "gt.txt"), ("img1", ".")]
    {
        let mut command = motscope();
        command.current_dir(folder.path().join(inside)).args(["info", path, "--json"]);
        let output = command.output().expect("it starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{inside}/{path}: {errors}");
        let info: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(
            (&info["sequence"]["name"], &info["images"]["count"]),
            (&json!("Here"), &json!(1)),
            "{inside}/{path}"
        );
    }
    assert!(!truth.is_empty());
}

#[test]
fn what_would_never_end_is_refused() {
    let params = r#"{"max_span": 18446744073709551615}"#;
    let output =
        run(&["predict", "--predictor", "distance_decay", "--current", "1", "--params", params]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_picture_folder_that_was_named_must_hold_pictures() {
    let folder = folder();
    let path = file(folder.path(), "a.txt", "1,1,1,1,1,1\n");
    let images = folder.path().join("empty");
    std::fs::create_dir(&images).expect("a folder");
    let (images, out) =
        (images.display().to_string(), folder.path().join("a.png").display().to_string());
    let output = run(&["render", &path, "--images", &images, "--frame", "1", "--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds no pictures"));
}

/// Twenty frames forward, 5 ms each, then to an event and back.
fn trace(folder: &Path) -> String {
    let mut accesses: Vec<(f64, u32)> = (0..20).map(|n| (f64::from(n) * 5.0, 100 + n)).collect();
    accesses.extend([(130.0, 700), (160.0, 500), (190.0, 700)]);
    file(folder, "walk.json", &json!({ "events": [500, 700], "accesses": accesses }).to_string())
}

#[test]
fn a_recorded_walk_is_replayed() {
    let folder = folder();
    let trace = trace(folder.path());
    let replay = |more: &[&str]| {
        let mut words = vec!["profile", "--trace", &trace, "--provider-latency-ms", "2", "--json"];
        words.extend(more);
        let output = run(&words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        report["traces"].as_array().expect("a list").clone()
    };
    for row in replay(&["--predictor", "adaptive"]) {
        for number in [
            "accesses", "hits", "misses", "hit_rate", "p50_ms", "p95_ms", "p99_ms", "max_ms",
            "loads", "wasted",
        ] {
            assert!(row[number].is_number(), "{number} in {row}");
        }
        assert_eq!((&row["trace"], &row["predictor"]), (&json!("walk"), &json!("adaptive")));
        assert_eq!(row["accesses"], 23);
    }
    let all = replay(&["--predictor", "all", "--simulated"]);
    let rate = |name: &str| {
        let row = all.iter().find(|row| row["predictor"] == name).expect("a row");
        row["hit_rate"].as_f64().expect("a number")
    };
    assert_eq!((all.len(), rate("none")), (5, 1.0 / 23.0));
    assert!(rate("adaptive") > 0.8 && rate("adaptive") > rate("distance_decay"), "{all:?}");
}

#[test]
fn a_walk_that_is_none_is_named() {
    let folder = folder();
    for (text, reason) in [
        ("{\"accesses\": [[5, 1], [4, 2]]}", "its times must ascend"),
        ("[1, 2]", "is no trace"),
        ("{\"accesses\": [[-1e300, 1]]}", "its times must ascend"),
    ] {
        let path = file(folder.path(), "odd.json", text);
        let output = run(&["profile", "--trace", &path]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("odd.json") && error.contains(reason), "{error}");
    }
    assert_eq!(run(&["profile"]).status.code(), Some(2));
}

#[test]
fn a_soak_leaves_nothing_behind() {
    let output = run(&["profile", "--soak", "0.5", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let number = |name: &str| report[name].as_u64().expect(name);
    assert_eq!(number("hits") + number("misses"), number("accesses"));
    let ended = ["kept", "evicted", "failed", "refused", "dropped"].map(number).iter().sum::<u64>();
    assert_eq!(number("loads"), ended);
    assert_eq!((number("values_left"), &report["threads_left"]), (0, &json!(0)));
    assert!(number("panics") > 0 && report["broken"] == json!([]), "{report}");
}

/// A video of 12 pictures, each of one grey that its number tells.
fn video(folder: &Path) -> String {
    let path = folder.join("clip.avi").display().to_string();
    let source = "color=black:size=64x48:rate=10:duration=1.2,format=gray,geq=lum=20*N";
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", "ffv1", &path])
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
    path
}

#[test]
fn the_picture_of_a_frame_is_written_alone_in_its_own_size() {
    let folder = folder();
    let video = video(folder.path());
    let out = folder.path().join("out.png").display().to_string();
    for frame in [12, 1, 7] {
        let number = frame.to_string();
        let words = ["render", &video, "--frame", &number, "--no-boxes", "--out", &out, "--force"];
        let output = run(&words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let picture = image::open(&out).expect("a picture").to_rgba8();
        assert_eq!(picture.dimensions(), (64, 48));
        assert!(picture.get_pixel(3, 3)[0].abs_diff(20 * (frame - 1)) <= 1, "frame {frame}");
    }
    std::fs::remove_file(&out).expect("removed");
    let output = run(&["render", &video, "--frame", "13", "--no-boxes", "--out", &out]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(error, "motscope: The video ends after 12 pictures.\n");
    assert_eq!(output.status.code(), Some(1));
    let info = json_of(&["info", &video, "--json"]);
    assert_eq!((&info["video"]["frames"], &info["video"]["width"]), (&json!(12), &json!(64)));
}

#[test]
fn many_frames_are_drawn_into_a_video_or_a_folder() {
    let folder = folder();
    let path = file(folder.path(), "a.txt", "1,1,5,5,9,9,0.9\n2,1,6,5,9,9,0.9\n4,2,6,5,9,9,0.1\n");
    let pictures = folder.path().join("pictures");
    let out = pictures.display().to_string();
    let drawn = ["render", &path, "--frames", "2..", "--min-confidence", "0.5", "--trails", "3"];
    let output = run(&[&drawn[..], &["--out", &out]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<String> = std::fs::read_dir(&pictures)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["000002.png", "000004.png"]);
    let colours = |name: &str| {
        let picture = image::open(pictures.join(name)).expect("a picture").to_rgb8();
        picture.pixels().map(|pixel| pixel.0).collect::<std::collections::HashSet<_>>().len()
    };
    assert!(colours("000002.png") > 3 && colours("000004.png") == 1, "the box is filtered out");
    let film = folder.path().join("film.mp4").display().to_string();
    let output = run(&["render", &path, "--frames", "..", "--rate", "5", "--out", &film]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let info = json_of(&["info", &film, "--json"]);
    assert_eq!((&info["video"]["frames"], &info["video"]["frame_rate"]), (&json!(3), &json!(5.0)));
    let backwards = run(&["render", &path, "--frames", "3..2", "--out", &film]);
    let text = String::from_utf8_lossy(&backwards.stderr).into_owned();
    assert!(!backwards.status.success() && text.contains("runs backwards"), "{text}");
    let picture = folder.path().join("one.png").display().to_string();
    let single = run(&["render", &path, "--frames", "..", "--out", &picture]);
    let text = String::from_utf8_lossy(&single.stderr).into_owned();
    assert!(!single.status.success() && text.contains("with --frame."), "{text}");
    // What was drawn lies beside, and is no picture of the sequence.
    let info = json_of(&["info", &path, "--json"]);
    assert!(info["video"].is_null() && info["images"].is_null(), "{info}");
    let own = run(&["render", &path, "--frames", "..", "--out", &film, "--force"]);
    assert!(own.status.success(), "{}", String::from_utf8_lossy(&own.stderr));
    let other = folder.path().join("other.mp4").display().to_string();
    let none = run(&["render", &path, "--frames", "7..9", "--out", &other]);
    let error = String::from_utf8_lossy(&none.stderr);
    assert_eq!(error, "motscope: There are frames 1 to 4, and none of these.\n");
}

#[test]
fn decoding_and_playing_are_measured() {
    let pictures = json_of(&["profile", "assets/demo", "--pictures", "--json"]);
    assert_eq!(pictures["pictures"], 100);
    assert!(pictures["decode_ms"].as_f64() > Some(0.0));
    assert!(pictures["decode_per_second"].as_f64() > Some(1.0));
    let played = json_of(&["profile", "assets/demo", "--play", "50", "--seconds", "0.5", "--json"]);
    let number = |name: &str| played[name].as_f64().expect("a number");
    assert!((20.0..=26.0).contains(&number("frames")), "{played}");
    assert!(number("late") <= number("frames") && number("p99_wait_ms") >= 0.0);
    let none = run(&["profile", "assets/demo/gt/gt.txt", "--play", "0"]);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn words_that_are_off_are_told_as_a_person_would() {
    let said = |arguments: &[&str]| {
        let output = run(arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for arguments in [&["inof"][..], &["inof", "assets/demo"]] {
        let (code, text) = said(arguments);
        assert!(code != Some(0) && text.contains("there is a subcommand 'info'"), "{text}");
    }
    for arguments in [&["no-such-file.txt"][..], &["info.txt"], &["--frame", "7", "missing.txt"]] {
        let (_, text) = said(arguments);
        assert!(!text.contains("subcommand"), "{text}");
    }
    let (code, text) = said(&["frame", "assets/demo", "abc"]);
    assert!(code == Some(2) && text.contains("a frame is a whole number from 0"), "{text}");
    let folder = folder();
    let out = folder.path().join("a.png").display().to_string();
    let (code, text) = said(&["render", "assets/demo", "--frame", "999", "--out", &out]);
    assert!(code == Some(1) && text.contains("there are frames 1 to 100"), "{text}");
    assert!(!Path::new(&out).exists());
}

#[test]
fn right_and_bottom_edges_are_read_where_it_is_asked_for() {
    let folder = folder();
    let path = file(folder.path(), "edges.txt", "1,7,100,50,140,130\n");
    let size = |arguments: &[&str]| {
        let boxes = json_of(arguments);
        let one = &boxes["detections"][0];
        [one["width"].clone(), one["height"].clone()]
    };
    assert_eq!(size(&["frame", &path, "1", "--json"]), [json!(140.0), json!(130.0)]);
    assert_eq!(size(&["frame", &path, "1", "--json", "--corners"]), [json!(40.0), json!(80.0)]);
    // Of one line nothing can be told; of many it can.
    assert_eq!(json_of(&["info", &path, "--json"])["doubt"], Value::Null);
    let many: Vec<String> = (1..=60)
        .map(|n| format!("{n},{},{},{n},{},{},1\n", n % 5, 10 * n, 10 * n + 40, n + 80))
        .collect();
    let many = many.concat();
    let path = file(folder.path(), "many.txt", &many);
    assert_eq!(json_of(&["info", &path, "--json"])["doubt"], json!("corners"));
    assert_eq!(json_of(&["info", &path, "--json", "--corners"])["doubt"], Value::Null);
}
