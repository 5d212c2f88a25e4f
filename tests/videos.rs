//! Videos on the command line: what they are, and what is made of them.

use motscope::session::{Notify, Opening, OpeningState, Request, Session, SharedLog};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

/// Runs the program; counts are kept in `folder`.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_motscope"))
        .args(arguments)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output()
        .expect("the program runs")
}

fn json_of(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn ffmpeg(folder: &Path, arguments: &str) {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y"])
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .status();
    assert!(made.expect("ffmpeg runs").success(), "{arguments}");
}

/// 30 pictures of one size, then 30 larger ones.
fn changing(folder: &Path) {
    let options = "-c:v libx264 -pix_fmt yuv420p -g 10";
    let source = |size: &str| format!("-f lavfi -i testsrc2=size={size}:rate=10:duration=3");
    ffmpeg(folder, &format!("{} {options} a.ts", source("64x48")));
    ffmpeg(folder, &format!("{} {options} -output_ts_offset 3 b.ts", source("96x64")));
    let parts = ["a.ts", "b.ts"].map(|part| fs::read(folder.join(part)).expect("made"));
    fs::remove_file(folder.join("a.ts")).expect("removed");
    fs::remove_file(folder.join("b.ts")).expect("removed");
    fs::write(folder.join("change.ts"), parts.concat()).expect("written");
    let boxes: Vec<String> = (1..=60).map(|frame| format!("{frame},1,5,5,20,20,1")).collect();
    fs::write(folder.join("change.txt"), boxes.join("\n")).expect("written");
}

#[test]
fn a_size_that_changes_is_told_and_a_film_has_the_largest() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    changing(folder);
    let video = &json_of(folder, &["info", "change.ts", "--json"])["video"];
    assert_eq!(video["frames"], 60);
    let told: Vec<[u64; 3]> = video["sizes"]
        .as_array()
        .expect("several")
        .iter()
        .map(|size| {
            ["from_picture", "width", "height"].map(|n| size[n].as_u64().expect("a number"))
        })
        .collect();
    assert_eq!(told, [[1, 64, 48], [31, 96, 64]]);
    let text = String::from_utf8(run(folder, &["info", "change.ts"]).stdout).expect("text");
    let line = "its size changes: 64 x 48 from picture 1, 96 x 64 from picture 31";
    assert!(text.contains(line), "{text}");
    // From before the change to after it, in the larger size.
    let film = run(folder, &["render", "change.txt", "--frames", "25..40", "--out", "film.mp4"]);
    let said = String::from_utf8_lossy(&film.stdout).into_owned();
    assert!(said.contains("16 frames, 96 x 64 pixels"), "{said}");
    let made = &json_of(folder, &["info", "film.mp4", "--json"])["video"];
    assert_eq!((&made["frames"], &made["width"]), (&Value::from(16), &Value::from(96)));
    // Where all are small, it is small.
    let small = run(folder, &["render", "change.txt", "--frames", "1..9", "--out", "small.mp4"]);
    assert!(String::from_utf8_lossy(&small.stdout).contains("9 frames, 64 x 48 pixels"));
    // Each frame is drawn as it is alone.
    run(folder, &["render", "change.txt", "--frames", "25..40", "--out", "film"]);
    for frame in ["31", "35", "40"] {
        run(folder, &["render", "change.txt", "--frame", frame, "--out", "alone.png", "--force"]);
        let [alone, filmed] = ["alone.png".to_owned(), format!("film/0000{frame}.png")]
            .map(|name| image::open(folder.join(name)).expect("drawn").into_rgba8());
        assert!(alone.dimensions() == (96, 64) && alone == filmed, "frame {frame}");
    }
}

#[test]
fn a_video_opens_whatever_its_name_and_what_is_none_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let source = "-f lavfi -i testsrc2=size=64x48:rate=10:duration=1";
    ffmpeg(folder, &format!("{source} -c:v mpeg4 -f mp4 recording"));
    ffmpeg(folder, &format!("{source} -c:v mpeg4 -f avi names.txt"));
    ffmpeg(folder, &format!("{source} -c:v mjpeg -f mjpeg jpegs"));
    ffmpeg(folder, &format!("{source} -c:v libx264 -pix_fmt yuv420p -f h264 raw.bin"));
    for name in ["recording", "names.txt", "jpegs", "raw.bin"] {
        let video = &json_of(folder, &["info", name, "--json"])["video"];
        assert_eq!(
            (&video["frames"], &video["width"]),
            (&Value::from(10), &Value::from(64)),
            "{name}"
        );
    }
    fs::write(folder.join("boxes"), "1,1,5,5,20,20\n2,1,5,5,20,20\n").expect("written");
    let boxes = json_of(folder, &["info", "boxes", "--json"]);
    assert!(boxes["detections"] == 2 && boxes.get("video").is_none());
    let whole = fs::read(folder.join("recording")).expect("made");
    fs::write(folder.join("cut.mp4"), &whole[..whole.len() / 2]).expect("written");
    fs::write(folder.join("empty.mp4"), "").expect("written");
    ffmpeg(folder, "-f lavfi -i sine=duration=1 -f wav sound");
    ffmpeg(folder, &format!("{source} -frames:v 1 -c:v bmp -f image2 still"));
    fs::write(folder.join("noise"), (0..5000).map(|n| (n * n % 251) as u8).collect::<Vec<_>>())
        .expect("written");
    for (name, reason) in [
        ("cut.mp4", "its index was never written"),
        ("empty.mp4", "the file is empty"),
        ("noise", "is no text file"),
        ("sound", "it holds sound, and no pictures"),
        ("still", "it is a single picture"),
    ] {
        let output = run(folder, &["info", name]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(reason), "{name}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn one_of_two_streams_is_named_and_the_other_can_be_had() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    ffmpeg(
        folder,
        "-f lavfi -i testsrc2=size=64x48:rate=10:duration=1 \
         -f lavfi -i testsrc2=size=96x64:rate=10:duration=2 -map 0 -map 1 -c:v mpeg4 two.mkv",
    );
    let frames = |more: &[&str]| {
        let arguments = [&["info", "two.mkv", "--json"], more].concat();
        let video = json_of(folder, &arguments)["video"].clone();
        [&video["frames"], &video["width"], &video["stream"]].map(|n| n.as_u64().expect("told"))
    };
    assert_eq!(frames(&[]), [10, 64, 1]);
    assert_eq!(frames(&["--stream", "2"]), [20, 96, 2]);
    // What was counted is kept for each.
    assert_eq!(frames(&[]), [10, 64, 1]);
    let text = String::from_utf8(run(folder, &["info", "two.mkv"]).stdout).expect("text");
    assert!(text.contains("it holds 2 streams of pictures (1: 64 x 48, mpeg4"), "{text}");
    let out = run(folder, &["info", "two.mkv", "--stream", "3"]);
    let error = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(error.contains("has 2 streams of pictures; there is no stream 3"), "{error}");
    let zero = run(folder, &["info", "two.mkv", "--stream", "0"]);
    assert_eq!(zero.status.code(), Some(2), "counted from 1");
    let drawn = run(folder, &["render", "two.mkv", "--frame", "5", "--out", "first.png"]);
    let said = String::from_utf8_lossy(&drawn.stderr).into_owned();
    assert!(said.contains("2 streams of pictures; the first is drawn"), "{said}");
    let drawn = ["render", "two.mkv", "--stream", "2", "--frame", "15", "--out", "a.png"];
    assert!(run(folder, &drawn).status.success());
    assert_eq!(image::image_dimensions(folder.join("a.png")).expect("drawn"), (96, 64));
}

/// What is wrong with a video, by `info`, the first time and with the count that was kept.
fn damage_of(folder: &Path, name: &str) -> Option<String> {
    let of = || json_of(folder, &["info", name, "--json"])["video"]["damage"].clone();
    let [first, kept] = [of(), of()];
    assert_eq!(first, kept, "{name}");
    let text = String::from_utf8(run(folder, &["info", name]).stdout).expect("text");
    let told = first.as_str().map(str::to_owned);
    assert!(told.as_ref().is_none_or(|told| text.contains(told.as_str())), "{name}: {text}");
    told
}

#[test]
fn a_video_that_is_cut_off_or_damaged_says_so_and_a_film_of_it_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let source = "-f lavfi -i testsrc2=size=96x64:rate=10:duration=6";
    let h264 = "-c:v libx264 -pix_fmt yuv420p -g 10";
    let boxes: Vec<String> = (1..=20).map(|frame| format!("{frame},1,5,5,20,20,1")).collect();
    let film = |name: &str, pictures: bool| {
        let base = name.split('.').next().expect("a name");
        fs::write(folder.join("boxes.txt"), boxes.join("\n")).expect("written");
        let out = format!("{base}-film.mp4");
        let arguments = ["render", "boxes.txt", "--frames", "1..20", "--out", &out, "--force"];
        let of: &[&str] = if pictures { &["--video", name] } else { &["--no-pictures"] };
        let film = run(folder, &[&arguments, of].concat());
        (film.status.code(), String::from_utf8_lossy(&film.stderr).into_owned())
    };
    for (whole, options, promised) in [
        ("whole.mkv", h264.to_owned(), true),
        ("whole.mp4", format!("{h264} -movflags +faststart"), true),
        ("whole-parts.mp4", format!("{h264} -movflags +frag_keyframe+empty_moov"), false),
        ("whole.asf", "-c:v wmv2".to_owned(), false),
        ("whole.avi", "-c:v mjpeg -pix_fmt yuvj420p".to_owned(), true),
        ("whole.gif", String::new(), false),
    ] {
        ffmpeg(folder, &format!("{source} {options} {whole}"));
        assert_eq!(damage_of(folder, whole), None, "{whole}");
        assert_eq!(film(whole, true), (Some(0), String::new()), "{whole}");
        let bytes = fs::read(folder.join(whole)).expect("made");
        let cut = whole.replace("whole", "cut");
        fs::write(folder.join(&cut), &bytes[..=bytes.len() * 3 / 5]).expect("written");
        let frames = json_of(folder, &["info", &cut, "--json"])["video"]["frames"].clone();
        let told = damage_of(folder, &cut).unwrap_or_else(|| panic!("{cut} is cut"));
        assert!(told.starts_with(&cut), "{told}");
        let there = format!("{frames} of the 60 pictures that its header promises are there.");
        assert_eq!(told.ends_with(&there), promised, "{told}");
        let (code, said) = film(&cut, true);
        assert_eq!(code, Some(1), "{cut}: {said}");
        assert!(said.contains(&told), "{said}");
        assert_eq!(film(&cut, false), (Some(0), String::new()), "{cut}");
    }
    // In the middle.
    for whole in ["whole.mp4", "whole.avi"] {
        let name = whole.replace("whole", "hole");
        let mut bytes = fs::read(folder.join(whole)).expect("made");
        let middle = bytes.len() / 2;
        bytes[middle..middle + 300].fill(0);
        fs::write(folder.join(&name), bytes).expect("written");
        let told = damage_of(folder, &name).unwrap_or_else(|| panic!("{name} is damaged"));
        assert!(told.starts_with(&format!("{name} is damaged: FFmpeg said \"")), "{told}");
        assert!(told.contains("pictures behind the damage may be others"), "{told}");
        assert_eq!(film(&name, true).0, Some(1), "{told}");
    }
}

#[test]
fn packets_that_are_lost_are_told_and_recordings_that_are_joined_are_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    changing(folder);
    assert_eq!(damage_of(folder, "change.ts"), None);
    let source = "-f lavfi -i testsrc2=size=96x64:rate=10:duration=6";
    ffmpeg(folder, &format!("{source} -c:v mpeg2video -bf 0 whole.ts"));
    assert_eq!(damage_of(folder, "whole.ts"), None);
    let mut bytes = fs::read(folder.join("whole.ts")).expect("made");
    let middle = bytes.len() / 188 / 2 * 188;
    bytes.drain(middle..middle + 40 * 188);
    fs::write(folder.join("hole.ts"), bytes).expect("written");
    let told = damage_of(folder, "hole.ts").expect("damaged");
    assert!(told.starts_with("hole.ts is damaged: FFmpeg said \""), "{told}");
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now() + Duration::from_mins(1);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < patience, "never happened: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_picture_that_was_asked_for_is_told_at_once_and_all_else_is_told_as_what_happens_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=12";
    ffmpeg(folder.path(), &format!("{source} -c:v libx264 -pix_fmt yuv420p -g 50 long.mp4"));
    let calls: [Arc<AtomicUsize>; 2] = Default::default();
    let [asked, behind] = &calls;
    let call = |of: &Arc<AtomicUsize>| {
        let of = Arc::clone(of);
        Arc::new(move || {
            of.fetch_add(1, SeqCst);
        })
    };
    let notify = Notify { asked: call(asked), behind: call(behind) };
    let request = Request::path(folder.path().join("long.mp4"));
    let mut opening = Opening::start(request, SharedLog::default(), notify);
    let mut session = until("opened", || match opening.poll() {
        OpeningState::Ready(session) => Some(*session),
        OpeningState::Failed(reason) => panic!("{reason}"),
        _ => None,
    });
    let rests = |session: &mut Session| {
        session.refresh();
        let counted = session.video_count().is_some_and(|count| count.complete);
        let pictures = motscope::inspector::CacheKind::Pictures;
        (counted && session.stats(pictures).idle).then_some(())
    };
    for frame in [2, 280, 150] {
        let before = asked.load(SeqCst);
        // Looked at only when it is told, as a window does.
        session.show(frame);
        while session.showing().is_none_or(|showing| showing.frame != frame) {
            until("told", || (asked.load(SeqCst) > before).then_some(()));
            session.show(frame);
        }
        until("rest", || rests(&mut session));
        let told = asked.load(SeqCst);
        // What was loaded ahead of it was asked for by nobody.
        session.pause_counting(false);
        assert!(told - before <= 4, "{} calls for one frame", told - before);
    }
    assert!(behind.load(SeqCst) > 0);
}
